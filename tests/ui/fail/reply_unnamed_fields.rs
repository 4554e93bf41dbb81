//! The fields of an error that is told have names.
//!
//! Mend: name the fields.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("no_room", "there is no such room")]
    NoRoom(String),
}

fn main() {}
