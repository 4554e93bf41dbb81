//! Consumers whose handlers block: the same life on a thread of the blocking pool.

use std::time::Duration;

use axum::{Extension, Router, extract::State};
use consumer_runtime::{Settings, prelude::*};
use serde::Deserialize;
use serde_json::{Value, json};
use tests::{Client, Diary, Gate, Site};

#[event("task.done")]
struct Done {
    task: String,
}

#[event("task.told")]
struct Told {
    text: String,
}

#[group("tasks_{list}", events(Done, Told))]
struct Tasks {
    list: String,
}

#[derive(Deserialize)]
struct Add {
    numbers: Vec<u32>,
}

/// Writes down its life, thread by thread.
#[consumer("/ws/tasks/{list}/", group = Tasks)]
struct Worker {
    list: String,
    handled: usize,
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
}

#[consumer(blocking)]
impl Worker {
    #[connect]
    fn connect(&mut self, context: &mut BlockingContext<Self>) -> Result<(), Refusal> {
        self.diary.note("connect");
        match self.list.as_str() {
            "none" => return Err(Refusal::default()),
            "slow" => context.wait(self.gate.pass()),
            "panic" => panic!("the panic that a test asked for"),
            _ => {}
        }
        self.diary.note("connected");
        context.send_text("welcome").map_err(Refusal::from)
    }

    #[receive(text)]
    fn receive(&mut self, text: String, context: &mut BlockingContext<Self>) -> Result {
        self.handled += 1;
        self.diary.note(format!("receive {text}"));
        match text.as_str() {
            "wait" => context.wait(self.gate.pass()),
            "panic" => panic!("the panic that a test asked for"),
            "close" => context.close(close_code!(4001), "done"),
            "fail to close" => return Err(Close::new(close_code!(4002), "no more").into()),
            "tell" => return context.group().send(Done { task: "told".into() }),
            "join" => return context.join(Tasks { list: "other".into() }),
            "leave" => return context.leave(Tasks { list: "other".into() }),
            _ => {}
        }
        context.send_text(format!("{} {text}", self.handled))
    }

    #[receive(bytes)]
    fn bytes(&mut self, bytes: &[u8], context: &mut BlockingContext<Self>) -> Result {
        context.send_bytes(bytes)
    }

    #[event("task.done")]
    fn done(&mut self, event: &Done, context: &mut BlockingContext<Self>) -> Result {
        self.diary.note(format!("event {}", event.task));
        if event.task == "wait" {
            context.wait(self.gate.pass());
        }
        context.send_json(&json!({ "done": event.task }))
    }

    #[event("task.told")]
    fn told(event: &Told) -> Value {
        json!({ "told": event.text })
    }

    #[disconnect]
    fn disconnect(&mut self, disconnect: Disconnect) {
        self.diary.note(format!("disconnect {} {:?} after {}", disconnect.code(), disconnect.cause(), self.handled));
    }
}

/// Answers, and is built by its own connect.
#[consumer("/ws/adder/")]
struct Adder {
    bonus: u32,
}

#[consumer(blocking)]
impl Adder {
    #[connect]
    fn connect(State(bonus): State<u32>) -> Self {
        Self { bonus }
    }

    #[receive("add")]
    fn add(&mut self, add: Add) -> Result<u32> {
        match add.numbers.is_empty() {
            true => Err(Error::answer("empty", "give me numbers")),
            false => Ok(add.numbers.iter().sum::<u32>() + self.bonus),
        }
    }
}

async fn site_with(settings: Settings) -> (Site, Diary, Gate) {
    let (diary, gate) = (Diary::default(), Gate::default());
    let app = Router::new()
        .consumer::<Worker>()
        .consumer::<Adder>()
        .with_state(100)
        .layer(Extension(diary.clone()))
        .layer(Extension(gate.clone()))
        .with_settings(settings);
    (Site::new(app).await, diary, gate)
}

async fn site() -> (Site, Diary, Gate) {
    site_with(Settings::default()).await
}

async fn welcomed(site: &Site) -> Client {
    let mut client = site.client("/ws/tasks/a/").await;
    assert_eq!(client.hear().await, "welcome");
    client
}

#[tokio::test]
async fn connect_receive_and_disconnect_share_one_state() {
    let (site, diary, _) = site().await;
    let mut client = welcomed(&site).await;
    for text in ["one", "two"] {
        client.say(text).await;
    }
    assert_eq!((client.hear().await, client.hear().await), ("1 one".into(), "2 two".into()));
    client.say_bytes(&[0, 255]).await;
    assert_eq!(client.hear_bytes().await, [0, 255]);
    client.close(4321, "bye").await;
    site.settled().await;
    let life = ["connect", "connected", "receive one", "receive two", "disconnect 4321 Client after 2"];
    assert_eq!(diary.entries(), life);
}

#[tokio::test]
async fn one_thing_is_handled_at_a_time_and_in_order() {
    let (site, diary, gate) = site().await;
    let mut client = welcomed(&site).await;
    client.say("wait").await;
    diary.says("receive wait").await;
    client.say("a").await;
    client.say("b").await;
    client.ping().await;
    assert_eq!(diary.entries()[2..], ["receive wait"], "a thread is still busy");
    gate.open();
    for line in ["1 wait", "2 a", "3 b"] {
        assert_eq!(client.hear().await, line);
    }
    assert_eq!(diary.entries()[2..], ["receive wait", "receive a", "receive b"]);
}

