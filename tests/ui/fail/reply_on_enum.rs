//! What the client is told stands above the variants of an error, not above the enum.
//!
//! Mend: move it to a variant.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
#[reply("history", "there is no history")]
enum HistoryError {
    #[reply("busy", "the server is busy")]
    Busy,
}

fn main() {}
