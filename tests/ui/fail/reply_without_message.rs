//! An error's code comes with a message.
//!
//! Mend: write the message after the code.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("busy")]
    Busy,
}

fn main() {}
