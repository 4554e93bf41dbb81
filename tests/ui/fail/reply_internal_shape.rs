//! An `internal` error wraps what happened: one field without a name.
//!
//! Mend: write `Store(std::io::Error)`.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply(internal)]
    Store { error: std::io::Error },
}

fn main() {}
