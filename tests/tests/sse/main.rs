//! Connections by Server-Sent Events: what holds for WebSockets holds for them, and what they have of their own.

mod bodies;
mod closing;
mod communicator;
mod heartbeat;
mod opening;
mod origins;
mod proxies;
mod servers;
mod sessions;
mod slow;
mod talking;

use std::{future::pending, time::Duration};

use axum::{Extension, Router, http::StatusCode};
use consumer_runtime::{Settings, prelude::*};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tests::{Client, Diary, EventSource, Gate, Raw, Response, Site, ask, events, eventually, send, soon};

#[derive(Deserialize)]
struct Say {
    message: String,
}

#[event("chat.message")]
struct ChatMessage {
    message: String,
}

#[derive(Serialize)]
struct Said {
    message: String,
}

#[group("chat_{room_name}", events(ChatMessage))]
struct Room {
    room_name: String,
}

/// The tutorial's.
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

    #[event("chat.message")]
    fn chat_message(event: &ChatMessage) -> Said {
        Said { message: event.message.clone() }
    }
}

/// Sends back what it gets, and notes how it ends.
#[consumer("/ws/echo/", subprotocols("v2.echo", "v1.echo"))]
struct Echo {
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
}

#[consumer]
impl Echo {
    #[receive(text)]
    async fn text(&mut self, text: String, context: &mut Context<Self>) -> Result {
        match &*text {
            "close" => return Err(Close::new(close_code!(4007), "as you \"wish\"\n").into()),
            "panic" => panic!("as asked for"),
            "hang" => pending().await,
            "wait" => self.gate.pass().await,
            _ => {}
        }
        if text.starts_with("note ") {
            self.diary.note(&text);
            return Ok(());
        }
        context.send_text(text).await
    }

    #[receive(bytes)]
    async fn bytes(&mut self, bytes: Vec<u8>, context: &mut Context<Self>) -> Result {
        context.send_bytes(bytes).await
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect) {
        self.diary.note(format!("{} {:?} {:?}", disconnect.code(), disconnect.reason(), disconnect.cause()));
    }
}

/// Answers.
#[consumer("/ws/sums/")]
struct Sums {}

#[derive(Deserialize)]
struct Sum {
    numbers: Vec<u64>,
}

#[consumer]
impl Sums {
    #[connect]
    async fn connect(&mut self, scope: Scope, context: &mut Context<Self>) -> Result<(), Refusal> {
        match scope.header("x-refuse") {
            Some("401") => return Err(Refusal::response((StatusCode::UNAUTHORIZED, [("www-authenticate", "Bearer")]))),
            Some("4001") => return Err(Close::new(close_code!(4001), "not you").into()),
            Some("hang") => pending().await,
            Some(other) => panic!("{other}"),
            None => {}
        }
        context.accept_header(http::HeaderName::from_static("x-hello"), http::HeaderValue::from_static("there"))?;
        Ok(context.send_json(&json!({"hello": scope.query()})).await?)
    }

    #[receive("sum")]
    async fn sum(&mut self, sum: Sum) -> u64 {
        sum.numbers.iter().sum()
    }
}

const CHAT: &str = "/ws/chat/lobby/";
const ECHO: &str = "/ws/echo/";
const SUMS: &str = "/ws/sums/";

fn app() -> Router {
    Router::new().consumer::<ChatConsumer>().consumer::<Echo>().consumer::<Sums>()
}

async fn site() -> Site {
    Site::new(app()).await
}

async fn site_with(settings: Settings) -> Site {
    Site::new(app().with_settings(settings)).await
}

/// A site whose consumers write a diary and wait at a gate.
async fn noted(settings: Settings) -> (Site, Diary, Gate) {
    let (diary, gate) = (Diary::default(), Gate::default());
    let app = app().with_settings(settings).layer(Extension(diary.clone())).layer(Extension(gate.clone()));
    (Site::new(app).await, diary, gate)
}