#[tokio::test]
async fn a_handler_that_blocks_holds_up_nobody_else() {
    let (site, diary, gate) = site().await;
    let (mut one, mut other) = (welcomed(&site).await, welcomed(&site).await);
    one.say("wait").await;
    diary.says("receive wait").await;
    other.say("hello").await;
    assert_eq!(other.hear().await, "1 hello");
    one.ping().await;
    gate.open();
    assert_eq!(one.hear().await, "1 wait");
}

#[tokio::test]
async fn events_reach_blocking_and_shared_handlers_in_order() {
    let (site, diary, gate) = site().await;
    let mut client = welcomed(&site).await;
    let group = Tasks { list: "a".into() };
    group.send(&site.channels, Done { task: "wait".into() }).await.unwrap();
    diary.says("event wait").await;
    group.send(&site.channels, Told { text: "later".into() }).await.unwrap();
    group.send(&site.channels, Done { task: "last".into() }).await.unwrap();
    gate.open();
    for expected in [json!({"done": "wait"}), json!({"told": "later"}), json!({"done": "last"})] {
        assert_eq!(client.hear_json().await, expected);
    }
}

#[tokio::test]
async fn groups_are_joined_left_and_sent_to_without_await() {
    let (site, diary, _) = site().await;
    let mut client = welcomed(&site).await;
    client.say("tell").await;
    assert_eq!(client.hear_json().await, json!({"done": "told"}));
    client.say("join").await;
    client.say("joined").await;
    assert_eq!(client.hear().await, "3 joined");
    let other = Tasks { list: "other".into() };
    other.send(&site.channels, Told { text: "in".into() }).await.unwrap();
    assert_eq!(client.hear_json().await, json!({"told": "in"}));
    client.say("leave").await;
    client.say("left").await;
    assert_eq!(client.hear().await, "5 left");
    let delivered = site.channels.counts().delivered;
    other.send(&site.channels, Told { text: "out".into() }).await.unwrap();
    assert_eq!(site.channels.counts().delivered, delivered);
    client.close(1000, "").await;
    diary.says("disconnect 1000 Client after 5").await;
}

#[tokio::test]
async fn a_handler_closes_by_call_and_by_error() {
    for (text, close) in [("close", (4001, "done")), ("fail to close", (4002, "no more"))] {
        let (site, diary, _) = site().await;
        let mut client = welcomed(&site).await;
        client.say(text).await;
        let (code, reason) = client.hear_close().await;
        assert_eq!((code, &*reason), close);
        diary.says(&format!("disconnect {code} Consumer after 1")).await;
    }
}

#[tokio::test]
async fn a_panic_closes_one_socket_with_1011_and_keeps_the_state_for_disconnect() {
    let (site, diary, _) = site().await;
    let (mut other, mut client) = (welcomed(&site).await, welcomed(&site).await);
    client.say("hello").await;
    client.say("panic").await;
    assert_eq!(client.hear().await, "1 hello");
    assert_eq!(client.hear_close().await.0, 1011);
    diary.says("disconnect 1011 Panic after 2").await;
    other.say("hello").await;
    assert_eq!(other.hear().await, "1 hello");
    assert_eq!(site.channels.counts().panics, 1);
}

#[tokio::test]
async fn connect_refuses_and_panics_as_everywhere() {
    let (site, diary, _) = site().await;
    assert_eq!(Client::try_connect(site.address, "/ws/tasks/none/", &[]).await.unwrap_err().0, 403);
    diary.says("disconnect 1006 Refused after 0").await;
    assert_eq!(Client::try_connect(site.address, "/ws/tasks/panic/", &[]).await.unwrap_err().0, 500);
    diary.says("disconnect 1006 Panic after 0").await;
}

#[tokio::test]
async fn a_connect_that_blocks_too_long_is_answered_503_and_disconnected_when_its_thread_returns() {
    let settings = Settings { connect_timeout: Duration::from_millis(100), ..Settings::default() };
    let (site, diary, gate) = site_with(settings).await;
    assert_eq!(Client::try_connect(site.address, "/ws/tasks/slow/", &[]).await.unwrap_err().0, 503);
    assert_eq!(diary.entries(), ["connect"], "a thread cannot be stopped");
    gate.open();
    diary.says("disconnect 1006 Refused after 0").await;
    assert_eq!(diary.entries(), ["connect", "connected", "disconnect 1006 Refused after 0"]);
    welcomed(&site).await;
}

#[tokio::test]
async fn a_client_that_leaves_while_a_thread_is_busy_is_disconnected_afterwards() {
    let (site, diary, gate) = site().await;
    let mut client = welcomed(&site).await;
    client.say("wait").await;
    diary.says("receive wait").await;
    drop(client);
    gate.open();
    diary.says("disconnect 1006 Lost after 1").await;
    site.settled().await;
}

#[tokio::test]
async fn values_and_errors_answer_the_frame() {
    let (site, ..) = site().await;
    let mut client = site.client("/ws/adder/").await;
    client.say_json(json!({"type": "add", "numbers": [1, 2], "id": 1})).await;
    assert_eq!(client.hear_json().await, json!({"type": "reply", "id": 1, "ok": 103}));
    client.say_json(json!({"type": "add", "numbers": [], "id": 2})).await;
    let error = json!({"code": "empty", "message": "give me numbers"});
    assert_eq!(client.hear_json().await, json!({"type": "reply", "id": 2, "error": error}));
}
