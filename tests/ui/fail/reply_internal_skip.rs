//! Nothing of an `internal` error is told, so nothing of it is skipped.
//!
//! Mend: remove the `skip`.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply(internal)]
    Store(#[reply(skip)] std::io::Error),
}

fn main() {}
