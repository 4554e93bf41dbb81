//! A placeholder in an error's message takes no width from an argument.
//!
//! Mend: write the width as a number.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
#[reply("no_room", "there is no room {room:width$}")]
struct NoRoom {
    room: String,
    width: usize,
}

fn main() {}
