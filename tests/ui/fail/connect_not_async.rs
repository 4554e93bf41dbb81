//! `#[connect]` is an `async fn`.
//!
//! Mend: write `async fn`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    fn connect() -> Result<Self, Refusal> {
        Ok(Self)
    }
}

fn main() {}
