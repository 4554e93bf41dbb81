//! A reply's error is an enum or a struct.
//!
//! Mend: write an enum.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
union HistoryError {
    code: u32,
    room: u32,
}

fn main() {}
