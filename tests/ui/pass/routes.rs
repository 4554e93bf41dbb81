//! `routes!`: paths, generic consumers, groups in common, states, and paths that axum allows beside one another.

use axum::{Router, extract::State, routing::get};
use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[group("chat_{room}", events(ChatMessage))]
struct Room {
    room: String,
}

mod chat {
    use super::*;

    #[consumer("/ws/{room}/", group = Room)]
    pub struct Chat {
        room: String,
    }

    #[consumer]
    impl Chat {
        #[event("chat.message")]
        async fn chat_message(&mut self, _: &ChatMessage) {}
    }
}

/// Its path is a literal beside a capture, and its group is that of another consumer.
#[consumer("/ws/lobby/", group = Room)]
struct Lobby {
    room: String,
}

#[consumer]
impl Lobby {
    #[event("chat.message")]
    async fn chat_message(&mut self, _: &ChatMessage) {}
}

#[consumer("/ws/echo/{*rest}", group = "echo_{number}")]
struct Echo<T: Default + Send + 'static> {
    rest: String,
    number: u32,
    value: T,
}

#[consumer]
impl<T: Default + Send + 'static> Echo<T> {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        self.value = T::default();
        context.send_text(text + &self.rest).await
    }
}

#[consumer("/ws/counted/", group = "game_{number}")]
struct Counted {
    #[extract]
    state: State<u64>,
    number: u32,
}

#[consumer]
impl Counted {
    #[receive(text)]
    async fn receive(&mut self, _: String, context: &mut Context<Self>) -> Result {
        context.send_text(self.state.to_string()).await
    }
}

fn plain<S: Clone + Send + Sync + 'static>() -> Router<S> {
    routes![chat::Chat, Lobby]
}

fn main() {
    let app: Router = routes![chat::Chat, Lobby, Echo<u8>,].with_channels(Channels::memory());
    let counted: Router = routes![Counted, crate::chat::Chat, Echo::<String>].with_state(7);
    let merged: Router = Router::new().route("/", get(|| async {})).merge(routes![Counted]).merge(plain()).with_state(7);
    let all = (app, counted, merged);
    drop(all);
}
