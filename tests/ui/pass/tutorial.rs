//! The tutorial chat of Django Channels.

use axum::{Router, routing::get};
use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

/// What a browser sends: `{"message": "hi"}`.
#[derive(Deserialize)]
struct Say {
    message: String,
}

/// What travels to everyone in a room.
#[event("chat.message")]
struct ChatMessage {
    message: String,
}

/// What a browser gets: `{"message": "hi"}`.
#[derive(Serialize)]
struct Said {
    message: String,
}

/// A room, and what may be sent to it.
#[group("chat_{room_name}", events(ChatMessage))]
struct Room {
    room_name: String,
}

#[consumer("/ws/chat/{room_name}/", group = Room)]
struct ChatConsumer {
    room_name: String,
}

#[consumer]
impl ChatConsumer {
    #[receive]
    async fn receive(&mut self, say: Say, context: &mut Context<Self>) -> Result {
        context.group().send(ChatMessage { message: say.message }).await
    }

    /// No `self`: the answer is the same for every member, so it runs once per process and is encoded once.
    #[event("chat.message")]
    fn chat_message(event: &ChatMessage) -> Said {
        Said { message: event.message.clone() }
    }
}

async fn page() -> &'static str {
    "chat"
}

fn main() {
    let _: Router =
        Router::new().route("/chat/", get(page)).route("/chat/{room_name}/", get(page)).consumer::<ChatConsumer>();
    let room = Room { room_name: "lobby".to_owned() };
    assert_eq!(room.name().unwrap().as_str(), "chat_lobby");
    let message = ChatMessage { message: "hi".to_owned() };
    assert_eq!(serde_json::to_string(&message).unwrap(), r#"{"type":"chat.message","message":"hi"}"#);
    let event: <ChatConsumer as Consumer>::Event =
        serde_json::from_str(r#"{"message":"hi","type":"chat_message"}"#).unwrap();
    assert_eq!(serde_json::to_string(&event).unwrap(), r#"{"type":"chat.message","message":"hi"}"#);
    assert_eq!(format!("{event:?}"), "chat.message");
}
