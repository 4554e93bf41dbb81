//! A placeholder in an error's message is no expression.
//!
//! Mend: write the field's name alone, and compute before the error is made.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
#[reply("no_room", "a room with {room.len()} letters")]
struct NoRoom {
    room: String,
}

fn main() {}
