//! A handler stands in the consumer's own impl.
//!
//! Mend: move it into `#[consumer] impl Chat`.

use consumer_runtime::prelude::*;

#[allow(async_fn_in_trait)]
trait Talk {
    async fn talk(&mut self, text: String);
}

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {}

impl Talk for Chat {
    #[receive]
    async fn talk(&mut self, _: String) {}
}

fn main() {}
