//! The runtime under another name, while its own name means something else here.

#![deny(warnings)]
#![allow(dead_code)]

mod my {
    pub(crate) use ::consumer_runtime as runtime;
}

mod consumer_runtime {}

use my::runtime::{
    BlockingContext, Context, Refusal, ReplyError, Result, close_code, consumer, event, group, routes,
};

#[derive(serde::Deserialize)]
struct Say {
    message: String,
}

#[derive(serde::Serialize)]
struct Said {
    message: String,
}

#[event("chat.message", crate = my::runtime)]
struct ChatMessage {
    message: String,
}

#[event("chat.left", crate = crate::my::runtime)]
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub struct Left {
    name: String,
}

#[event("chat.typing", crate = my::runtime)]
struct Typing;

#[group("chat_{room}", events(ChatMessage, Left), crate = my::runtime)]
struct Room {
    room: String,
}

#[derive(Debug, ReplyError)]
#[reply(crate = my::runtime)]
enum Refused {
    #[reply("too_long", "at most {max}")]
    TooLong { max: usize },
    #[reply(internal)]
    Io(std::io::Error),
}

#[derive(Debug, ReplyError)]
#[reply("busy", "later", crate = my::runtime)]
struct Busy;

#[consumer("/ws/{room}", group = Room, crate = my::runtime, sends(Said), settings(max_message = 4096))]
pub struct Chat {
    room: String,
    #[extract]
    method: axum::http::Method,
}

#[consumer(crate = my::runtime,)]
impl Chat {
    #[connect]
    async fn connect(&mut self, _: axum::http::Uri, _: &mut Context<Self>) -> Result<(), Refusal> {
        Ok(())
    }

    #[receive]
    async fn say(&mut self, say: Say, context: &mut Context<Self>) -> Result {
        context.send(&Said { message: say.message.clone() }).await?;
        context.group().send(ChatMessage { message: say.message }).await
    }

    #[receive("chat.count")]
    async fn count(&mut self, _: ()) -> Result<usize, Refused> {
        Err(Refused::TooLong { max: 1 })
    }

    #[receive("chat.work")]
    async fn work(&mut self, _: ()) -> Result<usize, Busy> {
        Err(Busy)
    }

    #[event("chat.message")]
    fn message(event: &ChatMessage) -> Said {
        Said { message: event.message.clone() }
    }

    #[event("chat.left")]
    async fn left(&mut self, _: Left) {}

    #[disconnect]
    async fn disconnect(&mut self) {}
}

#[consumer(crate = my::runtime, "/blocking/{room}", group = "blocking_{room}")]
struct Blocking {
    room: String,
}

#[consumer(blocking, crate = my::runtime)]
impl Blocking {
    #[receive(text)]
    fn text(&mut self, text: &str, context: &mut BlockingContext<Self>) -> Result {
        context.close(close_code!(4001), text);
        context.group().send(Typing)
    }

    #[event("chat.typing")]
    fn typing(&mut self, _: &Typing) {}
}

fn main() {
    let _: axum::Router = routes![Chat, Blocking, crate = my::runtime];
}
