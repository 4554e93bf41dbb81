//! The sockets of the Django project beside this: the same URL, group, event and frames as its `chat/consumers.py`.

use axum::Router;
use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

/// What a browser sends: `{"message": "hi"}`.
#[derive(Deserialize)]
struct Say {
    message: String,
}

/// What Django sends with `group_send`, and what we send: `{"type": "chat.message", "message": "hi"}`.
#[event("chat.message")]
struct ChatMessage {
    message: String,
}

/// What a browser gets: `{"message": "hi"}`.
#[derive(Serialize)]
struct Said {
    message: String,
}

/// Django's group of the same name.
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

    /// Whoever sent it: a consumer of Django's, a view, a command, a task, or our own `receive`.
    #[event("chat.message")]
    fn chat_message(event: &ChatMessage) -> Said {
        Said { message: event.message.clone() }
    }
}

/// The consumer; the pages are Django's.
pub fn app() -> Router {
    Router::new().consumer::<ChatConsumer>()
}
