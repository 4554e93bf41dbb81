//! `Error::reply` takes an error that says what the client is told.
//!
//! Mend: implement `ReplyError` for it, or use `?` alone.

#![allow(dead_code)]

use consumer_runtime::prelude::*;

fn number(text: &str) -> Result<u8> {
    text.parse::<u8>().map_err(|error| Error::reply(error))
}

fn main() {}
