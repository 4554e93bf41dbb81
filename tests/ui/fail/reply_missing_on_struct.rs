//! A struct that is a reply's error says what the client is told.
//!
//! Mend: write a code and a message above it, below the derive.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
struct NoRoom {
    room: String,
}

fn main() {}
