//! The fields of an error can be serialised.
//!
//! Mend: add `#[derive(serde::Serialize)]` to the field's type, or `#[reply(skip)]` to the field.

#![allow(dead_code)]

use consumer_runtime::prelude::*;

struct Room;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("no_room", "there is no such room")]
    NoRoom { room: Room },
}

fn main() {}
