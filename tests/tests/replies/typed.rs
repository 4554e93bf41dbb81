//! `#[derive(ReplyError)]`: every kind of variant, in every kind of handler.

use std::io;

use consumer_runtime::{Channels, prelude::*};
use serde::{Deserialize, Serialize};
use tests::{Log, Site};

use super::*;

#[derive(Debug, ReplyError)]
enum HistoryError {
    #[reply("no_room", "there is no room `{room}`")]
    NoRoom { room: String },
    #[reply("too.many", "at most {max} messages at once, and not {asked:?} {{sic}}")]
    TooMany {
        max: u32,
        #[reply(skip)]
        asked: u32,
    },
    #[reply("busy", "the server is busy")]
    Busy,
    #[reply("odd", "{type:>4} of {list:?}")]
    Odd { r#type: Kind, list: Vec<u8>, nested: Option<Nested> },
    #[reply(internal)]
    Store(io::Error),
    #[reply(internal)]
    Other(Error),
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Small,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad("s")
    }
}

#[derive(Debug, Serialize)]
struct Nested {
    deep: bool,
}

#[derive(ReplyError)]
#[reply("closed", "the shop opens at {hour}")]
struct ShopClosed {
    hour: u8,
}

/// What all handlers of a program return, as programs have it.
mod history {
    pub(super) type Result<T> = std::result::Result<T, super::HistoryError>;
}

#[derive(Deserialize)]
struct Nothing {}

fn store() -> io::Result<u8> {
    Err(io::Error::other("/var/lib/hunter2 is gone"))
}

fn busy() -> Result<u8, HistoryError> {
    Err(HistoryError::Busy)
}

#[event("poke")]
struct Poke;

#[event("poke.shared")]
struct PokeShared;

#[consumer("/ws/typed/", group = "pokes")]
struct Typed {}

#[consumer]
impl Typed {
    #[receive("no_room")]
    async fn no_room(&mut self, _: Nothing) -> Result<u8, HistoryError> {
        Err(HistoryError::NoRoom { room: "lob\"by".into() })
    }

    #[receive("too_many")]
    async fn too_many(&mut self, _: Nothing) -> Result<Option<u8>, HistoryError> {
        Err(HistoryError::TooMany { max: 100, asked: 200 })
    }

    #[receive("odd")]
    async fn odd(&mut self, _: Nothing) -> history::Result<u8> {
        Err(HistoryError::Odd { r#type: Kind::Small, list: vec![1, 2], nested: Some(Nested { deep: true }) })
    }

    #[receive("store")]
    async fn store(&mut self, _: Nothing) -> history::Result<u8> {
        Ok(store()?)
    }

    #[receive("struct")]
    async fn a_struct(&mut self, _: Nothing) -> Result<u8, ShopClosed> {
        Err(ShopClosed { hour: 9 })
    }

    #[receive("quiet")]
    async fn quiet(&mut self, _: Nothing) -> history::Result<()> {
        Err(HistoryError::Busy)
    }

    #[receive("plain")]
    async fn plain(&mut self, _: Nothing) -> Result<u8> {
        Ok(busy()?)
    }

    #[receive("plain.quiet")]
    async fn plain_quiet(&mut self, _: Nothing) -> Result {
        busy()?;
        Ok(())
    }

    #[receive("plain.store")]
    async fn plain_store(&mut self, _: Nothing) -> Result<u8> {
        Err(HistoryError::Store(io::Error::other("hunter2")).into())
    }

    #[receive("other")]
    async fn other(&mut self, _: Nothing) -> history::Result<u8> {
        Err(Error::answer("other", "an answer that `internal` does not tell"))?
    }

    #[receive("close")]
    async fn close(&mut self, _: Nothing) -> history::Result<u8> {
        Err(Error::from(Close::new(close_code!(4001), "bye")))?
    }

    #[receive("ok")]
    async fn ok(&mut self, _: Nothing) -> history::Result<u8> {
        Ok(7)
    }

    #[event("poke")]
    async fn poke(&mut self, _: &Poke) -> history::Result<()> {
        store()?;
        Ok(())
    }

    #[event("poke.shared")]
    fn poke_shared(_: &PokeShared) -> history::Result<u8> {
        busy()
    }
}

/// A consumer whose error is its own parameter's.
trait Rule: Send + 'static {
    const NAME: &'static str;
}

struct Short;

impl Rule for Short {
    const NAME: &'static str = "short";
}

#[derive(ReplyError)]
#[reply("broken_rule", "the rule `{name}` is broken")]
struct Broken<T: Serialize + std::fmt::Display> {
    name: T,
}

#[consumer("/ws/ruled/")]
struct Ruled<R: Rule> {
    rule: std::marker::PhantomData<R>,
}

#[consumer]
impl<R: Rule> Ruled<R> {
    #[receive("try")]
    async fn ask(&mut self, _: Nothing) -> Result<u8, Broken<&'static str>> {
        Err(Broken { name: R::NAME })
    }
}

