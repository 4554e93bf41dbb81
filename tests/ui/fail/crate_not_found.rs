//! The path in `crate` leads to the runtime.
//!
//! Mend: write the path as a `use` would find it from here, or depend on the crate that it names.

use consumer_runtime::prelude::*;

#[event("typing")]
struct Typing;

#[consumer("/ws")]
struct Chat {
    name: String,
}

#[consumer(crate = my::runtime)]
impl Chat {
    #[receive]
    async fn receive(&mut self, name: String) {
        self.name = name;
    }

    #[event("typing")]
    async fn typing(&mut self, _: &Typing) {}
}

fn main() {}
