//! `reply_timeout`: a frame's handler that takes too long.

use std::{future::pending, time::Duration};

use consumer_runtime::{OnError, prelude::*};
use serde::Deserialize;
use tests::{Diary, Gate, Log, Site};

use super::*;

const LIMIT: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
struct Wait {
    seconds: u64,
}

#[derive(Deserialize)]
struct Nothing {}

/// Notes that it is dropped.
struct Dropped(Diary);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.note("dropped");
    }
}

/// Panics when it is dropped.
struct Explosive;

impl Drop for Explosive {
    fn drop(&mut self) {
        panic!("handled without care");
    }
}

#[consumer("/ws/slow/", settings(reply_timeout = Some(LIMIT)))]
struct Slow {
    #[extract]
    diary: Diary,
    handled: u32,
}

#[consumer]
impl Slow {
    #[receive("wait")]
    async fn wait(&mut self, Wait { seconds }: Wait) -> u32 {
        let _dropped = Dropped(self.diary.clone());
        self.handled += 1;
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        self.handled
    }

    #[receive("quiet")]
    async fn quiet(&mut self, _: Nothing) {
        pending().await
    }

    #[receive("explosive")]
    async fn explosive(&mut self, _: Nothing) {
        let _explosive = Explosive;
        pending().await
    }

    #[disconnect]
    async fn disconnect(&mut self, end: Disconnect) {
        self.diary.note(format_args!("disconnect {}", end.code()));
    }
}

#[consumer("/ws/slow_text/", settings(reply_timeout = Some(LIMIT)))]
struct SlowText {}

#[consumer]
impl SlowText {
    #[receive(text)]
    async fn text(&mut self, _: String) {
        pending().await
    }

    #[receive(bytes)]
    async fn bytes(&mut self, _: &[u8]) {
        pending().await
    }
}

#[consumer("/ws/patient/")]
struct Patient {}

#[consumer]
impl Patient {
    #[receive("wait")]
    async fn wait(&mut self, Wait { seconds }: Wait) -> u64 {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        seconds
    }
}

#[consumer("/ws/blocking/", settings(reply_timeout = Some(LIMIT)))]
struct Blocking {
    #[extract]
    gate: Gate,
    #[extract]
    diary: Diary,
}

#[consumer(blocking)]
impl Blocking {
    #[receive("wait")]
    fn wait(&mut self, _: Nothing, context: &mut BlockingContext<Self>) -> u8 {
        self.diary.note("waits");
        context.wait(self.gate.pass());
        self.diary.note("done");
        7
    }

    #[receive("close")]
    fn close(&mut self, _: Nothing, context: &mut BlockingContext<Self>) -> Result<u8> {
        self.diary.note("waits");
        context.wait(self.gate.pass());
        Err(Close::new(close_code!(4001), "bye").into())
    }

    #[receive("try")]
    fn ask(&mut self, _: Nothing) -> u8 {
        8
    }
}

fn new_world() -> World {
    World::of(Router::new().consumer::<Slow>().consumer::<SlowText>().consumer::<Patient>().consumer::<Blocking>())
}

async fn enter(world: &World, path: &str) -> Communicator {
    world.client(path).await.patience(2 * LIMIT)
}

