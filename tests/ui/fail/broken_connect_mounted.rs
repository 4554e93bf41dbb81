//! A broken `#[connect]` is one mistake, wherever the consumer is mounted.
//!
//! Mend: write `async fn connect`; the line that mounts the consumer is right as it is.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[connect]
    fn connect() -> Result<Self, Refusal> {
        Ok(Self)
    }
}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
