//! The attributes of `consumer-runtime`, which re-exports and documents them.
//!
//! Each attribute goes from parsing over a model and its checks to the expansion, and always emits the user's item.

mod attributes;
mod consumer;
mod errors;
mod event;
mod group;
mod misplaced;
mod names;
mod paths;
mod route;
mod runtime;
#[cfg(test)]
mod snapshot;
mod template;
mod types;

use proc_macro::TokenStream;

/// Declares a consumer on its struct, and implements it on its impl block.
#[proc_macro_attribute]
pub fn consumer(arguments: TokenStream, item: TokenStream) -> TokenStream {
    runtime::expand("consumer", arguments.into(), item.into(), consumer::expand).into()
}

/// Names an event.
#[proc_macro_attribute]
pub fn event(arguments: TokenStream, item: TokenStream) -> TokenStream {
    runtime::expand("event", arguments.into(), item.into(), event::expand).into()
}

/// Declares a group.
#[proc_macro_attribute]
pub fn group(arguments: TokenStream, item: TokenStream) -> TokenStream {
    runtime::expand("group", arguments.into(), item.into(), group::expand).into()
}

/// Marks a handler of the client's frames inside `#[consumer] impl`; anywhere else it says so.
#[proc_macro_attribute]
pub fn receive(_: TokenStream, item: TokenStream) -> TokenStream {
    misplaced::expand("receive", item.into()).into()
}

/// Marks the connect handler inside `#[consumer] impl`; anywhere else it says so.
#[proc_macro_attribute]
pub fn connect(_: TokenStream, item: TokenStream) -> TokenStream {
    misplaced::expand("connect", item.into()).into()
}

/// Marks the disconnect handler inside `#[consumer] impl`; anywhere else it says so.
#[proc_macro_attribute]
pub fn disconnect(_: TokenStream, item: TokenStream) -> TokenStream {
    misplaced::expand("disconnect", item.into()).into()
}
