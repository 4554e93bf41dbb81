//! A join that fails or is given up half way, which leaves no member behind that the layer does not know.

use consumer_runtime::{Rate, Settings};
use tests::{FlakyLayer, Joins};

use super::*;

#[consumer("/ws/joiner/", settings(reply_timeout = Some(Duration::from_secs(1))))]
struct Joiner;

#[consumer]
impl Joiner {
    #[receive(text)]
    async fn receive(&mut self, hall: String, context: &mut Context<Self>) -> Result {
        context.join(Hall { hall }).await?;
        context.send_text("joined").await
    }

    #[event("hall.told")]
    fn told(told: &Told) -> String {
        told.text.clone()
    }

    #[event("hall.asked")]
    async fn asked(&mut self, _: Asked) {}

    #[event("hall.broken")]
    async fn broken(&mut self, _: &Broken) {}
}

#[tokio::test(start_paused = true)]
async fn a_join_that_came_to_nothing_can_be_tried_again() {
    for (joins, code) in [(Joins::Fail, "internal"), (Joins::Wait, "timeout")] {
        let layer = FlakyLayer::default();
        layer.joins(joins);
        let channels = Channels::builder().layer(layer.clone()).build();
        let app = Router::new().consumer::<Joiner>().with_channels(channels.clone());
        let mut client = Communicator::new(app, "/ws/joiner/").patience(Duration::from_secs(5));
        client.connect().await.unwrap();
        client.send_text_to("a").await.unwrap();
        assert_eq!(client.receive_json_from::<Value>().await.unwrap()["code"], code);
        let told = |text: &str| Told { text: text.into(), tally: Tally::default() };
        Hall { hall: "a".into() }.send(&channels, told("too early")).await.unwrap();
        assert!(client.receive_nothing().await, "it is no member");

        layer.joins(Joins::Succeed);
        client.send_text_to("a").await.unwrap();
        assert_eq!(client.receive_text_from().await.unwrap(), "joined");
        Hall { hall: "a".into() }.send(&channels, told("hi")).await.unwrap();
        assert_eq!(client.receive_text_from().await.unwrap(), r#""hi""#);
        client.disconnect().await;
        assert_eq!(layer.told(), ["+hall_a", "-hall_a", "+hall_a", "-hall_a"]);
    }
}

async fn joiner(settings: Settings, channels: &Channels) -> Communicator {
    let app = Router::new().consumer::<Joiner>().with_settings(settings).with_channels(channels.clone());
    let mut client = Communicator::new(app, "/ws/joiner/").patience(Duration::from_secs(5));
    client.connect().await.unwrap();
    client
}

async fn joins(client: &mut Communicator, hall: &str) {
    client.send_text_to(hall).await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "joined", "{hall}");
}

/// It is told an error, is no member, and everything else is as it was: it hears of `heard`.
async fn is_no_member(client: &mut Communicator, channels: &Channels, hall: &str, heard: &str) {
    client.send_text_to(hall).await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap()["code"], "internal");
    let told = |text: &str| Told { text: text.into(), tally: Tally::default() };
    for (hall, text) in [(hall, "not heard"), (heard, "heard")] {
        Hall { hall: hall.into() }.send(channels, told(text)).await.unwrap();
    }
    assert_eq!(client.receive_text_from().await.unwrap(), r#""heard""#, "nothing closes, and the others stay");
}

#[tokio::test]
async fn the_groups_of_one_connection_have_a_limit() {
    let channels = Channels::memory();
    let mut client = joiner(Settings { max_groups: 2, ..Settings::default() }, &channels).await;
    for hall in ["a", "b", "a"] {
        joins(&mut client, hall).await;
    }
    is_no_member(&mut client, &channels, "c", "b").await;
}

#[tokio::test(start_paused = true)]
async fn the_joins_of_one_connection_have_a_rate() {
    let channels = Channels::memory();
    let join_rate = Some(Rate { per_second: 1, burst: 2 });
    let mut client = joiner(Settings { join_rate, ..Settings::default() }, &channels).await;
    // Who is in already pays nothing.
    for hall in ["a", "a", "b", "b"] {
        joins(&mut client, hall).await;
    }
    is_no_member(&mut client, &channels, "c", "b").await;
    tokio::time::advance(Duration::from_secs(1)).await;
    joins(&mut client, "c").await;
    is_no_member(&mut client, &channels, "d", "c").await;
}
