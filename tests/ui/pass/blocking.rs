//! Handlers on the blocking pool.

use axum::{Router, extract::Query};
use consumer_runtime::prelude::*;
use serde::{Deserialize, Serialize};

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[derive(Serialize)]
struct Welcome;

#[derive(Deserialize)]
struct Login {
    name: String,
}

#[consumer("/ws/{room}", group = "chat_{room}", sends(Welcome))]
struct Chat {
    room: String,
    count: usize,
}

#[consumer(blocking)]
impl Chat {
    #[connect]
    fn connect(Query(login): Query<Login>, context: &mut BlockingContext<Self>) -> Result<Self, Refusal> {
        context.send(&Welcome)?;
        Ok(Self { room: login.name, count: 0 })
    }

    #[receive]
    fn receive(&mut self, login: Login, context: &mut BlockingContext<Self>) -> Result<usize> {
        context.group().send(ChatMessage { message: login.name })?;
        self.count += 1;
        Ok(self.count)
    }

    #[event("chat.message")]
    fn chat_message(&mut self, event: &ChatMessage, context: &mut BlockingContext<Self>) -> Result {
        context.send_text(&event.message)
    }

    #[receive(bytes)]
    fn bytes(&mut self, bytes: Vec<u8>) {
        self.count += bytes.len();
    }

    #[disconnect]
    fn disconnect(&mut self) {
        self.room.clear();
    }
}

#[consumer("/ws/text")]
struct Text {
    count: usize,
}

#[consumer(blocking)]
impl Text {
    #[connect]
    fn connect(&mut self, context: &mut BlockingContext<Self>) -> Result {
        context.send_text("hi")
    }

    #[receive(text)]
    fn text(&mut self, text: String) -> Result {
        self.count += text.len();
        Ok(())
    }
}

fn main() {
    let _: Router = Router::new().consumer::<Chat>().consumer::<Text>();
    assert!(<Chat as Consumer>::BLOCKING);
}
