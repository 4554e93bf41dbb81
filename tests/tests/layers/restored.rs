//! What consumers are told when the layer was away.

use std::time::Duration;

use axum::Router;
use consumer_runtime::{LayerRestored, prelude::*};
use serde_json::{Value, json};
use tests::{FlakyLayer, Site, soon};
use tokio::time::Instant;

#[event("tick")]
struct Tick {
    number: u32,
}

#[group("readers", events(Tick))]
struct Readers {}

/// Asks for what it missed by itself.
#[consumer("/ws/each/", group = Readers)]
struct Each {
    last: u32,
}

#[consumer]
impl Each {
    #[event("tick")]
    async fn tick(&mut self, event: &Tick, context: &mut Context<Self>) -> Result {
        self.last = event.number;
        context.send_text(event.number.to_string()).await
    }

    #[event("layer.restored")]
    async fn restored(&mut self, event: &LayerRestored, context: &mut Context<Self>) -> Result {
        let away = event.restored_at.duration_since(event.lost_since).unwrap();
        context.send_text(format!("after {}, away for {}", self.last, away.as_secs())).await
    }

    #[receive(text)]
    async fn receive(&mut self, _: String) {
        // Until the test has said everything.
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// Tells the client to.
#[consumer("/ws/shared/", group = Readers)]
struct Shared {}

#[consumer]
impl Shared {
    #[event("tick")]
    fn tick(event: &Tick) -> u32 {
        event.number
    }

    #[event("layer.restored")]
    fn restored(event: &LayerRestored) -> Value {
        json!({ "resync": event.lost_since < event.restored_at })
    }
}

#[consumer("/ws/deaf/", group = Readers)]
struct Deaf {}

#[consumer]
impl Deaf {
    #[event("tick")]
    fn tick(event: &Tick) -> u32 {
        event.number
    }
}

async fn site(layer: &FlakyLayer, capacity: usize) -> (Site, Channels) {
    let channels = Channels::builder().layer(layer.clone()).capacity(capacity).build();
    let app = Router::new().consumer::<Each>().consumer::<Shared>().consumer::<Deaf>();
    (Site::on(app, channels.clone()).await, channels)
}

#[tokio::test]
async fn each_consumer_that_wants_to_know_is_told_once_in_its_place() {
    let layer = FlakyLayer::default();
    let (site, channels) = site(&layer, 100).await;
    let mut each = [site.client("/ws/each/").await, site.client("/ws/each/").await];
    let (mut shared, mut deaf) = (site.client("/ws/shared/").await, site.client("/ws/deaf/").await);
    Readers {}.send(&channels, Tick { number: 7 }).await.unwrap();
    layer.was_away(Instant::now() - Duration::from_secs(90));
    // Telling is a task of its own.
    for client in &mut each {
        assert_eq!(client.hear().await, "7");
        assert_eq!(client.hear().await, "after 7, away for 90");
    }
    assert_eq!(shared.hear().await, "7");
    assert_eq!(shared.hear_json().await, json!({ "resync": true }));
    Readers {}.send(&channels, Tick { number: 8 }).await.unwrap();
    for client in each.iter_mut().chain([&mut shared]) {
        assert_eq!(client.hear().await, "8");
    }
    assert_eq!((deaf.hear().await, deaf.hear().await), ("7".to_owned(), "8".to_owned()));
    let counts = channels.counts();
    assert_eq!((counts.layer_outages, counts.unhandled, counts.ended), (1, 0, 0), "{counts:?}");
}

#[tokio::test]
async fn a_consumer_whose_channel_is_full_is_told_all_the_same() {
    let layer = FlakyLayer::default();
    let (site, channels) = site(&layer, 1).await;
    let mut client = site.client("/ws/each/").await;
    client.say("be busy").await;
    let fill = async {
        while channels.counts().channel_full == 0 {
            Readers {}.send(&channels, Tick { number: 1 }).await.unwrap();
        }
    };
    soon("its channel is full", fill).await;
    layer.was_away(Instant::now());
    let mut heard = client.hear().await;
    while heard == "1" {
        heard = client.hear().await;
    }
    assert_eq!(heard, "after 1, away for 0");
}

#[tokio::test]
async fn a_forged_one_of_another_process_is_no_more_than_an_event() {
    let layer = FlakyLayer::default();
    let (site, channels) = site(&layer, 100).await;
    let mut client = site.client("/ws/each/").await;
    channels.untyped().group_send("readers", json!({"type": "layer.restored"})).await.unwrap();
    Readers {}.send(&channels, Tick { number: 1 }).await.unwrap();
    assert_eq!(client.hear().await, "1");
    assert_eq!((channels.counts().undecodable, channels.counts().layer_outages), (1, 0));
}
