//! An event comes without a request, so its handler takes no extractor.
//!
//! Mend: keep what it needs in a field that `#[connect]` or `#[extract]` fills.

#![allow(unused_variables)]

use axum::http::HeaderMap;
use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("typing")]
    async fn typing(&mut self, event: &Typing, context: &mut Context<Self>, headers: HeaderMap) {}
}

fn main() {}
