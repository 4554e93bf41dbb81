//! A field of an error has one option, `skip`.
//!
//! Mend: write `#[reply(skip)]`, or remove the attribute.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("too_many", "at most {max} messages")]
    TooMany {
        max: u32,
        #[reply(hidden)]
        asked: u32,
    },
}

fn main() {}
