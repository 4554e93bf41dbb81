//! A placeholder in an error's message has a name.
//!
//! Mend: write the field's name into the braces.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("no_room", "there is no room `{}`")]
    NoRoom { room: String },
}

fn main() {}
