//! `#[reply]` says something.
//!
//! Mend: write a code and a message, or `internal`.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply]
    Busy,
}

fn main() {}
