//! Frames and their answers, as `docs/protocol.md` promises them to the authors of clients.

mod faults;
mod nameless;
mod policies;
mod replies;
mod wire;

use axum::Router;
use consumer_runtime::{Counts, OnError, Rate, Settings, prelude::*, testing::Communicator};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tests::{Raw, Site, frame};

#[derive(Deserialize)]
struct Query {
    before: u32,
    #[serde(default)]
    filter: Filter,
}

#[derive(Default, Deserialize)]
struct Filter {
    tags: Vec<String>,
}

#[derive(Serialize)]
struct History {
    messages: Vec<u32>,
    tags: Vec<String>,
}

#[derive(Deserialize)]
struct Nothing;

#[derive(Debug)]
struct NotFound;

impl std::fmt::Display for NotFound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the file /etc/hunter2 is not there")
    }
}

impl std::error::Error for NotFound {}

/// Frames with types.
#[consumer("/ws/typed/")]
struct Typed {}

#[consumer]
impl Typed {
    #[receive("chat.history")]
    async fn history(&mut self, query: Query) -> Result<History> {
        Ok(History { messages: (0..query.before).collect(), tags: query.filter.tags })
    }

    #[receive("chat.say")]
    async fn say(&mut self, value: Value, context: &mut Context<Self>) -> Result {
        context.send_json(&json!({ "said": value })).await
    }

    #[receive("chat.quiet")]
    async fn quiet(&mut self, _: Nothing) {}

    #[receive("chat.refuse")]
    async fn refuse(&mut self, _: Nothing) -> Result<History> {
        Err(Answer::new("not_found", "there is no such room").with_data(json!({"rooms": ["lobby"]})).into())
    }

    #[receive("chat.fail")]
    async fn fail(&mut self, _: Nothing) -> Result<History, NotFound> {
        Err(NotFound)
    }

    #[receive("chat.bye")]
    async fn bye(&mut self, _: Nothing) -> Result {
        Err(Close::new(close_code!(4000), "bye").into())
    }
}

/// Frames of one form, without a type.
#[consumer("/ws/nameless/")]
struct Nameless {}

#[consumer]
impl Nameless {
    #[receive]
    async fn receive(&mut self, value: Value) -> Value {
        value
    }
}

/// Frames with a type, and one form without.
#[consumer("/ws/both/")]
struct Both {}

#[consumer]
impl Both {
    #[receive("a")]
    async fn a(&mut self, _: Value) -> &'static str {
        "a"
    }

    #[receive]
    async fn other(&mut self, _: Value) -> &'static str {
        "other"
    }
}

#[consumer("/ws/text/")]
struct Text {}

#[consumer]
impl Text {
    #[receive(text)]
    async fn receive(&mut self, text: &str, context: &mut Context<Self>) -> Result {
        context.send_text(format!("{} bytes", text.len())).await
    }
}

#[consumer("/ws/bytes/")]
struct Bytes {}

#[consumer]
impl Bytes {
    #[receive(bytes)]
    async fn receive(&mut self, bytes: bytes::Bytes, context: &mut Context<Self>) -> Result {
        context.send_bytes(&bytes).await
    }
}

/// Takes nothing at all.
#[consumer("/ws/deaf/")]
struct Deaf {}

#[consumer]
impl Deaf {}

fn app() -> Router {
    Router::new()
        .consumer::<Typed>()
        .consumer::<Nameless>()
        .consumer::<Both>()
        .consumer::<Text>()
        .consumer::<Bytes>()
        .consumer::<Deaf>()
}

async fn connected(app: Router, path: &str) -> Communicator {
    let mut client = Communicator::new(app, path);
    client.connect().await.unwrap();
    client
}

/// What a frame as it stands is answered, on a connection that then still works.
async fn answer_to(path: &str, text: &str) -> Value {
    let mut client = connected(app(), path).await;
    client.send_text_to(text).await.unwrap();
    let answer = client.receive_json_from().await.unwrap();
    assert!(client.receive_nothing().await, "one frame, one answer");
    client.send_text_to(text).await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap(), answer, "the socket stays");
    answer
}

async fn answer(frame: Value) -> Value {
    answer_to("/ws/typed/", &frame.to_string()).await
}

/// Sees that `answer` is an error frame, and gives its message.
fn error<'a>(answer: &'a Value, code: &str) -> &'a str {
    let fields = answer.as_object().unwrap();
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["code", "message", "type"], "{answer}");
    assert_eq!((&fields["type"], &fields["code"]), (&json!("error"), &json!(code)), "{answer}");
    fields["message"].as_str().unwrap()
}

/// Sees that `answer` is a reply with an error, and gives its message.
fn error_reply<'a>(answer: &'a Value, id: &Value, code: &str) -> &'a str {
    let fields = answer.as_object().unwrap();
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["error", "id", "type"], "{answer}");
    assert_eq!((&fields["type"], &fields["id"]), (&json!("reply"), id), "{answer}");
    assert_eq!(fields["error"]["code"], json!(code), "{answer}");
    fields["error"]["message"].as_str().unwrap()
}
