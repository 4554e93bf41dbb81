//! An extractor in `#[connect]` is named by its type.
//!
//! Mend: name the extractor's type, as in `headers: HeaderMap`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, headers: impl Send) {}
}

fn main() {}
