//! A handler holds no lock of the standard library while it waits.
//!
//! Mend: end the guard before the `.await`: in a block, or by `drop`.

use std::sync::{Arc, Mutex};

use consumer_runtime::prelude::*;

#[consumer("/ws")]
struct Chat {
    seen: Arc<Mutex<u64>>,
}

#[consumer]
impl Chat {
    #[receive]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        let mut seen = self.seen.lock().unwrap();
        *seen += 1;
        context.send_text(seen.to_string()).await
    }
}

fn main() {}