fn timeout() -> Value {
    json!({"code": "timeout", "message": "the server took too long to handle this frame"})
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_takes_too_long_is_dropped_and_its_client_told() {
    let log = Log::begin();
    let world = new_world();
    let mut client = enter(&world, "/ws/slow/").await;
    assert_eq!(client.ask(&json!({"type": "wait", "seconds": 4})).await.unwrap(), Ok(1));
    assert_eq!(world.diary.entries(), ["dropped"], "it was in time, and its locals end with it");

    let asked = tokio::time::Instant::now();
    let error = client.ask::<u32>(&json!({"type": "wait", "seconds": 6})).await.unwrap().unwrap_err();
    assert_eq!(json!({"code": error.code(), "message": error.message()}), timeout());
    assert_eq!(asked.elapsed().as_secs(), LIMIT.as_secs());
    assert_eq!(world.diary.entries(), ["dropped", "dropped"]);
    assert_eq!(log.lines_with("took longer than `reply_timeout`"), 1, "{}", log.text());

    // The socket stays, and the consumer with what the handler had done to it.
    assert_eq!(client.ask(&json!({"type": "wait", "seconds": 0})).await.unwrap(), Ok(3));
    let counts = world.channels.counts();
    assert_eq!((counts.timed_out, counts.failed_frames, counts.panics), (1, 1, 0));
    client.disconnect().await;
    assert_eq!(world.diary.count("disconnect 1000"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_handler_without_a_value_and_a_frame_without_an_id_have_the_limit_too() {
    let world = new_world();
    let mut client = enter(&world, "/ws/slow/").await;
    assert_eq!(told(&mut client, "quiet").await, timeout());
    client.send_json_to(&json!({"type": "quiet"})).await.unwrap();
    let mut frame = timeout();
    frame["type"] = json!("error");
    assert_eq!(client.receive_json_from::<Value>().await.unwrap(), frame);

    let mut client = enter(&world, "/ws/slow_text/").await;
    client.send_text_to("hi").await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap(), frame);
    client.send_bytes_to(b"hi").await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap(), frame);
    assert_eq!(world.channels.counts().timed_out, 4);
}

#[tokio::test(start_paused = true)]
async fn frames_that_came_meanwhile_are_handled_in_order() {
    let world = new_world();
    let mut client = enter(&world, "/ws/slow/").await;
    for (id, seconds) in [(1, 6), (2, 1), (3, 6)] {
        client.send_json_to(&json!({"type": "wait", "seconds": seconds, "id": id})).await.unwrap();
    }
    let mut told = Vec::new();
    for _ in 0..3 {
        let reply: Value = client.receive_json_from().await.unwrap();
        told.push((reply["id"].clone(), reply["error"]["code"].clone()));
    }
    assert_eq!(told, [(json!(1), json!("timeout")), (json!(2), Value::Null), (json!(3), json!("timeout"))]);
}

#[tokio::test(start_paused = true)]
async fn without_the_setting_there_is_no_limit() {
    let world = new_world();
    let mut client = world.client("/ws/patient/").await.patience(Duration::from_secs(1_000_000));
    assert_eq!(client.ask(&json!({"type": "wait", "seconds": 100_000})).await.unwrap(), Ok(100_000));
}

#[tokio::test(start_paused = true)]
async fn a_router_sets_it_for_all_its_consumers() {
    let settings: Settings = serde_json::from_value(json!({"reply_timeout": "3s"})).unwrap();
    assert_eq!(settings.reply_timeout, Some(Duration::from_secs(3)));
    let app = new_world().app.with_settings(settings);
    let mut client = connected(app, "/ws/patient/").await.patience(2 * LIMIT);
    let error = client.ask::<u64>(&json!({"type": "wait", "seconds": 4})).await.unwrap().unwrap_err();
    assert_eq!(error.code(), "timeout");
}

#[tokio::test(start_paused = true)]
async fn the_policy_of_errors_is_kept() {
    let limited = |on_error| Settings { on_error, reply_timeout: Some(LIMIT), ..Settings::default() };
    let app = |on_error| new_world().app.with_settings(limited(on_error));
    let mut client = connected(app(OnError::Close), "/ws/patient/").await.patience(2 * LIMIT);
    client.send_json_to(&json!({"type": "wait", "seconds": 6})).await.unwrap();
    let (code, reason) = client.receive_close().await.unwrap();
    assert_eq!(code, 1011);
    assert!(reason.starts_with("timeout: "), "{reason}");
    let mut client = connected(app(OnError::Ignore), "/ws/patient/").await.patience(2 * LIMIT);
    client.send_json_to(&json!({"type": "wait", "seconds": 6, "id": 1})).await.unwrap();
    client.send_json_to(&json!({"type": "wait", "seconds": 1, "id": 2})).await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap()["id"], json!(2));
}

#[tokio::test(start_paused = true)]
async fn a_destructor_that_panics_closes_as_any_panic_does() {
    let world = new_world();
    let mut client = enter(&world, "/ws/slow/").await;
    client.send_json_to(&json!({"type": "explosive", "id": 1})).await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap()["error"], timeout());
    assert_eq!(client.receive_close().await.unwrap().0, 1011);
    client.disconnect().await;
    assert_eq!(world.diary.entries(), ["disconnect 1011"]);
    assert_eq!(world.channels.counts().panics, 1);
}

#[tokio::test(start_paused = true)]
async fn a_blocking_handler_runs_to_its_end_and_its_answer_is_discarded() {
    let world = new_world();
    let mut client = enter(&world, "/ws/blocking/").await;
    for (n, kind) in ["wait", "close"].into_iter().enumerate() {
        client.send_json_to(&json!({"type": kind, "id": kind})).await.unwrap();
        world
            .diary
            .until("the handler waits", |entries| entries.iter().filter(|entry| *entry == "waits").count() > n)
            .await;
        tokio::time::advance(LIMIT + Duration::from_millis(1)).await;
        let reply: Value = client.receive_json_from().await.unwrap();
        assert_eq!(reply, json!({"type": "reply", "id": kind, "error": timeout()}));
        world.gate.let_one_pass();
        if kind == "wait" {
            assert_eq!(client.ask(&json!({"type": "try"})).await.unwrap(), Ok(8), "and no second answer before this");
            assert_eq!(world.diary.count("done"), 1);
        }
    }
    assert_eq!(client.receive_close().await.unwrap(), (4001, "bye".into()), "a close closes, late or not");
    assert_eq!(world.channels.counts().timed_out, 2);
}

#[tokio::test]
async fn it_is_the_same_over_a_real_socket() {
    let settings = Settings { reply_timeout: Some(Duration::from_millis(20)), ..Settings::default() };
    let site = Site::new(new_world().app.with_settings(settings)).await;
    let mut client = site.client("/ws/patient/").await;
    client.say_json(json!({"type": "wait", "seconds": 3600, "id": 1})).await;
    assert_eq!(client.hear_json().await, json!({"type": "reply", "id": 1, "error": timeout()}));
    client.say_json(json!({"type": "wait", "seconds": 0, "id": 2})).await;
    assert_eq!(client.hear_json().await, json!({"type": "reply", "id": 2, "ok": 0}));
}
