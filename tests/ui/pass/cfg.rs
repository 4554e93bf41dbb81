//! What is configured away takes everything generated for it along.

use consumer_runtime::prelude::*;
use serde::Deserialize;

#[event("first")]
struct First;

#[event("second")]
#[derive(Clone)]
struct Second {
    number: u8,
}

#[derive(Deserialize)]
struct Frame {
    number: u8,
}

#[consumer("/ws")]
struct Chat {
    number: u8,
}

#[consumer]
impl Chat {
    #[cfg(any())]
    #[connect]
    async fn connect(missing: Missing) -> Result<Self, Refusal> {
        missing.build()
    }

    #[cfg(any())]
    #[event("missing")]
    async fn missing(&mut self, event: &Missing) {}

    #[cfg(all())]
    #[event("first")]
    async fn first(&mut self, _: &First) {}

    #[cfg(any())]
    #[event("second")]
    async fn second(&mut self, second: &Second) {
        missing(second);
    }

    #[cfg(not(any()))]
    #[event("second")]
    fn second(event: &Second) -> u8 {
        event.number
    }

    #[cfg(any())]
    #[receive]
    async fn receive(&mut self, frame: Missing) {}

    #[receive("frame")]
    async fn frame(&mut self, frame: Frame) -> u8 {
        self.number + frame.number
    }

    #[cfg(any())]
    #[receive(bytes)]
    async fn bytes(&mut self, bytes: Missing) {}

    #[cfg(any())]
    #[disconnect]
    async fn disconnect(&mut self, gone: Missing) {}
}

#[consumer("/empty")]
struct Empty;

#[consumer]
impl Empty {
    #[cfg(any())]
    #[event("missing")]
    async fn missing(&mut self, event: &Missing) {}
}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>().consumer::<Empty>();
    assert_eq!(Chat::HANDLERS.len(), 3);
    type Event = <Chat as Consumer>::Event;
    let event: Event = serde_json::from_str(r#"{"type":"second","number":7}"#).unwrap();
    assert_eq!(serde_json::to_string(&event).unwrap(), r#"{"type":"second","number":7}"#);
    assert!(serde_json::from_str::<Event>(r#"{"type":"missing"}"#).is_err());
}
