//! The names of the runtime's own frames are taken for events.
//!
//! Mend: put a word before it, as in `"chat.reply"`.

use consumer_runtime::prelude::*;

#[event("reply")]
struct Reply;

fn main() {}
