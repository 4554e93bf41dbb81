//! The runtime's own codes are not given to other errors.
//!
//! Mend: choose another code.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("timeout", "the archive does not answer")]
    Archive,
}

fn main() {}
