//! No prelude, and the user's own items have the names that macros like to use.

#![no_implicit_prelude]
#![allow(dead_code)]

mod std {}
mod core {}
mod serde {}
mod consumer_macros {}
struct Result;
struct Option;
struct Send;
struct Sync;
struct Clone;
struct Default;
struct String;
struct Arc;
struct Consumer;
struct Outcome;
struct S;
struct D;
struct E;
struct T;

#[::consumer_runtime::event("event")]
#[::core::prelude::v1::derive(::core::clone::Clone)]
struct Event {
    number: u8,
}

#[::consumer_runtime::event("inbound")]
struct Inbound;

#[::consumer_runtime::event("d")]
struct Data {
    bytes: ::std::vec::Vec<u8>,
}

#[::core::prelude::v1::derive(::serde::Serialize, ::serde::Deserialize)]
struct Receive {
    number: u8,
}

#[::consumer_runtime::group("room_{number}", events(Event, Inbound))]
struct Group {
    number: u8,
}

#[::consumer_runtime::consumer(
    "/{number}",
    group = Group,
    sends(Receive),
    subprotocols("a"),
    keep_scope,
    settings(max_message = 1)
)]
struct Context {
    number: u8,
}

#[::consumer_runtime::consumer]
impl Context {
    #[connect]
    async fn connect(method: ::axum::http::Method) -> ::core::result::Result<Self, ::consumer_runtime::Refusal> {
        let _ = method;
        ::core::result::Result::Ok(Self { number: 1 })
    }

    #[receive]
    async fn receive(&mut self, receive: Receive, context: &mut ::consumer_runtime::Context<Self>) {
        let _ = (receive.number, context);
    }

    #[receive("other")]
    async fn other(&mut self, receive: Receive) -> ::core::option::Option<u8> {
        ::core::option::Option::Some(receive.number)
    }

    #[receive(bytes)]
    async fn bytes(&mut self, _: ::std::vec::Vec<u8>) {}

    #[event("event")]
    async fn event(&mut self, _: Event) {}

    #[event("inbound")]
    fn inbound(_: &Inbound) -> u8 {
        1
    }

    #[event("d")]
    async fn data(&mut self, _: &Data, _: &mut ::consumer_runtime::Context<Self>) -> ::consumer_runtime::Result {
        ::core::result::Result::Ok(())
    }

    #[disconnect]
    async fn disconnect(&mut self, _: ::consumer_runtime::Disconnect) {}
}

#[::consumer_runtime::consumer("/own/{number}", group = "own_{number}")]
struct Own {
    number: u8,
    count: u8,
    #[extract]
    method: ::axum::http::Method,
}

#[::consumer_runtime::consumer(blocking)]
impl Own {
    #[connect]
    fn connect(&mut self, _: ::axum::http::Method) {}

    #[receive(text)]
    fn text(&mut self, _: &::core::primitive::str) {}

    #[event("event")]
    fn event(&mut self, _: Event) {}
}

fn main() {
    use ::consumer_runtime::RouterExt as _;
    let _: ::axum::Router = ::axum::Router::new().consumer::<Context>().consumer::<Own>();
}
