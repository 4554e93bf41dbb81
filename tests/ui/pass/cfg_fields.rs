//! Fields that are configured away, and fields whose names are keywords.

use consumer_runtime::prelude::*;

#[event("chat.message")]
struct ChatMessage {
    message: String,
    #[cfg(any())]
    missing: Missing,
}

#[group("chat_{type}", events(ChatMessage))]
struct Room {
    r#type: String,
}

#[consumer("/ws/{type}", group = Room)]
struct Chat {
    r#type: String,
    #[cfg(any())]
    missing: Missing,
    #[cfg(any())]
    #[extract]
    extracted: Missing,
    #[cfg(all())]
    count: u8,
    #[cfg(all())]
    #[extract]
    method: axum::http::Method,
}

#[consumer]
impl Chat {
    #[receive]
    async fn r#match(&mut self, _: String) -> String {
        self.count += 1;
        format!("{} {}", self.r#type, self.method)
    }

    #[event("chat.message")]
    fn r#loop(event: &ChatMessage) -> &str {
        &event.message
    }
}

#[consumer("/own/{type}", group = "own_{type}")]
struct Own {
    r#type: u8,
}

#[consumer]
impl Own {}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Chat>().consumer::<Own>();
    assert_eq!(Room { r#type: "a".to_owned() }.name().unwrap().as_str(), "chat_a");
    assert_eq!(Chat::HANDLERS.iter().map(|handler| handler.method).collect::<Vec<_>>(), ["match", "loop"]);
}
