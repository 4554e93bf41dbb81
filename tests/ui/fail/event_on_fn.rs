//! A handler is a method of a consumer.

use consumer_runtime::prelude::*;

#[event("chat.message")]
async fn chat_message() {}

fn main() {}
