//! A consumer that is mounted has its impl half in every configuration.
//!
//! Mend: put the same `#[cfg(..)]` where it is mounted.

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[cfg(any())]
#[consumer]
impl Chat {}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>();
}
