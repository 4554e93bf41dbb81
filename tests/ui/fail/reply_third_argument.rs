//! An error has a code and a message, and no more.
//!
//! Mend: make what is to be told a field.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("too_many", "at most {max} messages", max = 100)]
    TooMany { max: u32 },
}

fn main() {}
