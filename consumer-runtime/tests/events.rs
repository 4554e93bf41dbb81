//! The flat tagged form, written and read: events, frames, and what shared handlers make of them.

use std::{collections::BTreeMap, sync::Arc};

use consumer_runtime::{
    __private::{Declared, EventSet, Fanned, GroupNames, Shared, Tagged},
    Answer, HandledBy, HandlerKind,
    prelude::*,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[event("chat.message")]
#[derive(Clone, Debug, PartialEq)]
struct ChatMessage {
    message: String,
}

#[event("user_joined")]
#[serde(deny_unknown_fields)]
struct UserJoined {
    id: u32,
    #[serde(default)]
    tags: Vec<String>,
}

#[event("tick")]
struct Tick;

#[event("score.table")]
struct Scores {
    best: u32,
    #[serde(flatten)]
    rest: BTreeMap<String, u32>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Say {
    message: String,
}

#[derive(Deserialize)]
struct Nothing;

#[group("chat_{room}", events(ChatMessage, UserJoined, Tick, Scores))]
struct Room {
    room: String,
}

#[consumer("/ws/{room}", group = Room)]
struct Chat {
    room: String,
}

#[consumer]
impl Chat {
    #[receive]
    async fn say(&mut self, _: Say) {}

    #[receive("chat.history")]
    async fn history(&mut self, _: Nothing) -> u8 {
        1
    }

    #[event("chat.message")]
    fn chat_message(event: &ChatMessage) -> Option<Say> {
        (event.message != "quiet").then(|| Say { message: event.message.clone() })
    }

    #[event("user_joined")]
    fn user_joined(event: &UserJoined) -> Result<Option<u32>> {
        match event.id {
            0 => Err(Answer::new("nobody", "there is no user 0"))?,
            1 => Ok(None),
            id => Ok(Some(id)),
        }
    }

    #[event("tick")]
    fn tick(_: &Tick) -> u8 {
        7
    }

    #[event("score.table")]
    async fn scores(&mut self, _: &Scores) {}
}

type Events = <Chat as Consumer>::Event;
type Frame = <Chat as Consumer>::Receive;

fn event(text: &str) -> serde_json::Result<Events> {
    serde_json::from_str(text)
}

/// Reads an event and writes it again.
fn again(text: &str) -> String {
    serde_json::to_string(&event(text).unwrap()).unwrap()
}

#[test]
fn an_event_is_written_with_its_name_first() {
    let message = ChatMessage { message: "hi".to_owned() };
    assert_eq!(serde_json::to_string(&message).unwrap(), r#"{"type":"chat.message","message":"hi"}"#);
    assert_eq!(serde_json::to_string(&Tick).unwrap(), r#"{"type":"tick"}"#);
    let scores = Scores { best: 3, rest: [("second".to_owned(), 2)].into() };
    assert_eq!(serde_json::to_string(&scores).unwrap(), r#"{"type":"score.table","best":3,"second":2}"#);
}

#[test]
fn an_event_is_read_with_its_name_or_without() {
    let message = ChatMessage { message: "hi".to_owned() };
    let read = |text| serde_json::from_str::<ChatMessage>(text).unwrap();
    assert_eq!(read(r#"{"type":"chat.message","message":"hi"}"#), message);
    assert_eq!(read(r#"{"message":"hi"}"#), message);
    assert!(serde_json::from_str::<Tick>(r#"{"type":"tick","more":[1]}"#).is_ok());
    assert!(serde_json::from_str::<Tick>("null").is_err());
}

#[test]
fn the_name_may_stand_anywhere() {
    let written = r#"{"type":"user_joined","id":5,"tags":["a"]}"#;
    for text in [
        written,
        r#"{"id":5,"tags":["a"],"type":"user_joined"}"#,
        r#"{"id":5,"type":"user_joined","tags":["a"]}"#,
        r#" { "tags" : [ "a" ] , "type" : "user_joined" , "id" : 5 } "#,
    ] {
        assert_eq!(again(text), written);
    }
    let value: Value = serde_json::from_str(written).unwrap();
    assert_eq!(serde_json::to_value(serde_json::from_value::<Events>(value.clone()).unwrap()).unwrap(), value);
}

#[test]
fn names_fold_as_in_django_channels() {
    assert_eq!(again(r#"{"type":"chat_message","message":"hi"}"#), r#"{"type":"chat.message","message":"hi"}"#);
    assert_eq!(again(r#"{"id":5,"type":"user.joined"}"#), r#"{"type":"user_joined","id":5,"tags":[]}"#);
    assert_eq!(Events::find("score_table"), Events::find("score.table"));
    assert_eq!(Events::find("scoretable"), None);
}

#[test]
fn what_does_not_fit_is_named() {
    let error = |text| event(text).unwrap_err().to_string();
    assert!(error(r#"{"type":"typing"}"#).contains("typing"));
    assert!(error(r#"{"message":"hi"}"#).contains("`type`"));
    assert!(error(r#"{"type":"chat.message"}"#).contains("`message`"));
    assert!(error(r#"{"type":"user_joined","id":1,"more":2}"#).contains("`more`"));
    assert!(error(r#"{"id":1,"more":2,"type":"user_joined"}"#).contains("`more`"));
    assert!(error(r#"[1]"#).contains("map"));
}

#[test]
fn unit_and_flattened_events_are_read_in_any_order() {
    assert_eq!(again(r#"{"type":"tick"}"#), r#"{"type":"tick"}"#);
    assert_eq!(again(r#"{"early":1,"type":"tick","late":[2]}"#), r#"{"type":"tick"}"#);
    let written = r#"{"type":"score.table","best":3,"second":2}"#;
    assert_eq!(again(written), written);
    assert_eq!(again(r#"{"second":2,"best":3,"type":"score_table"}"#), written);
}

#[test]
fn an_event_is_shared_not_copied() {
    let message = Arc::new(ChatMessage { message: "hi".to_owned() });
    let index = Events::find(ChatMessage::NAME).unwrap();
    let shared: Shared = message.clone();
    let event = Events::from_shared(index, shared).unwrap();
    let copies = [event.clone(), HandledBy::<Chat>::into_event(message.clone())];
    assert_eq!(Arc::strong_count(&message), 4);
    assert!(copies.iter().all(|event| event.name() == "chat.message"));
    assert!(Events::from_shared(index, Arc::new(Tick)).is_err());
    assert!(Events::from_shared(99, message).is_err());
}

#[test]
fn a_log_sees_the_name_alone() {
    assert_eq!(format!("{:?}", event(r#"{"type":"chat.message","message":"secret"}"#).unwrap()), "chat.message");
}

#[test]
fn frames_have_names_or_none() {
    assert_eq!(Frame::NAMES, ["", "chat.history"]);
    assert_eq!(Frame::NAMELESS, Some(0));
    assert_eq!(Frame::find("chat.history"), Some(1));
    assert_eq!(Frame::find("chat_history"), Some(1));
    assert_eq!(Frame::find(""), None);
    assert!(Frame::read(0, json!({"message": "hi"})).is_ok());
    assert!(Frame::read(0, json!({"massage": "hi"})).is_err());
    assert!(Frame::read(2, json!(null)).is_err());
}

#[test]
fn shared_handlers_make_one_frame() {
    let fan = |text| Chat::fan(&event(text).unwrap());
    let frame = |text| match fan(text) {
        Fanned::Frame(frame) => frame,
        other => panic!("{other:?}"),
    };
    assert!(frame(r#"{"type":"chat.message","message":"hi"}"#).ends_with(br#"{"message":"hi"}"#));
    assert!(frame(r#"{"type":"user_joined","id":2}"#).ends_with(b"2"));
    assert!(frame(r#"{"type":"tick"}"#).ends_with(b"7"));
    assert!(matches!(fan(r#"{"type":"chat.message","message":"quiet"}"#), Fanned::Nothing));
    assert!(matches!(fan(r#"{"type":"user_joined","id":1}"#), Fanned::Nothing));
    assert!(matches!(fan(r#"{"type":"user_joined","id":0}"#), Fanned::Failed(_)));
    assert!(matches!(fan(r#"{"type":"score.table","best":1}"#), Fanned::Each));
}

#[test]
fn declarations_say_what_the_source_says() {
    let handlers: Vec<_> = Chat::HANDLERS.iter().map(|handler| (handler.kind, handler.name, handler.method)).collect();
    assert_eq!(
        handlers,
        [
            (HandlerKind::Receive, "", "say"),
            (HandlerKind::Receive, "chat.history", "history"),
            (HandlerKind::SharedEvent, "chat.message", "chat_message"),
            (HandlerKind::SharedEvent, "user_joined", "user_joined"),
            (HandlerKind::SharedEvent, "tick", "tick"),
            (HandlerKind::Event, "score.table", "scores"),
        ]
    );
    let declaration = <Chat as Consumer>::DECLARATION;
    assert_eq!((declaration.consumer, declaration.path, declaration.params), ("Chat", "/ws/{room}", &["room"][..]));
    let groups: Vec<_> = declaration.groups.iter().map(|group| (group.group, group.template)).collect();
    assert_eq!(groups, [("Room", "chat_{room}")]);
}

#[test]
fn the_declared_group_is_named_by_the_fields() {
    let name = |room: &str| Chat { room: room.to_owned() }.declared_groups();
    let GroupNames::One(lobby) = name("lobby").unwrap() else { panic!("one group, without an allocation") };
    assert_eq!(lobby.as_str(), "chat_lobby");
    assert_eq!(lobby, Room { room: "lobby".to_owned() }.name().unwrap());
    assert!(name("a room").is_err());
}
