//! What an `internal` error wraps implements `std::error::Error`.
//!
//! Mend: implement `std::error::Error` for it.

use consumer_runtime::prelude::*;

struct Failure;

#[derive(ReplyError)]
enum HistoryError {
    #[reply(internal)]
    Store(Failure),
}

fn main() {}