/// Text and binary frames have no `id`.
#[consumer("/ws/raw/")]
struct RawFrames {}

#[consumer]
impl RawFrames {
    #[receive(text)]
    async fn text(&mut self, _: String) -> history::Result<()> {
        Err(HistoryError::Busy)
    }

    #[receive(bytes)]
    async fn bytes(&mut self, _: &[u8]) -> Result<u8, ShopClosed> {
        Err(ShopClosed { hour: 9 })
    }
}

#[consumer("/ws/blocking/")]
struct Blocking {}

#[consumer(blocking)]
impl Blocking {
    #[receive("no_room")]
    fn no_room(&mut self, _: Nothing) -> history::Result<u8> {
        Err(HistoryError::NoRoom { room: "lobby".into() })
    }

    #[receive("store")]
    fn store(&mut self, _: Nothing) -> history::Result<u8> {
        Ok(store()?)
    }

    #[receive("quiet")]
    fn quiet(&mut self, _: Nothing) -> Result<(), ShopClosed> {
        Err(ShopClosed { hour: 9 })
    }

    #[receive("plain")]
    fn plain(&mut self, _: Nothing) -> Result {
        busy()?;
        Ok(())
    }
}

fn app() -> Router {
    Router::new().consumer::<Typed>().consumer::<Ruled<Short>>().consumer::<RawFrames>().consumer::<Blocking>()
}

fn busy_is() -> Value {
    json!({"code": "busy", "message": "the server is busy"})
}

#[tokio::test]
async fn a_variant_is_a_code_a_message_and_its_fields() {
    let mut client = connected(app(), "/ws/typed/").await;
    let no_room = json!({"code": "no_room", "message": "there is no room `lob\"by`", "data": {"room": "lob\"by"}});
    assert_eq!(told(&mut client, "no_room").await, no_room);
    let too_many = "at most 100 messages at once, and not 200 {sic}";
    assert_eq!(
        told(&mut client, "too_many").await,
        json!({"code": "too.many", "message": too_many, "data": {"max": 100}})
    );
    let odd = json!({"type": "small", "list": [1, 2], "nested": {"deep": true}});
    assert_eq!(told(&mut client, "odd").await, json!({"code": "odd", "message": "   s of [1, 2]", "data": odd}));
    let closed = json!({"code": "closed", "message": "the shop opens at 9", "data": {"hour": 9}});
    assert_eq!(told(&mut client, "struct").await, closed);
    assert_eq!(client.ask::<u8>(&json!({"type": "ok"})).await.unwrap(), Ok(7));
}

#[tokio::test]
async fn a_handler_without_a_value_tells_its_error_too() {
    let mut client = connected(app(), "/ws/typed/").await;
    assert_eq!(told(&mut client, "quiet").await, busy_is());
    client.send_json_to(&json!({"type": "quiet"})).await.unwrap();
    let frame = json!({"type": "error", "code": "busy", "message": "the server is busy"});
    assert_eq!(client.receive_json_from::<Value>().await.unwrap(), frame);
}

#[tokio::test]
async fn the_question_mark_into_a_plain_result_keeps_the_code() {
    let mut client = connected(app(), "/ws/typed/").await;
    assert_eq!(told(&mut client, "plain").await, busy_is());
    assert_eq!(told(&mut client, "plain.quiet").await, busy_is());
    assert_eq!(told(&mut client, "plain.store").await, internal());
}

