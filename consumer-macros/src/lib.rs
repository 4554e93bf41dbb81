//! The attributes of `consumer-runtime`, which re-exports and documents them.
//!
//! Each attribute goes from parsing over a model and its checks to the expansion, and always emits the user's item.
//!
//! The docs here are what an editor shows over an attribute; those at the re-export go on from there.

mod attributes;
mod consumer;
mod errors;
mod event;
mod group;
mod misplaced;
mod names;
mod paths;
mod reply_error;
mod route;
mod routes;
mod runtime;
#[cfg(test)]
mod snapshot;
mod template;
mod types;

use proc_macro::TokenStream;

/// Declares a consumer on its struct, and implements it on its impl block.
///
/// Above the struct stand the path and options, `#[consumer("/ws/chat/{room_name}/", group = Room)]`. The options are
/// `group = Room` or `group = "chat_{room_name}"`, `sends(A, B)`, `subprotocols("v2", "v1")`, `keep_scope` and
/// `settings(max_message = 4096)`. Above the impl stands `#[consumer]`, or `#[consumer(blocking)]` for handlers that are
/// plain `fn`s; in it, `#[connect]`, `#[receive]`, `#[event("..")]` and `#[disconnect]` make methods handlers.
///
/// A worker, which takes its events from a channel instead, has `#[consumer(channel = "thumbnails-generate")]` above its
/// struct, with `acknowledged` if its messages are kept until they are handled, and `#[consumer(worker)]` above its impl.
#[proc_macro_attribute]
pub fn consumer(arguments: TokenStream, item: TokenStream) -> TokenStream {
    runtime::expand("consumer", arguments.into(), item.into(), consumer::expand).into()
}

/// Names a struct as an event, or a method as an event's handler.
///
/// `#[event("chat.message")]` above a struct makes it the payload `{"type": "chat.message", ..}`. Its options are
/// `answer = Present`, the type that its handlers return, and `key = symbol`, the field by which a newer one replaces an
/// older one in the queue of a slow client. Inside a `#[consumer]` impl block it marks the event's handler: with `&mut self` one that runs for each connection, without `self` one that
/// runs once and whose value every member is sent.
#[proc_macro_attribute]
pub fn event(arguments: TokenStream, item: TokenStream) -> TokenStream {
    runtime::expand("event", arguments.into(), item.into(), event::expand).into()
}

/// Declares a family of groups: how they are named, and what may be sent to them.
///
/// `#[group("chat_{room_name}", events(ChatMessage))]` stands above a struct with the template's names as its fields.
#[proc_macro_attribute]
pub fn group(arguments: TokenStream, item: TokenStream) -> TokenStream {
    runtime::expand("group", arguments.into(), item.into(), group::expand).into()
}

/// Mounts consumers on one router.
#[proc_macro]
pub fn routes(consumers: TokenStream) -> TokenStream {
    routes::expand(consumers.into()).into()
}

/// Marks a handler of the client's frames inside `#[consumer] impl`; anywhere else it says so.
///
/// `#[receive]` takes the JSON frame without a `type`, `#[receive("chat.history")]` the one of that type,
/// `#[receive(text)]` and `#[receive(bytes)]` whole frames as they come. What the handler returns answers the frame.
#[proc_macro_attribute]
pub fn receive(_: TokenStream, item: TokenStream) -> TokenStream {
    misplaced::expand("receive", item.into()).into()
}

/// Marks the connect handler inside `#[consumer] impl`; anywhere else it says so.
///
/// It runs before the connection is accepted, takes any axum extractors and the context, and may refuse. With
/// `&mut self` it completes the consumer; without, it returns it.
#[proc_macro_attribute]
pub fn connect(_: TokenStream, item: TokenStream) -> TokenStream {
    misplaced::expand("connect", item.into()).into()
}

/// Marks the disconnect handler inside `#[consumer] impl`; anywhere else it says so.
///
/// It runs once, whatever ended the connection.
#[proc_macro_attribute]
pub fn disconnect(_: TokenStream, item: TokenStream) -> TokenStream {
    misplaced::expand("disconnect", item.into()).into()
}

/// Says what the client is told of an error.
#[proc_macro_derive(ReplyError, attributes(reply))]
pub fn reply_error(item: TokenStream) -> TokenStream {
    reply_error::expand(item.into()).into()
}
