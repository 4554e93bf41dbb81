//! Several layers beside each other.

use std::time::Duration;

use axum::Router;
use consumer_runtime::{
    MemoryLayer,
    prelude::*,
    testing::{Communicator, TestError},
};
use serde_json::json;
use tests::{Log, Site, eventually};

#[event("news")]
struct News {
    text: String,
}

#[group("readers", events(News))]
struct Readers {}

#[consumer("/ws/alerts/", group = Readers, layer = "alerts")]
struct Alerts {}

#[consumer]
impl Alerts {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.group().send(News { text }).await
    }

    #[event("news")]
    fn news(event: &News) -> String {
        format!("alerts: {}", event.text)
    }
}

#[consumer("/ws/news/", group = Readers, layer = "default")]
struct Newspaper {}

#[consumer]
impl Newspaper {
    #[event("news")]
    fn news(event: &News) -> String {
        format!("news: {}", event.text)
    }
}

fn app() -> Router {
    Router::new().consumer::<Alerts>().consumer::<Newspaper>()
}

#[tokio::test]
async fn a_consumer_lives_on_the_layer_of_its_alias() {
    let layer = MemoryLayer::new();
    let alerts = Channels::builder().layer(layer.clone()).build();
    let channels = Channels::builder().alias("alerts", alerts).build();
    let site = Site::on(app(), channels.clone()).await;
    let (mut alerted, mut reader) = (site.client("/ws/alerts/").await, site.client("/ws/news/").await);
    // One name, two worlds.
    Readers {}.send(&channels, News { text: "rain".into() }).await.unwrap();
    assert_eq!(reader.hear_json().await, json!("news: rain"));
    Readers {}.send(channels.alias("alerts").unwrap(), News { text: "flood".into() }).await.unwrap();
    assert_eq!(alerted.hear_json().await, json!("alerts: flood"));
    // The context's group is that of the consumer's own layer, and so is another process there.
    alerted.say("fire").await;
    assert_eq!(alerted.hear_json().await, json!("alerts: fire"));
    let elsewhere = Channels::builder().layer(layer).build();
    Readers {}.send(&elsewhere, News { text: "storm".into() }).await.unwrap();
    assert_eq!(alerted.hear_json().await, json!("alerts: storm"));
    assert_eq!((channels.counts().accepted, channels.alias("alerts").unwrap().counts().accepted), (1, 1));
}

#[tokio::test]
async fn a_drain_ends_the_connections_of_every_alias() {
    let channels = Channels::builder().alias("alerts", Channels::memory()).build();
    let site = Site::on(app(), channels.clone()).await;
    let (mut alerted, mut reader) = (site.client("/ws/alerts/").await, site.client("/ws/news/").await);
    let draining = channels.drain(Duration::ZERO, Duration::from_secs(10));
    let (drained, first, second) = tokio::join!(draining, alerted.hear_close(), reader.hear_close());
    assert!(drained);
    assert_eq!((first.0, second.0), (1012, 1012));
    eventually("all have ended", || channels.alias("alerts").unwrap().counts().ended == 1).await;
}

#[tokio::test]
async fn an_alias_that_is_not_there_is_refused_and_told_with_the_mend() {
    let log = Log::begin();
    let router = app().with_channels(Channels::memory());
    match Communicator::new(router, "/ws/alerts/").connect().await {
        Err(TestError::Refused { status, .. }) => assert_eq!(status, 500),
        other => panic!("not refused: {other:?}"),
    }
    assert_eq!(log.lines_with("there is no channel layer \"alerts\""), 1, "{}", log.text());
    let error = Channels::memory().alias("alerts").unwrap_err().to_string();
    assert_eq!(
        error,
        "there is no channel layer \"alerts\", only `default`; add it, `Channels::builder().alias(\"alerts\", ..)`"
    );
}
