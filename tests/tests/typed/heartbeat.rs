//! The sign of life of a client that can send no ping.

use axum::Router;
use consumer_runtime::prelude::*;
use serde_json::{Value, json};
use tests::Site;
use tokio::sync::Notify;

static LET_GO: Notify = Notify::const_new();

#[consumer("/ws/slow/")]
struct Slow {}

#[consumer]
impl Slow {
    #[receive]
    async fn receive(&mut self, _: Value) -> u8 {
        LET_GO.notified().await;
        1
    }
}

#[consumer("/ws/text/")]
struct Text {}

#[consumer]
impl Text {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.send_text(text).await
    }
}

const PING: &str = r#"{"type":"ping","id":"~1"}"#;

async fn site() -> Site {
    Site::new(Router::new().consumer::<Slow>().consumer::<Text>()).await
}

#[tokio::test]
async fn it_is_answered_beside_a_handler_that_takes_its_time() {
    let site = site().await;
    let mut client = site.client("/ws/slow/").await;
    client.say(r#"{"anything": 1}"#).await;
    client.say(PING).await;
    assert_eq!(client.hear_json().await, json!({"type": "reply", "id": "~1", "ok": null}));
    LET_GO.notify_one();
    assert_eq!(client.hear_json().await, json!({"type": "reply", "ok": 1}));
    assert_eq!(site.channels.counts().failed_frames, 0);
}

#[tokio::test]
async fn a_consumer_of_text_gets_it_as_text() {
    let site = site().await;
    let mut client = site.client("/ws/text/").await;
    client.say(PING).await;
    assert_eq!(client.hear().await, PING);
}
