//! A payload owns its data.
//!
//! Mend: own what is borrowed: `String` instead of `&str`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;
use std::borrow::Cow;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, text: Cow<'static, [&str]>) {}
}

fn main() {}
