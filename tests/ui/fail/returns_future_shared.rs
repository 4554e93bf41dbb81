//! A handler without `self` returns no future.
//!
//! Mend: return the value; or take `&mut self`, be `async`, and send it.

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[event("typing")]
    fn typing(_: &Typing) -> impl Future<Output = String> {
        async { "typing".to_owned() }
    }
}

fn main() {}