#[tokio::test]
async fn what_is_internal_is_in_the_log_alone() {
    let log = Log::begin();
    let mut client = connected(app(), "/ws/typed/").await;
    assert_eq!(told(&mut client, "store").await, internal());
    assert_eq!(log.lines_with("/var/lib/hunter2 is gone"), 1, "{}", log.text());
    assert_eq!(told(&mut client, "other").await, internal());
    assert_eq!(log.lines_with("an answer that `internal` does not tell"), 1, "{}", log.text());
}

#[tokio::test]
async fn a_close_inside_an_internal_error_still_closes() {
    let mut client = connected(app(), "/ws/typed/").await;
    client.send_json_to(&json!({"type": "close", "id": 1})).await.unwrap();
    assert_eq!(client.receive_close().await.unwrap(), (4001, "bye".into()));
}

#[tokio::test]
async fn errors_of_events_are_logged_and_close_nothing() {
    let log = Log::begin();
    let channels = Channels::memory();
    let mut client = connected(app().with_channels(channels.clone()), "/ws/typed/").await;
    for name in ["poke", "poke.shared"] {
        channels.untyped().group_send("pokes", json!({ "type": name })).await.unwrap();
    }
    assert_eq!(client.ask::<u8>(&json!({"type": "ok"})).await.unwrap(), Ok(7));
    tests::eventually("both handlers have failed", || channels.counts().failed_events == 2).await;
    assert_eq!(log.lines_with("error=busy: the server is busy"), 1, "{}", log.text());
    assert_eq!(log.lines_with("/var/lib/hunter2 is gone"), 1, "{}", log.text());
}

#[tokio::test]
async fn a_generic_consumer_answers_with_a_generic_error() {
    let mut client = connected(app(), "/ws/ruled/").await;
    let broken = json!({"code": "broken_rule", "message": "the rule `short` is broken", "data": {"name": "short"}});
    assert_eq!(told(&mut client, "try").await, broken);
}

#[tokio::test]
async fn whole_frames_are_answered_with_an_error_frame() {
    let mut client = connected(app(), "/ws/raw/").await;
    client.send_text_to("hi").await.unwrap();
    let frame = json!({"type": "error", "code": "busy", "message": "the server is busy"});
    assert_eq!(client.receive_json_from::<Value>().await.unwrap(), frame);
    client.send_bytes_to(b"hi").await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap()["code"], "closed");
}

#[tokio::test]
async fn blocking_handlers_answer_alike() {
    let mut client = connected(app(), "/ws/blocking/").await;
    assert_eq!(told(&mut client, "no_room").await["data"], json!({"room": "lobby"}));
    assert_eq!(told(&mut client, "store").await, internal());
    assert_eq!(told(&mut client, "quiet").await["code"], "closed");
    assert_eq!(told(&mut client, "plain").await, busy_is());
}

#[tokio::test]
async fn it_is_the_same_over_a_real_socket() {
    let site = Site::new(app()).await;
    let mut client = site.client("/ws/typed/").await;
    client.say_json(json!({"type": "no_room", "id": 7})).await;
    let error = json!({"code": "no_room", "message": "there is no room `lob\"by`", "data": {"room": "lob\"by"}});
    assert_eq!(client.hear_json().await, json!({"type": "reply", "id": 7, "error": error}));
    client.say(r#"{"type": "quiet", "id": "x"}"#).await;
    assert_eq!(
        client.hear().await,
        r#"{"type":"reply","id":"x","error":{"code":"busy","message":"the server is busy"}}"#
    );
    client.close(1000, "").await;
}

#[test]
fn codes_are_listed_for_the_description() {
    assert_eq!(HistoryError::CODES, ["no_room", "too.many", "busy", "odd"]);
    assert_eq!(ShopClosed::CODES, ["closed"]);
    assert_eq!(HistoryError::from(io::Error::other("why")).to_string(), "why");
    assert_eq!(HistoryError::NoRoom { room: "a".into() }.to_string(), "there is no room `a`");
}
