//! The end of a server: everybody is told, everybody is waited for, and nobody for ever.

use std::{future::pending, io::ErrorKind, time::Duration};

use axum::{Extension, Router, http::StatusCode, routing::get};
use consumer_runtime::{
    prelude::*,
    testing::{Communicator, TestError},
};
use tests::{Client, Diary, Gate, Raw, Site, handshake, soon};
use tokio::time::Instant;

/// Says goodbye at its own pace.
#[consumer("/ws/guest/")]
struct Guest {
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
}

#[consumer]
impl Guest {
    #[receive(text)]
    async fn receive(&mut self, text: String) {
        self.diary.note(format!("receive {text}"));
        if text == "hang" {
            pending().await
        }
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect) {
        self.diary.note(format!("leaving {} {:?}", disconnect.code(), disconnect.cause()));
        self.gate.pass().await;
        self.diary.note("left");
    }
}

/// Takes its time to come in.
#[consumer("/ws/late/")]
struct Late {
    #[extract]
    diary: Diary,
    #[extract]
    gate: Gate,
}

#[consumer]
impl Late {
    #[connect]
    async fn connect(&mut self) {
        self.diary.note("connecting");
        self.gate.pass().await;
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect) {
        self.diary.note(format!("leaving {} {:?}", disconnect.code(), disconnect.cause()));
    }
}

fn app(diary: &Diary, gate: &Gate) -> Router {
    Router::new()
        .consumer::<Guest>()
        .consumer::<Late>()
        .route(
            "/page/",
            get(|diary: Diary, gate: Gate| async move {
                diary.note("page");
                gate.pass().await;
                "the page"
            }),
        )
        .layer(Extension(diary.clone()))
        .layer(Extension(gate.clone()))
}

async fn site() -> (Site, Diary, Gate) {
    let (diary, gate) = (Diary::default(), Gate::default());
    (Site::new(app(&diary, &gate)).await, diary, gate)
}

/// The seconds after which a client may come back, as a script reads them from `CloseEvent.reason`.
fn retry_after(reason: &str) -> Option<f32> {
    reason.strip_prefix("the server restarts; retry-after=")?.parse().ok()
}

/// The hint that a client is closed with.
async fn is_told(client: &mut Client) -> f32 {
    let (code, reason) = client.hear_close().await;
    assert_eq!(code, 1012, "{reason}");
    retry_after(&reason).unwrap_or_else(|| panic!("no hint in {reason:?}"))
}

#[tokio::test]
async fn everybody_is_closed_with_1012_and_run_returns() {
    let (mut site, diary, gate) = site().await;
    gate.open();
    let mut clients = Vec::new();
    for _ in 0..120 {
        clients.push(site.client("/ws/guest/").await);
    }
    site.stop();
    let mut hints = Vec::new();
    for client in &mut clients {
        hints.push(is_told(client).await);
    }
    assert!(hints.iter().all(|hint| (0.5..=1.5).contains(hint)), "{hints:?}");
    assert!(hints.iter().any(|hint| *hint != hints[0]), "they do not come back all at once: {hints:?}");
    site.ended().await;
    assert_eq!(diary.count("leaving 1012 Shutdown"), 120);
    assert_eq!(diary.count("left"), 120, "`run` returns after the last `disconnect`");
    let counts = site.channels.counts();
    assert_eq!((counts.accepted, counts.ended), (120, 120));
}

#[tokio::test]
async fn every_disconnect_is_awaited() {
    let (mut site, diary, gate) = site().await;
    let (mut one, mut other) = (site.client("/ws/guest/").await, site.client("/ws/guest/").await);
    site.stop();
    is_told(&mut one).await;
    is_told(&mut other).await;
    diary.until("both leave", |entries| entries.len() == 2).await;
    gate.let_one_pass();
    diary.says("left").await;
    // One is left, and so is the server.
    assert!(tokio::time::timeout(Duration::from_millis(50), site.ended()).await.is_err());
    gate.let_one_pass();
    diary.until("both have left", |entries| entries.iter().filter(|entry| *entry == "left").count() == 2).await;
}

