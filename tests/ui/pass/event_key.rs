//! Events that say what they are about.

#![deny(warnings)]
#![allow(dead_code)]

use consumer_runtime::{Overflow, prelude::*};
use serde::{Deserialize, Serialize};

#[derive(Clone, Hash, Serialize, Deserialize)]
struct Symbol {
    market: String,
    name: String,
}

#[event("price.moved", key = symbol)]
struct PriceMoved {
    symbol: Symbol,
    price: f64,
}

/// Of these, only the last one matters.
#[event("list.changed", key)]
struct ListChanged;

#[event("count", key,)]
struct Count {
    count: u64,
}

#[event("kind", key = r#type)]
struct Kind {
    #[serde(rename = "kind")]
    r#type: Option<char>,
}

macro_rules! about {
    ($name:literal, $event:ident, $field:ident) => {
        #[event($name, key = $field)]
        struct $event {
            $field: u32,
        }
    };
}

about!("by.number", ByNumber, number);

#[consumer("/ws", group = "all", sends(Kind), settings(overflow = Overflow::KeepLatest))]
struct Prices;

#[consumer]
impl Prices {
    #[event("price.moved")]
    fn price_moved(event: &PriceMoved) -> (String, f64) {
        (event.symbol.name.clone(), event.price)
    }

    #[event("list.changed")]
    fn list_changed(_: &ListChanged) -> &'static str {
        "load the list anew"
    }

    #[event("count")]
    fn count(event: &Count) -> Option<u64> {
        Some(event.count)
    }

    #[event("by.number")]
    fn by_number(event: &ByNumber) -> u32 {
        event.number
    }

    /// With `self`, the handler says the key.
    #[event("kind")]
    async fn kind(&mut self, event: &Kind, context: &mut Context<Self>) -> Result {
        context.send_latest(("kind", event.r#type), event).await
    }
}

#[consumer("/ws/blocking/", sends(Kind))]
struct Blocking;

#[consumer(blocking)]
impl Blocking {
    #[receive]
    fn receive(&mut self, kind: Kind, context: &mut BlockingContext<Self>) -> Result {
        context.send_latest(kind.r#type, &kind)
    }
}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Prices>().consumer::<Blocking>();
}
