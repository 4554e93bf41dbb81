//! Two `internal` variants wrap different types, since `?` makes one variant of a type.
//!
//! Mend: keep one variant, or wrap one of the two in a type of its own.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply(internal)]
    Read(std::io::Error),
    #[reply(internal)]
    Write(std::io::Error),
}

fn main() {}
