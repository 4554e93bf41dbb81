//! A client that is gone waits for no answer: the handler of its frame is dropped. A handler without a value, and an
//! end of our own, are another matter.

use std::{future::pending, time::Duration};

use consumer_runtime::prelude::*;
use serde::Deserialize;
use tests::{Diary, Gate, Site};

use super::*;

#[derive(Deserialize)]
struct Nothing {}

/// Notes how a handler ends.
struct Ending(Diary, &'static str);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.note(self.1);
    }
}

#[consumer("/ws/")]
struct Worker {
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
}

#[consumer]
impl Worker {
    #[receive("value")]
    async fn value(&mut self, _: Nothing) -> Result<u8> {
        self.begin();
        let mut ending = Ending(self.diary.clone(), "dropped");
        self.gate.pass().await;
        ending.1 = "finished";
        Ok(1)
    }

    #[receive("forever")]
    async fn forever(&mut self, _: Nothing) -> u8 {
        self.begin();
        let _ending = Ending(self.diary.clone(), "dropped");
        pending().await
    }

    #[receive("quiet")]
    async fn quiet(&mut self, _: Nothing) {
        self.begin();
        self.gate.pass().await;
        self.diary.note("finished");
    }

    #[receive("closes")]
    async fn closes(&mut self, _: Nothing, context: &mut Context<Self>) -> u8 {
        context.close(close_code!(4000), "that is all");
        self.begin();
        self.gate.pass().await;
        self.diary.note("finished");
        1
    }

    /// Sends until it cannot, which is when somebody has ended the connection.
    #[receive("drained")]
    async fn drained(&mut self, _: Nothing, context: &mut Context<Self>) -> u8 {
        self.begin();
        while context.send_text("still here").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        self.diary.note("drained");
        self.gate.pass().await;
        self.diary.note("finished");
        1
    }

    #[disconnect]
    async fn disconnect(&mut self, end: Disconnect) {
        self.diary.note(format_args!("disconnect {}", end.code()));
    }
}

impl Worker {
    fn begin(&self) {
        self.diary.note("begun");
    }
}

#[consumer("/ws/whole/")]
struct Whole {
    #[extract]
    diary: Diary,
}

#[consumer]
impl Whole {
    #[receive(text)]
    async fn text(&mut self, _: String) -> u8 {
        let _ending = Ending(self.diary.clone(), "text dropped");
        self.diary.note("begun");
        pending().await
    }

    #[receive(bytes)]
    async fn bytes(&mut self, _: &[u8]) -> u8 {
        let _ending = Ending(self.diary.clone(), "bytes dropped");
        self.diary.note("begun");
        pending().await
    }
}

#[consumer("/ws/blocking/")]
struct Blocking {
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
}

#[consumer(blocking)]
impl Blocking {
    #[receive("value")]
    fn value(&mut self, _: Nothing, context: &mut BlockingContext<Self>) -> u8 {
        self.diary.note("begun");
        context.wait(self.gate.pass());
        self.diary.note("finished");
        1
    }

    #[disconnect]
    fn disconnect(&mut self, end: Disconnect) {
        self.diary.note(format_args!("disconnect {}", end.code()));
    }
}

fn new_world() -> World {
    World::of(Router::new().consumer::<Worker>().consumer::<Whole>().consumer::<Blocking>())
}

impl World {
    /// A client that waits for the handler of `kind`.
    async fn waiting(&self, path: &str, kind: &str) -> Communicator {
        let mut client = self.client(path).await;
        client.send_json_to(&json!({"type": kind, "id": 1})).await.unwrap();
        self.diary.says("begun").await;
        client
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_closes_drops_the_handler_that_would_answer_it() {
    for kind in ["value", "forever"] {
        let world = new_world();
        let mut client = world.waiting("/ws/", kind).await;
        client.disconnect().await;
        assert_eq!(world.diary.entries(), ["begun", "dropped", "disconnect 1000"], "{kind}");
        assert_eq!(world.channels.counts().abandoned, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_that_is_lost_drops_it_too() {
    let world = new_world();
    world.waiting("/ws/", "value").await.vanish().await;
    assert_eq!(world.diary.entries(), ["begun", "dropped", "disconnect 1006"]);
    // No pong comes from a client that is not read.
    let world = new_world();
    let client = world.waiting("/ws/", "forever").await;
    let settings = Settings::default();
    tokio::time::sleep(settings.ping_interval + settings.pong_timeout + Duration::from_secs(1)).await;
    assert_eq!(world.diary.entries(), ["begun", "dropped", "disconnect 1006"]);
    drop(client);
}

#[tokio::test]
async fn handlers_of_whole_frames_are_dropped_alike() {
    let world = new_world();
    let site = Site::new(world.app.clone()).await;
    let mut client = site.client("/ws/whole/").await;
    client.say("hi").await;
    world.diary.has(1).await;
    client.reset();
    world.diary.says("text dropped").await;
    let mut client = site.client("/ws/whole/").await;
    client.say_bytes(b"hi").await;
    world.diary.has(3).await;
    client.close(1000, "").await;
    world.diary.says("bytes dropped").await;
    site.settled().await;
    assert_eq!(site.channels.counts().abandoned, 2);
}

#[tokio::test(start_paused = true)]
async fn a_handler_without_a_value_runs_to_its_end() {
    let world = new_world();
    let mut client = world.waiting("/ws/", "quiet").await;
    let leaving = tokio::spawn(async move { client.disconnect().await });
    // Time goes on only when everybody waits, so the server has read the close frame.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(world.diary.entries(), ["begun"]);
    world.gate.open();
    leaving.await.unwrap();
    assert_eq!(world.diary.entries(), ["begun", "finished", "disconnect 1000"]);
    assert_eq!(world.channels.counts().abandoned, 0);
}

#[tokio::test(start_paused = true)]
async fn a_close_of_its_own_drops_no_handler() {
    let world = new_world();
    let mut client = world.waiting("/ws/", "closes").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(world.diary.entries(), ["begun"]);
    world.gate.open();
    assert_eq!(client.receive_close().await.unwrap(), (4000, "that is all".into()));
    client.ended().await;
    assert_eq!(world.diary.entries(), ["begun", "finished", "disconnect 4000"]);
}

#[tokio::test]
async fn a_drain_drops_no_handler() {
    let world = new_world();
    let mut site = Site::new(world.app.clone()).await;
    let mut client = site.client("/ws/").await;
    client.say_json(json!({"type": "drained", "id": 1})).await;
    world.diary.says("begun").await;
    site.stop();
    world.diary.says("drained").await;
    assert_eq!(world.diary.entries(), ["begun", "drained"]);
    world.gate.open();
    let (code, _) = client.hear_close().await;
    assert_eq!(code, 1012);
    site.ended().await;
    assert_eq!(world.diary.entries(), ["begun", "drained", "finished", "disconnect 1012"]);
    assert_eq!(site.channels.counts().abandoned, 0);
}

#[tokio::test(start_paused = true)]
async fn a_blocking_handler_runs_to_its_end() {
    let world = new_world();
    let mut client = world.waiting("/ws/blocking/", "value").await;
    let leaving = tokio::spawn(async move { client.vanish().await });
    // The clock stands still while a thread works, so this only lets the others run.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.diary.entries(), ["begun"]);
    world.gate.open();
    leaving.await.unwrap();
    assert_eq!(world.diary.entries(), ["begun", "finished", "disconnect 1006"]);
    assert_eq!(world.channels.counts().abandoned, 0);
}
