//! The program that `tests/tests/editor` asks rust-analyzer about.

use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

/// What a browser sends.
#[derive(Deserialize)]
pub struct Say {
    pub message: String,
}

/// Asks for what was said before.
#[derive(Deserialize)]
pub struct HistoryQuery {
    pub limit: usize,
}

/// What travels to everyone in a room.
#[event("chat.message")]
pub struct ChatMessage {
    pub message: String,
}

/// Tells that somebody writes.
#[event("chat.typing")]
#[derive(Clone)]
pub struct Typing;

/// What a browser gets.
#[derive(Serialize)]
pub struct Said {
    pub message: String,
}

/// A room, and what may be sent to it.
#[group("chat_{room_name}", events(ChatMessage, Typing))]
pub struct Room {
    pub room_name: String,
}

/// One browser in a room.
#[consumer("/ws/chat/{room_name}/", group = Room, sends(Said))]
pub struct ChatConsumer {
    room_name: String,
    seen: usize,
}

#[consumer]
impl ChatConsumer {
    /// Greets with the room's name.
    #[connect]
    async fn connect(&mut self, context: &mut Context<Self>) -> Result<(), Refusal> {
        self.greet(context);
        Ok(())
    }

    /// Tells the room what was said.
    #[receive]
    async fn receive(&mut self, say: Say, context: &mut Context<Self>) -> Result {
        self.seen += 1;
        context.group().send(ChatMessage { message: say.message }).await
    }

    /// Counts what was seen, up to a limit.
    #[receive("chat.history")]
    async fn history(&mut self, query: HistoryQuery) -> Result<usize> {
        Ok(self.seen.min(query.limit))
    }

    /// Shows everyone a message, encoded once.
    #[event("chat.message")]
    fn chat_message(event: &ChatMessage) -> Said {
        Said { message: event.message.clone() }
    }

    /// Passes on that somebody writes.
    #[event("chat.typing")]
    async fn chat_typing(&mut self, _: &Typing, context: &mut Context<Self>) -> Result {
        context.send(&Said { message: String::from("..") }).await
    }

    /// Says where the browser is.
    fn greet(&self, context: &Context<Self>) {
        println!("{} is in {}", context.channel_name(), self.room_name);
    }
}

fn main() {
    let said = ChatConsumer::chat_message(&ChatMessage { message: String::from("hello") });
    println!("{}", said.message);
    let _ = ChatConsumer::router::<()>();
}
