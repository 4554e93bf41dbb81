//! Each variant of a reply's error says what the client is told.
//!
//! Mend: write a code and a message above it, or `#[reply(internal)]`.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("no_room", "there is no such room")]
    NoRoom,
    Busy,
}

fn main() {}
