//! `#[disconnect]` answers nobody.
//!
//! Mend: return `Result` or nothing.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[disconnect]
    async fn disconnect(&mut self) -> Option<u8> {
        None
    }
}

fn main() {}
