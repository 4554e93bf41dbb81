//! A public consumer with private events, frames and group.

#![deny(warnings)]

mod chat {
    use consumer_runtime::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Deserialize, Serialize)]
    struct Say {
        message: String,
    }

    #[event("chat.message")]
    struct ChatMessage {
        message: String,
    }

    #[group("chat_{room}", events(ChatMessage))]
    struct Room {
        room: String,
    }

    #[consumer("/ws/{room}", group = Room, sends(Say))]
    pub struct Chat {
        room: String,
    }

    #[consumer]
    impl Chat {
        #[receive]
        async fn receive(&mut self, say: Say, context: &mut Context<Self>) -> Result {
            context.send(&say).await?;
            context.leave(Room { room: self.room.clone() }).await?;
            context.group().send(ChatMessage { message: say.message }).await
        }

        #[event("chat.message")]
        fn chat_message(event: &ChatMessage) -> Say {
            Say { message: event.message.clone() }
        }
    }
}

fn main() {
    use consumer_runtime::prelude::*;
    let _: axum::Router = axum::Router::new().consumer::<chat::Chat>();
}
