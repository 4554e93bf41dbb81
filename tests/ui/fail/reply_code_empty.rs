//! The code of an error is not empty.
//!
//! Mend: name the code.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
#[reply("", "there is no such room")]
struct NoRoom;

fn main() {}
