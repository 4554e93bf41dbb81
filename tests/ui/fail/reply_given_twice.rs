//! A variant says once what the client is told.
//!
//! Mend: remove one of the two attributes.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("busy", "the server is busy")]
    #[reply(internal)]
    Busy,
}

fn main() {}
