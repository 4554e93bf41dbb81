//! Braces in an error's message come in pairs.
//!
//! Mend: close the placeholder, or double the brace.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("no_room", "there is no room {room")]
    NoRoom { room: String },
}

fn main() {}
