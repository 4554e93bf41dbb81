//! Two variants of an error have different codes.
//!
//! Mend: give one of them another code, or make them one variant.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("no_room", "there is no such room")]
    NoRoom,
    #[reply("no_room", "the room was closed")]
    Closed,
}

fn main() {}
