//! A handler is a method of a consumer, not a function.
//!
//! Mend: move the function into a `#[consumer] impl`.

use consumer_runtime::prelude::*;

#[event("chat.message")]
async fn chat_message() {}

fn main() {}
