//! An error of which nothing is told has no code and no message.
//!
//! Mend: write `#[reply(internal)]`.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("internal", "something went wrong")]
    Store,
}

fn main() {}
