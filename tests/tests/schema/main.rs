//! Clients that were built for another contract: who is let in, who is refused, and what they are told.

mod changes;
mod offers;
mod refusals;

use axum::Router;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use consumer_runtime::{prelude::*, schema::Contract};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tests::{Client, Diary, Log, Site, ask, handshake};

#[derive(Deserialize, JsonSchema)]
struct HistoryQuery {
    before: Option<u64>,
    limit: u32,
}

#[derive(Serialize, JsonSchema)]
struct History {
    messages: Vec<String>,
    more: bool,
}

#[event("chat.message")]
#[derive(JsonSchema)]
struct ChatMessage {
    message: String,
}

#[derive(Serialize, JsonSchema)]
struct Said {
    message: String,
    colour: Colour,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Colour {
    Red,
    Blue,
}

#[event("chat.welcome")]
#[derive(JsonSchema)]
struct Welcome {
    name: String,
}

/// Says hello when it connects, so that a test sees that `#[connect]` ran.
#[consumer("/ws/chat/", sends(Welcome))]
struct Chat {}

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, scope: Scope, context: &mut Context<Self>) -> Result {
        if let Some(diary) = scope.extensions().get::<Diary>() {
            diary.note(format!("connect {:?}", scope.subprotocols()));
        }
        context.send(&Welcome { name: context.subprotocol().unwrap_or_default() }).await
    }

    #[receive("chat.history")]
    async fn history(&mut self, query: HistoryQuery) -> History {
        History { messages: vec![query.limit.to_string()], more: query.before.is_some() }
    }

    #[receive("chat.ping")]
    async fn ping(&mut self, _: serde_json::Value) {}

    #[event("chat.message")]
    fn message(event: &ChatMessage) -> Said {
        let colour = if event.message.is_empty() { Colour::Blue } else { Colour::Red };
        Said { message: event.message.clone(), colour }
    }
}

/// The contract of [`Chat`], which the tests change.
const CHAT: &str = "contract 1\n\
    frame chat.history {before?:integer|null,limit:integer} -> {messages:[string],more:bool}\n\
    frame chat.ping any\n\
    send chat.message {colour:@Colour,message:string}\n\
    send chat.welcome {name:string,type:\"chat.welcome\"}\n\
    out Colour \"blue\"|\"red\"";

/// Speaks subprotocols of its own.
#[consumer("/ws/versions/", subprotocols("v2.chat", "v1.chat"))]
struct Versions {}

#[consumer]
impl Versions {
    #[connect]
    async fn connect(&mut self, scope: Scope, context: &mut Context<Self>) -> Result {
        context.send_json(&json!([context.subprotocol(), scope.subprotocols()])).await
    }

    #[receive("chat.ping")]
    async fn ping(&mut self, _: serde_json::Value) {}
}

/// A value that depends on a type parameter.
#[consumer("/ws/generic/", sends(Welcome))]
struct Generic<T: Default + Serialize + Send + 'static> {
    value: T,
}

#[consumer]
impl<T: Default + Serialize + Send + 'static> Generic<T> {
    #[receive("generic.ask")]
    async fn ask(&mut self, query: HistoryQuery, context: &mut Context<Self>) -> Result<&T> {
        context.send(&Welcome { name: query.limit.to_string() }).await?;
        Ok(&self.value)
    }
}

#[consumer("/ws/blocking/")]
struct Blocking {}

#[consumer(blocking)]
impl Blocking {
    #[connect]
    fn connect(&mut self, context: &mut BlockingContext<Self>) -> Result {
        context.send_json(&"hello")
    }

    #[receive("chat.history")]
    fn history(&mut self, query: HistoryQuery) -> History {
        History { messages: Vec::new(), more: query.limit > 0 && query.before.is_some() }
    }
}

async fn site() -> Site {
    let app = Router::new().consumer::<Chat>().consumer::<Versions>().consumer::<Generic<u8>>().consumer::<Blocking>();
    Site::new(app).await
}

/// A path with a contract, as `encodeURIComponent` writes it.
fn with_query(path: &str, contract: &str) -> String {
    let mut query = String::new();
    for byte in contract.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => query.push(byte.into()),
            _ => query.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("{path}?a=b&_schema={query}")
}

/// A contract as a subprotocol.
fn as_subprotocol(contract: &str) -> String {
    format!("schema.{}", URL_SAFE_NO_PAD.encode(contract))
}

/// What a client that shows `contract` is told; `None` when it is let in.
async fn told(site: &Site, path: &str, contract: &str) -> Option<String> {
    let mut by_query = site.client(&with_query(path, contract)).await;
    let protocol = as_subprotocol(contract);
    let headers = [("sec-websocket-protocol", &*protocol)];
    let mut by_subprotocol = Client::try_connect(site.address, path, &headers).await.expect("an open line");
    assert_eq!(by_subprotocol.headers["sec-websocket-protocol"], protocol, "a browser wants its only offer back");
    let (code, reason) = closed(&mut by_query).await;
    assert_eq!(closed(&mut by_subprotocol).await, (code, reason.clone()), "both ways say the same");
    match code {
        0 => None,
        4409 => Some(reason),
        code => panic!("closed with {code}: {reason}"),
    }
}

/// How the server closes at once; 0 when it says hello instead.
async fn closed(client: &mut Client) -> (u16, String) {
    use tokio_tungstenite::tungstenite::Message;
    match client.next().await {
        Some(Message::Close(Some(frame))) => (frame.code.into(), frame.reason.as_str().to_owned()),
        Some(Message::Text(_)) => (0, String::new()),
        other => panic!("neither hello nor a close frame: {other:?}"),
    }
}
