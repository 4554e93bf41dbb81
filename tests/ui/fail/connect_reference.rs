//! Extractors are taken by value.
//!
//! Mend: remove the `&`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    async fn connect(&mut self, headers: &axum::http::HeaderMap) {}
}

fn main() {}
