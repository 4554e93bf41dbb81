//! `#[connect]` without `self` returns the consumer.
//!
//! Mend: return `Self`, `Result<Self, Refusal>` or `Result<Self>`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect() -> String {
        String::new()
    }
}

fn main() {}
