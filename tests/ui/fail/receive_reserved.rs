//! The names of the runtime's own frames are taken for frames.
//!
//! Mend: put a word before it, as in `"chat.error"`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive("error")]
    async fn error(&mut self, frame: String) {}
}

fn main() {}
