//! The future of `#[disconnect]` can move to another thread.
//!
//! Mend: drop the value before the `.await`, or use a `Send` one: `Arc` instead of `Rc`.

#![allow(unused_variables)]

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[disconnect]
    async fn disconnect(&mut self, context: &mut Context<Self>) -> Result {
        let local = std::rc::Rc::new(1);
        context.send_text("hi").await?;
        drop(local);
        Ok(())
    }
}

fn main() {}
