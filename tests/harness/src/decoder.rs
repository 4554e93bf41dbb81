//! The decoding of a client's JSON frames and of events, with serde_json alone as the oracle.

mod consumers;
mod model;
mod world;

use serde_json::{Value, json};

use self::{
    consumers::{EVENTS, FRAMES},
    model::Expected,
    world::World,
};

thread_local! {
    /// Connected once: a frame must leave nothing behind.
    static WORLD: World = World::new();
}

/// Sees that any text comes to what serde_json alone makes of it, as a frame or as an event.
///
/// The first byte of `data` says what it is sent to, the rest is the text; what is not UTF-8 is nothing.
///
/// # Panics
/// When that does not hold.
pub fn run(data: &[u8]) {
    let Some((&to, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    match FRAMES.get(usize::from(to) % (FRAMES.len() + 1)) {
        Some(endpoint) => frame(endpoint, text),
        None => event(text),
    }
}

/// A frame has exactly one answer, the right one, since every handler returns what it was given.
fn frame(endpoint: &consumers::Endpoint, text: &str) {
    let answer = WORLD.with(|world| world.answer(endpoint.path, text));
    assert!(answer.len() <= 8 * text.len() + 512, "an answer of {} bytes to {}", answer.len(), text.len());
    let answer: Value = serde_json::from_str(&answer).expect("an answer in JSON");
    let expected = model::frame(endpoint, text);
    let told = match (&expected, answer["type"].as_str()) {
        (Expected::Payload(..), _) => answer.clone(),
        (Expected::Error(..), Some("error")) => json!({"type": "error", "code": answer["code"]}),
        (Expected::Error(..), _) => {
            json!({"type": answer["type"], "id": answer["id"], "error": {"code": answer["error"]["code"]}})
        }
    };
    assert_eq!(told, expected.answer(), "the answer to {text:?} is {answer}");
}

/// An event reads alike from text and from a value, and reaches its handler if it reads at all.
fn event(text: &str) {
    let read = serde_json::from_str::<consumers::Events>(text);
    let expected = model::event(&EVENTS, text);
    if let Ok(event) = &read {
        let event = serde_json::to_value(event).expect("an event");
        assert_eq!(Some(&event), expected.as_ref(), "the event in {text:?}");
    }
    let Ok(value) = serde_json::from_str::<Value>(text) else { return };
    if let (Err(error), Some(expected)) = (&read, &expected) {
        panic!("{text:?} is {expected}, but: {error}");
    }
    // A value has each key once, and no order that one could rely on.
    let again = model::event(&EVENTS, &value.to_string());
    match serde_json::from_value::<consumers::Events>(value.clone()) {
        Ok(event) => assert_eq!(Some(serde_json::to_value(&event).expect("an event")), again),
        Err(error) => assert_eq!(again, None, "{value}: {error}"),
    }
    let name = value["type"].as_str().unwrap_or_default();
    let can_travel = value.is_object() && !name.is_empty() && !name.starts_with(['_', '.']);
    let heard = WORLD.with(|world| world.send(value.clone()));
    match heard {
        Err(error) => assert!(!can_travel, "{value} is not sent: {error}"),
        Ok(heard) => {
            assert!(can_travel, "{value} must not be sent");
            assert_eq!(heard, again, "the handler of {value}");
        }
    }
}
