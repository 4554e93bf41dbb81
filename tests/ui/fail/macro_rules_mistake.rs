//! A mistake in a consumer that a macro writes is underlined in the macro.
//!
//! Mend: write `async fn` in the macro.

use consumer_runtime::prelude::*;

macro_rules! chat {
    ($name:ident, $method:ident) => {
        #[consumer("/ws")]
        struct $name;

        #[consumer]
        impl $name {
            #[receive]
            fn $method(&mut self, _: String) {}
        }
    };
}

chat!(Chat, receive);

fn main() {}
