//! The chat room of the Django Channels tutorial: same page, same URLs, same frames.

use axum::{
    Router,
    response::{Html, Redirect},
    routing::get,
};
use consumer_runtime::{prelude::*, schema::Declarations};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a browser sends: `{"message": "hi"}`.
#[derive(Deserialize, JsonSchema)]
struct Say {
    message: String,
}

/// What travels to everyone in a room: `{"type": "chat.message", "message": "hi"}`.
#[event("chat.message")]
struct ChatMessage {
    message: String,
}

/// What a browser gets: `{"message": "hi"}`.
#[derive(Serialize, JsonSchema)]
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

/// What goes over the sockets, for `chat schema`.
pub fn declarations() -> Declarations {
    Declarations::new("Chat", env!("CARGO_PKG_VERSION")).consumer::<ChatConsumer>()
}

/// The pages and the consumer.
pub fn app() -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to("/chat/") }))
        .route("/chat/", get(|| async { Html(include_str!("pages/index.html")) }))
        .route("/chat/{room_name}/", get(|| async { Html(include_str!("pages/room.html")) }))
        .consumer::<ChatConsumer>()
}
