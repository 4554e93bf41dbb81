//! Clients that are slow, broken or evil: after each of them, honest clients are served and nothing is left behind.

mod floods;
mod garbage;
mod heads;
mod lengths;
mod lines;
mod panics;
mod pieces;
mod readers;
mod rules;

use std::time::Duration;

use axum::{Extension, Router};
use consumer_runtime::{Settings, prelude::*, testing::Communicator};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Client, Diary, Raw, Site, frame, handshake, soon};

#[event("room.told")]
struct Told {
    text: String,
}

#[group("room", events(Told))]
struct Everyone {}

#[consumer("/ws/room/", group = Everyone)]
struct Room {
    #[extract]
    diary: Diary,
}

#[consumer]
impl Room {
    #[receive(text)]
    async fn text(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.send_text(format!("{} bytes", text.len())).await
    }

    #[receive(bytes)]
    async fn bytes(&mut self, bytes: bytes::Bytes, context: &mut Context<Self>) -> Result {
        context.send_text(format!("{} bytes", bytes.len())).await
    }

    #[event("room.told")]
    fn told(event: &Told) -> Value {
        json!(event.text)
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect) {
        self.diary.note(format!("{} {:?}", disconnect.code(), disconnect.cause()));
    }
}

/// A server with one honest client, who must never notice anything.
struct Party {
    site: Site,
    diary: Diary,
    honest: Client,
}

impl Party {
    async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    async fn with(settings: Settings) -> Self {
        let diary = Diary::default();
        let app = Router::new().consumer::<Room>().layer(Extension(diary.clone())).with_settings(settings);
        let site = Site::new(app).await;
        let honest = site.client("/ws/room/").await;
        Self { site, diary, honest }
    }

    async fn raw(&self) -> Raw {
        Raw::open(self.site.address, "/ws/room/").await
    }

    async fn tell(&self, text: &str) {
        soon("a send returns", Everyone {}.send(&self.site.channels, Told { text: text.into() })).await.unwrap();
    }

    /// Sees that the old client and a new one are served, and that everybody who left is gone for good: connections, members of
    /// groups and tasks.
    async fn ends_unharmed(mut self) {
        let mut new = self.site.client("/ws/room/").await;
        for client in [&mut self.honest, &mut new] {
            client.say("hello").await;
            assert_eq!(client.hear().await, "5 bytes");
        }
        self.tell("to all").await;
        for client in [&mut self.honest, &mut new] {
            assert_eq!(client.hear().await, r#""to all""#);
        }
        self.honest.close(1000, "").await;
        new.close(1000, "").await;
        self.site.settled().await;
        let counts = self.site.channels.counts();
        assert_eq!(counts.panics, 0, "{counts:?}");
        let delivered = counts.delivered;
        Everyone {}.send(&self.site.channels, Told { text: "to none".into() }).await.unwrap();
        assert_eq!(self.site.channels.counts().delivered, delivered, "nobody is left in the group");
        assert_eq!(self.diary.entries().len() as u64, counts.accepted, "each was disconnected once");
        let drain = self.site.channels.begin_drain(Duration::ZERO);
        soon("no task is left", drain.wait(tests::PATIENCE)).await.unwrap();
    }
}
