//! The test that an application makes of the locks of its own consumers.

use axum::{Router, http::StatusCode};
use consumer_runtime::{
    BearerToken, Origins, Settings,
    prelude::*,
    testing::{BrokenLocks, Locks},
};
use serde::Deserialize;

/// As it should be.
#[consumer("/ws/safe/")]
struct Safe;

#[derive(Deserialize)]
struct Say {
    words: String,
}

#[consumer]
impl Safe {
    #[connect]
    async fn connect(&mut self, token: BearerToken) -> Result<(), Refusal> {
        if token.as_str() == "good" { Ok(()) } else { Err(Refusal::response(StatusCode::FORBIDDEN)) }
    }

    #[receive("say")]
    async fn say(&mut self, say: Say, context: &mut Context<Self>) -> Result {
        context.send_text(say.words).await
    }
}

/// Lets everybody in, and trusts what it is told.
#[consumer("/ws/naive/")]
struct Naive;

#[consumer]
impl Naive {
    #[receive(text)]
    async fn text(&mut self, text: String) {
        assert!(text.len() != 1, "the panic that a test asked for");
    }
}

async fn hold(app: Router, path: &str) -> Result<(), BrokenLocks> {
    Locks::of(app, path).credentials("authorization", "Bearer good").hold().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_defaults_hold() {
    hold(Router::new().consumer::<Safe>(), "/ws/safe/").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_broken_is_named_with_the_mend() {
    let settings =
        Settings { origins: Origins::Any, rate: None, byte_rate: None, max_message: 1 << 30, ..Settings::default() };
    let broken = hold(Router::new().consumer::<Naive>().with_settings(settings), "/ws/naive/").await.unwrap_err();
    let broken: Vec<_> = broken.iter().collect();
    for (text, times) in [
        ("set `origins`", 3),
        ("refuse in `#[connect]`", 1),
        ("set `max_message`", 1),
        ("set `rate`", 1),
        ("the frame `{` ends the connection with 1011", 1),
        ("the frame `7` ends the connection with 1011", 1),
    ] {
        assert_eq!(broken.iter().filter(|line| line.contains(text)).count(), times, "{text}: {broken:#?}");
    }
    assert_eq!(broken.len(), 8, "{broken:#?}");
}

#[tokio::test]
async fn without_an_honest_client_nothing_is_tried() {
    let locks = Locks::of(Router::new().consumer::<Safe>(), "/ws/safe/").credentials("authorization", "Bearer bad");
    let broken = locks.hold().await.unwrap_err().to_string();
    assert!(broken.contains("an honest client is not let in") && broken.lines().count() == 1, "{broken}");
}
