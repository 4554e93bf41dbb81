//! A field in the message of an error can be written as text.
//!
//! Mend: implement `Display` for the field's type.

#![allow(dead_code)]

use consumer_runtime::prelude::*;

#[derive(serde::Serialize)]
struct Room;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("no_room", "there is no room `{room}`")]
    NoRoom { room: Room },
}

fn main() {}
