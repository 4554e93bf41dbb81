//! What stands in `#[reply(..)]` is a code and a message, or `internal`.
//!
//! Mend: write one of the two.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply(transparent)]
    Store(std::io::Error),
}

fn main() {}
