//! One connection's life over a real socket: connect, receive, disconnect, and every way in which it can end.

mod accepting;
mod ending;
mod order;
mod payloads;
mod refusing;

use std::time::Duration;

use axum::{Extension, Router, http::StatusCode, http::header};
use consumer_runtime::{
    Settings,
    prelude::*,
    testing::{Communicator, TestError},
};
use serde_json::{Value, json};
use tests::{Client, Diary, Gate, Raw, Site, ask, frame, handshake};

/// What a group sends to make a handler do something.
#[event("life.deed")]
struct Deed {
    deed: String,
}

/// What reaches every browser without a connection's handler.
#[event("life.told")]
struct Told {
    text: String,
}

#[group("life", events(Deed, Told))]
struct Everyone {}

/// Writes down its whole life, and does what it is told.
#[consumer("/ws/life/", group = Everyone)]
struct Life {
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
}

#[consumer]
impl Life {
    #[connect]
    async fn connect(&mut self) {
        self.diary.note("connect");
    }

    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        self.diary.note(format!("receive {text}"));
        self.perform(&text, context).await
    }

    #[event("life.deed")]
    async fn deed(&mut self, event: &Deed, context: &mut Context<Self>) -> Result {
        self.diary.note(format!("event {}", event.deed));
        self.perform(&event.deed, context).await
    }

    #[event("life.told")]
    fn told(event: &Told) -> Value {
        json!({ "told": event.text })
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect) {
        self.diary.note(farewell(&disconnect));
    }

    async fn perform(&mut self, deed: &str, context: &mut Context<Self>) -> Result {
        match deed {
            "echo" => context.send_text("echo").await?,
            "panic" => panic!("the panic that a test asked for"),
            "close" => context.close(close_code!(4001), "as you wish"),
            "fail to close" => return Err(Close::new(close_code!(4002), "no more").into()),
            "send and close" => {
                context.send_text("one").await?;
                context.send_text("two").await?;
                context.close(CloseCode::NORMAL, "");
                assert!(context.send_text("three").await.is_err(), "nothing can be sent after the close");
            }
            "send too late" => {
                context.close(CloseCode::NORMAL, "");
                context.send_text("too late").await?;
            }
            "wait" => {
                self.gate.pass().await;
                self.diary.note("waited");
            }
            "pause" => tokio::task::yield_now().await,
            "flood" => loop {
                context.send_bytes([0; 64 * 1024]).await?;
            },
            _ => {}
        }
        Ok(())
    }
}

fn farewell(disconnect: &Disconnect) -> String {
    format!("disconnect {} {:?} {:?}", disconnect.code(), disconnect.reason(), disconnect.cause())
}

fn app(diary: &Diary, gate: &Gate) -> Router {
    Router::new().consumer::<Life>().layer(Extension(diary.clone())).layer(Extension(gate.clone()))
}

async fn site() -> (Site, Diary, Gate) {
    let (diary, gate) = (Diary::default(), Gate::default());
    (Site::new(app(&diary, &gate)).await, diary, gate)
}

/// Waits for the end, and sees that it was told once.
async fn ends(site: &Site, diary: &Diary, farewell: &str) {
    diary.says(farewell).await;
    site.settled().await;
    let goodbyes: Vec<_> = diary.entries().into_iter().filter(|entry| entry.starts_with("disconnect")).collect();
    assert_eq!(goodbyes, [farewell], "`disconnect` runs once");
}

async fn order_all(site: &Site, deed: &str) {
    Everyone {}.send(&site.channels, Deed { deed: deed.into() }).await.unwrap();
}

async fn tell_all(site: &Site, text: &str) {
    Everyone {}.send(&site.channels, Told { text: text.into() }).await.unwrap();
}
