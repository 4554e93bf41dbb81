//! Groups, direct sends and what gets lost on the way, which is counted.

mod declared;
mod direct;
mod elsewhere;
mod joining;
mod limits;
mod membership;
mod names;
mod sharing;
mod untyped;
mod worlds;

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Extension, Router, body::Body, http::Request, routing::post};
use consumer_runtime::{ChannelName, Counts, MemoryLayer, prelude::*, testing::Communicator};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use tests::{Diary, Gate, Log};
use tower::ServiceExt;

/// Counts what happens to one event in one process: it is never serialised, so its counters are shared by all who see it.
#[derive(Clone, Debug, Default)]
struct Tally {
    handled: Arc<AtomicUsize>,
    encoded: Arc<AtomicUsize>,
}

/// For a handler that all members of a type share.
#[event("hall.told")]
struct Told {
    text: String,
    #[serde(skip)]
    tally: Tally,
}

/// For a handler of each member.
#[event("hall.asked")]
#[derive(Clone)]
struct Asked {
    text: String,
}

/// For handlers that fail.
#[event("hall.broken")]
struct Broken {
    how: String,
}

#[group("hall_{hall}", events(Told, Asked, Broken))]
struct Hall {
    hall: String,
}

fn hall(name: &str) -> Hall {
    Hall { hall: name.into() }
}

fn told(text: &str) -> Told {
    Told { text: text.into(), tally: Tally::default() }
}

fn asked(text: &str) -> Asked {
    Asked { text: text.into() }
}

/// What a browser gets; counts how often it is written.
struct Line {
    line: String,
    tally: Tally,
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.tally.encoded.fetch_add(1, Ordering::Relaxed);
        json!({ "line": self.line }).serialize(serializer)
    }
}

#[consumer("/ws/member/{hall}/", group = Hall)]
struct Member {
    hall: String,
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
}

#[consumer]
impl Member {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        match text.split_once(' ') {
            None if text == "name" => context.send_text(context.channel_name().as_str()).await?,
            Some(("hang", "up")) => {
                self.diary.note(format!("{} hangs up", self.hall));
                self.gate.pass().await;
                context.close(CloseCode::NORMAL, "");
                return Ok(());
            }
            Some(("tell", text)) => context.group().send(told(text)).await?,
            Some(("join", name)) => context.join(hall(name)).await?,
            Some(("leave", name)) => context.leave(hall(name)).await?,
            Some(("add", name)) => context.untyped().group_add(name).await?,
            Some(("discard", name)) => context.untyped().group_discard(name).await?,
            _ => {}
        }
        context.send_text("done").await
    }

    #[event("hall.told")]
    fn told(event: &Told) -> Line {
        event.tally.handled.fetch_add(1, Ordering::Relaxed);
        Line { line: event.text.clone(), tally: event.tally.clone() }
    }

    #[event("hall.asked")]
    async fn asked(&mut self, event: Asked, context: &mut Context<Self>) -> Result {
        self.diary.note(format!("{} asked {}", self.hall, event.text));
        if event.text.starts_with("wait") {
            self.gate.pass().await;
        }
        context.send_text(&event.text).await
    }

    #[event("hall.broken")]
    async fn broken(&mut self, event: &Broken) -> Result {
        self.diary.note(format!("{} broken", self.hall));
        Err(Error::msg(event.how.clone()))
    }
}

/// Another type of member of the same groups.
#[consumer("/ws/guest/{hall}/", group = Hall)]
struct Guest {
    hall: String,
}

#[consumer]
impl Guest {
    #[event("hall.told")]
    fn told(event: &Told) -> Result<Option<String>> {
        event.tally.handled.fetch_add(1, Ordering::Relaxed);
        match event.text.as_str() {
            "fail" => Err(Error::msg("not today")),
            "panic" => panic!("the panic that a test asked for"),
            "nothing" => Ok(None),
            text => Ok(Some(format!("the guest hears {text}"))),
        }
    }

    #[event("hall.asked")]
    async fn asked(&mut self, event: Asked, context: &mut Context<Self>) -> Result {
        context.send_text(format!("the guest of {} is asked {}", self.hall, event.text)).await
    }

    #[event("hall.broken")]
    fn broken(_: &Broken) -> Option<String> {
        None
    }
}

/// Members and guests on channels of their own.
struct House {
    channels: Channels,
    diary: Diary,
    gate: Gate,
}

impl House {
    fn new() -> Self {
        Self::on(Channels::memory())
    }

    fn on(channels: Channels) -> Self {
        Self { channels, diary: Diary::default(), gate: Gate::default() }
    }

    fn app(&self) -> Router {
        Router::new()
            .consumer::<Member>()
            .consumer::<Guest>()
            .with_channels(self.channels.clone())
            .layer(Extension(self.diary.clone()))
            .layer(Extension(self.gate.clone()))
    }

    async fn enter(&self, path: &str) -> Communicator {
        let mut client = Communicator::new(self.app(), path);
        client.connect().await.unwrap();
        client
    }

    async fn member(&self, hall: &str) -> Communicator {
        self.enter(&format!("/ws/member/{hall}/")).await
    }

    fn counts(&self) -> Counts {
        self.channels.counts()
    }
}

async fn order(client: &mut Communicator, text: &str) {
    client.send_text_to(text).await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "done", "{text}");
}

async fn name(client: &mut Communicator) -> String {
    client.send_text_to("name").await.unwrap();
    let name = client.receive_text_from().await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "done");
    name
}

async fn hears(client: &mut Communicator, line: &str) {
    assert_eq!(client.receive_json_from::<Value>().await.unwrap(), json!({ "line": line }));
}
