//! An answer travels, so it has both of serde's traits.
//!
//! Mend: derive `Serialize` and `Deserialize`.
//!
//! Errors: 2, one for each trait of serde.

use consumer_runtime::prelude::*;

struct Present {
    user: String,
}

#[event("presence.who", answer = Present)]
struct Who;

fn main() {
    let _ = Present { user: String::new() }.user;
}
