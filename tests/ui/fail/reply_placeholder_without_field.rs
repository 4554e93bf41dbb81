//! A placeholder in an error's message is a field.
//!
//! Mend: name a field of the variant, or add the field.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("no_room", "there is no room `{name}`")]
    NoRoom { room: String, floor: u8 },
}

fn main() {}
