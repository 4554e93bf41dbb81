//! `close_code!` checks what is known while the program compiles.
//!
//! Mend: write `CloseCode::try_from(code)?` for a number that is not.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

fn refuse(code: u16) -> Result {
    Err(Close::new(close_code!(code), "no").into())
}

fn main() {}
