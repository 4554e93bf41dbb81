//! Both halves of a consumer have one configuration.
//!
//! Mend: put the same `#[cfg(..)]` above the impl.

use consumer_runtime::prelude::*;

#[cfg(any())]
#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String) {}
}

fn main() {}
