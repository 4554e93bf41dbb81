//! An error whose `ReplyError` is written by hand implements `std::error::Error`.
//!
//! Mend: implement `std::error::Error` for it, or derive `ReplyError`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

struct Busy;

impl ReplyError for Busy {
    const CODES: &'static [&'static str] = &["busy"];

    fn answer(&self) -> Option<Answer> {
        Some(Answer::new("busy", "the server is busy"))
    }
}

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive("find")]
    async fn find(&mut self, room: String) -> Result<u8, Busy> {
        Err(Busy)
    }
}

fn main() {}
