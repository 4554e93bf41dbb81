//! A handler keeps no borrow of its event.
//!
//! Mend: keep a clone in a `String`.

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing {
    name: String,
}

#[consumer("/ws")]
struct Chat {
    last: &'static str,
}

#[consumer]
impl Chat {
    #[event("typing")]
    async fn typing(&mut self, event: &Typing) {
        self.last = &event.name;
    }
}

fn main() {}