#[tokio::test]
async fn nobody_new_is_let_in() {
    let (mut site, diary, gate) = site().await;
    let mut client = site.client("/ws/guest/").await;
    // An HTTP connection that was there before the drain asks for a WebSocket during it.
    let mut raw = Raw::connect(site.address).await;
    raw.write(b"GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(raw.response().await.status, 404);
    let channels = site.channels.clone();
    let draining = tokio::spawn(async move { channels.drain(Duration::ZERO, Duration::from_secs(60)).await });
    is_told(&mut client).await;
    raw.write(handshake("/ws/guest/", "").as_bytes()).await;
    let response = raw.response().await;
    assert_eq!(response.status, 503, "{}", response.body);
    assert!(matches!(response.header("retry-after"), Some("1" | "2")), "{}", response.head);
    assert!(response.body.contains("restarts"), "{}", response.body);
    gate.open();
    assert!(draining.await.unwrap(), "all left in time");
    site.stop();
    site.ended().await;
    assert_eq!(diary.entries(), ["leaving 1012 Shutdown", "left"]);
}

#[tokio::test]
async fn who_is_connecting_when_the_drain_begins_is_told_as_soon_as_it_is_there() {
    let (mut site, diary, gate) = site().await;
    let connecting = tokio::spawn(Client::try_connect(site.address, "/ws/late/", &[]));
    diary.says("connecting").await;
    let channels = site.channels.clone();
    let draining = tokio::spawn(async move { channels.drain(Duration::ZERO, Duration::from_secs(60)).await });
    tokio::task::yield_now().await;
    gate.open();
    is_told(&mut connecting.await.unwrap().unwrap()).await;
    assert!(draining.await.unwrap());
    assert_eq!(diary.entries(), ["connecting", "leaving 1012 Shutdown"]);
    site.stop();
    site.ended().await;
}

#[tokio::test]
async fn requests_under_way_are_answered() {
    let (mut site, diary, gate) = site().await;
    let mut raw = Raw::connect(site.address).await;
    raw.write(b"GET /page/ HTTP/1.1\r\nHost: x\r\n\r\n").await;
    diary.says("page").await;
    site.stop();
    gate.open();
    assert_eq!(raw.response().await.body, "the page");
    site.ended().await;
}

#[tokio::test]
async fn patience_with_a_handler_that_hangs_is_bounded() {
    let (diary, gate) = (Diary::default(), Gate::default());
    gate.open();
    let patience = Duration::from_millis(300);
    let mut site = Site::with(app(&diary, &gate), |server| server.drain(Duration::ZERO, patience)).await;
    let (mut stuck, mut well) = (site.client("/ws/guest/").await, site.client("/ws/guest/").await);
    stuck.say("hang").await;
    diary.says("receive hang").await;
    let began = Instant::now();
    site.stop();
    is_told(&mut well).await;
    let error = site.end().await.unwrap_err();
    assert!(began.elapsed() >= patience, "it waited for the other");
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    let text = error.to_string();
    assert!(text.contains("1 connection was left") && text.contains("300ms") && text.contains("`drain`"), "{text}");
    diary.says("left").await;
    assert_eq!(diary.count("left"), 1);
}

#[tokio::test(start_paused = true)]
async fn channels_can_be_drained_without_our_server() {
    let (diary, gate, channels) = (Diary::default(), Gate::default(), Channels::memory());
    let app = app(&diary, &gate).with_channels(channels.clone());
    let mut client = Communicator::new(app.clone(), "/ws/guest/");
    client.connect().await.unwrap();
    client.send_text_to("hang").await.unwrap();
    diary.says("receive hang").await;
    let began = Instant::now();
    assert!(!channels.drain(Duration::ZERO, Duration::from_secs(5)).await, "one hangs");
    assert_eq!(began.elapsed().as_secs(), 5);
    let refused = Communicator::new(app, "/ws/guest/").connect().await.unwrap_err();
    assert!(matches!(refused, TestError::Refused { status: StatusCode::SERVICE_UNAVAILABLE, .. }), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn close_frames_are_spread_over_the_window() {
    let (diary, gate, channels) = (Diary::default(), Gate::default(), Channels::memory());
    gate.open();
    let app = app(&diary, &gate).with_channels(channels.clone());
    let mut clients = Vec::new();
    for _ in 0..100 {
        let mut client = Communicator::new(app.clone(), "/ws/guest/");
        client.connect().await.unwrap();
        clients.push(client);
    }
    let draining = tokio::spawn(async move { channels.drain(Duration::from_secs(10), Duration::from_secs(60)).await });
    tokio::time::sleep(Duration::from_secs(5)).await;
    let halfway = diary.count("leaving 1012 Shutdown");
    assert!((40..=60).contains(&halfway), "{halfway} of 100 after half of the window");
    for client in &mut clients {
        client.disconnect().await;
    }
    assert!(soon("the drain ends", draining).await.unwrap());
    assert_eq!(diary.count("left"), 100);
}

#[tokio::test(start_paused = true)]
async fn a_drain_that_has_begun_tells_how_many_are_left() {
    let (diary, gate, channels) = (Diary::default(), Gate::default(), Channels::memory());
    let app = app(&diary, &gate).with_channels(channels.clone());
    let mut clients = [Communicator::new(app.clone(), "/ws/guest/"), Communicator::new(app.clone(), "/ws/guest/")];
    for client in &mut clients {
        client.connect().await.unwrap();
    }
    let drain = channels.begin_drain(Duration::ZERO);
    assert_eq!(drain.left(), 2, "it returns at once");
    let refused = Communicator::new(app, "/ws/guest/").connect().await.unwrap_err();
    assert!(matches!(refused, TestError::Refused { status: StatusCode::SERVICE_UNAVAILABLE, .. }), "{refused}");
    for client in &mut clients {
        let (code, reason) = client.receive_close().await.unwrap();
        assert!(code == 1012 && retry_after(&reason).is_some(), "{code} {reason}");
    }
    gate.let_one_pass();
    diary.says("left").await;
    let began = Instant::now();
    let undrained = drain.wait(Duration::from_secs(3)).await.unwrap_err();
    assert_eq!((undrained.left(), began.elapsed().as_secs()), (1, 3));
    assert_eq!(std::io::Error::from(undrained).kind(), ErrorKind::TimedOut);
    gate.open();
    drain.wait(Duration::from_secs(3)).await.unwrap();
    assert_eq!(drain.left(), 0);
}
