//! Contracts of consumers whose payloads derive `JsonSchema`, and of those whose payloads do not.
#![deny(warnings)]

use std::{collections::HashMap, marker::PhantomData};

use consumer_runtime::{prelude::*, schema::Contract};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
struct Query {
    before: Option<u64>,
    limit: u32,
}

#[derive(Deserialize)]
struct Undescribed {}

#[derive(Serialize, JsonSchema)]
struct History<'a> {
    messages: Vec<&'a str>,
}

/// Above the derive.
#[event("chat.message")]
#[derive(JsonSchema)]
struct ChatMessage {
    message: String,
}

/// Below the derive.
#[derive(JsonSchema)]
#[event("chat.typing")]
struct Typing {
    who: String,
}

#[event("chat.closed")]
#[derive(JsonSchema)]
struct Closed;

#[event("chat.plain")]
struct Plain {}

#[derive(Serialize)]
struct Page<T> {
    item: T,
}

mod inner {
    #[derive(serde::Serialize, schemars::JsonSchema)]
    pub struct Welcome {
        pub name: String,
    }
}

#[consumer("/ws", sends(inner::Welcome, Typing, Closed, Plain, Page<u8>))]
struct Chat;

#[consumer]
impl Chat {
    #[receive("chat.history")]
    async fn history(&mut self, query: Query) -> History<'_> {
        let _ = (query.before, query.limit);
        History { messages: Vec::new() }
    }

    #[receive("chat.plain")]
    async fn plain(&mut self, _: Undescribed) -> Result<Option<HashMap<String, bool>>, Error> {
        Ok(None)
    }

    #[receive("chat.opaque")]
    async fn opaque(&mut self, _: &Query) -> impl Serialize + use<> {
        1
    }

    #[cfg(any())]
    #[receive("chat.never")]
    async fn never(&mut self, _: Nowhere) {}

    #[event("chat.message")]
    fn message(event: &ChatMessage) -> Result<Option<String>> {
        Ok(Some(event.message.clone()))
    }
}

#[consumer("/generic", sends(Page<T>))]
struct Generic<T: Default + Serialize + Send + 'static> {
    item: PhantomData<fn() -> T>,
}

#[consumer]
impl<T: Default + Serialize + Send + 'static> Generic<T> {
    #[receive]
    async fn receive(&mut self, _: Query) -> T {
        let _ = self.item;
        T::default()
    }
}

#[consumer("/blocking")]
struct Blocking;

#[consumer(blocking)]
impl Blocking {
    #[receive(text)]
    fn text(&mut self, text: &str) -> Option<usize> {
        Some(text.len())
    }
}

fn main() {
    assert_eq!(
        Contract::of::<Chat>().to_string(),
        "contract 1\n\
         frame chat.history {before?:integer|null,limit:integer} -> {messages:[string]}\n\
         frame chat.opaque {before?:integer|null,limit:integer} -> any\n\
         frame chat.plain any -> {*:bool}|null\n\
         send \"Page<u8>\" any\n\
         send Welcome {name:string}\n\
         send chat.closed {type:\"chat.closed\"}\n\
         send chat.message string\n\
         send chat.plain any\n\
         send chat.typing {type:\"chat.typing\",who:string}"
    );
    assert_eq!(
        Contract::of::<Generic<u8>>().to_string(),
        "contract 1\nframe \"\" {before?:integer|null,limit:integer} -> any\nsend \"Page<T>\" any"
    );
    assert_eq!(Contract::of::<Blocking>().to_string(), "contract 1\ntext -> integer|null");
    let _ = (ChatMessage { message: String::new() }, Typing { who: String::new() }, Closed, Plain {});
    let _ = (Page { item: 1 }.item, inner::Welcome { name: String::new() });
}
