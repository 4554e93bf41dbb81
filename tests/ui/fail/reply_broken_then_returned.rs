//! A mistake in an error is told once, however many handlers return it.
//!
//! Mend: name a field in the braces.

use consumer_runtime::prelude::*;

#[derive(ReplyError)]
enum HistoryError {
    #[reply("no_room", "there is no room `{}`")]
    NoRoom { room: String },
    #[reply(internal)]
    Store(std::io::Error),
}

#[consumer("/ws")]
struct Chat;

#[consumer]
impl Chat {
    #[receive("find")]
    async fn find(&mut self, room: String) -> Result<u8, HistoryError> {
        std::fs::read(&room)?;
        Err(HistoryError::NoRoom { room })
    }

    #[receive("plain")]
    async fn plain(&mut self, room: String) -> Result {
        Err(HistoryError::NoRoom { room })?
    }
}

fn main() {}
