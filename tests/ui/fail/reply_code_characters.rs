//! The code of an error consists of lower-case letters, digits, `_` and dots.
//!
//! Mend: write it in lower case, with `_` between words.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("no room", "there is no such room")]
    NoRoom,
}

fn main() {}
