//! The chat of `examples/chat` with a handler that takes `self`, and an echo.
//!
//! ```text
//! cargo run --release -p benches --bin ours -- 127.0.0.1:0             # without limits
//! cargo run --release -p benches --bin ours -- 127.0.0.1:0 limited     # with those that users have
//! ```

use axum::Router;
use consumer_runtime::{Server, Settings, listen, prelude::*, shutdown_signal};
use serde::{Deserialize, Serialize};

/// What a browser sends.
#[derive(Deserialize)]
struct Say {
    message: String,
}

/// What travels to everyone in a room.
#[event("chat.message")]
struct ChatMessage {
    message: String,
}

/// What a browser gets.
#[derive(Serialize)]
struct Said {
    message: String,
}

/// A room, and what may be sent to it.
#[group("chat_{room_name}", events(ChatMessage))]
struct Room {
    room_name: String,
}

#[consumer("/ws/chat/{room_name}/", group = Room, sends(Said))]
struct ChatConsumer {
    room_name: String,
}

#[consumer]
impl ChatConsumer {
    #[receive]
    async fn receive(&mut self, say: Say, context: &mut Context<Self>) -> Result {
        context.group().send(ChatMessage { message: say.message }).await
    }

    /// With `self`: it runs once for each member.
    #[event("chat.message")]
    async fn chat_message(&mut self, event: &ChatMessage, context: &mut Context<Self>) -> Result {
        context.send(&Said { message: event.message.clone() }).await
    }
}

#[consumer("/echo/")]
struct Echo {}

#[consumer]
impl Echo {
    #[receive(text)]
    async fn receive(&mut self, text: &str, context: &mut Context<Self>) -> Result {
        context.send_text(text).await
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:0".into());
    // With the limits that users have, though all clients come from this machine.
    let settings = match arguments.next() {
        Some(_) => Settings { max_connections_per_ip: None, ..Settings::default() },
        None => Settings::unlimited(),
    };
    let app = Router::new().consumer::<ChatConsumer>().consumer::<Echo>().with_settings(settings);
    let listener = listen(address).await?;
    println!("listening on {}", listener.local_addr()?);
    Server::new(app).channels(Channels::memory()).run(listener, shutdown_signal()).await
}
