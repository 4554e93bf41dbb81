//! The time that a connection has, and what happens towards its end.

use std::time::{Duration, SystemTime};

use axum::Router;
use consumer_runtime::{SessionExpiring, Settings, prelude::*, testing::Communicator};
use serde::Deserialize;
use tokio::time::Instant;

/// Says when its time ends, and is asked how long it stays.
#[consumer("/ws/leased/", settings(expiry_notice = Duration::from_secs(30)))]
struct Leased {
    renews: bool,
}

#[derive(Deserialize)]
struct Stay {
    seconds: u64,
}

#[consumer]
impl Leased {
    #[event("session.expiring")]
    async fn expiring(&mut self, event: &SessionExpiring, context: &mut Context<Self>) -> Result {
        assert!(event.expires_at >= SystemTime::now());
        context.send_text("expiring").await?;
        if self.renews {
            context.stay_for(Duration::from_secs(100));
        }
        Ok(())
    }

    #[receive("stay")]
    async fn stay(&mut self, stay: Stay, context: &mut Context<Self>) {
        context.stay_for(Duration::from_secs(stay.seconds));
    }

    #[receive("renew")]
    async fn renew(&mut self, _: (), _: &mut Context<Self>) {
        self.renews = true;
    }

    #[receive("forever")]
    async fn forever(&mut self, _: (), context: &mut Context<Self>) {
        context.stay_forever();
    }

    #[receive("long_ago")]
    async fn long_ago(&mut self, _: (), context: &mut Context<Self>) {
        context.stay_until(SystemTime::UNIX_EPOCH);
    }
}

/// Has no handler for the end of its time, and hears of it in `disconnect`.
#[consumer("/ws/plain/")]
struct Plain;

#[consumer]
impl Plain {
    #[receive(text)]
    async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.send_text(text).await
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect, context: &mut Context<Self>) {
        let told = format!("{} {:?}", disconnect.code(), disconnect.cause());
        let _ = context.channels().untyped().send("told", serde_json::json!({"type": "told", "what": told})).await;
    }
}

fn client(path: &str, settings: Settings) -> (Communicator, Channels) {
    let channels = Channels::memory();
    let app = Router::new().consumer::<Leased>().consumer::<Plain>().consumer::<Trusted>();
    let app = app.with_settings(Settings { ping_interval: Duration::ZERO, ..settings }).with_channels(channels.clone());
    (Communicator::new(app, path).patience(Duration::from_secs(3600)), channels)
}

async fn leased() -> Communicator {
    let (mut client, _) = client("/ws/leased/", Settings::default());
    client.connect().await.unwrap();
    client
}

const EXPIRED: (u16, &str) = (4401, "the session has expired");

#[tokio::test(start_paused = true)]
async fn the_consumer_is_told_and_then_it_closes() {
    let mut client = leased().await;
    let begun = Instant::now();
    client.send_text_to(r#"{"type": "stay", "seconds": 100}"#).await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "expiring");
    assert_eq!(begun.elapsed().as_secs(), 70);
    let (code, reason) = client.receive_close().await.unwrap();
    assert_eq!((code, &*reason), EXPIRED);
    assert_eq!(begun.elapsed().as_secs(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_short_time_is_told_half_way() {
    let mut client = leased().await;
    let begun = Instant::now();
    client.send_text_to(r#"{"type": "stay", "seconds": 10}"#).await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "expiring");
    assert_eq!(begun.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn who_says_it_again_stays() {
    let mut client = leased().await;
    let begun = Instant::now();
    client.send_text_to(r#"{"type": "renew"}"#).await.unwrap();
    client.send_text_to(r#"{"type": "stay", "seconds": 100}"#).await.unwrap();
    for renewed in 1..4 {
        assert_eq!(client.receive_text_from().await.unwrap(), "expiring");
        assert_eq!(begun.elapsed().as_secs(), 70 * renewed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_time_takes_the_place_of_the_old_one() {
    let mut client = leased().await;
    let begun = Instant::now();
    for seconds in [1000, 20] {
        client.send_text_to(&format!(r#"{{"type": "stay", "seconds": {seconds}}}"#)).await.unwrap();
    }
    assert_eq!(client.receive_text_from().await.unwrap(), "expiring");
    assert_eq!(begun.elapsed().as_secs(), 10);
    client.send_text_to(r#"{"type": "forever"}"#).await.unwrap();
    assert!(client.receive_nothing().await, "not for an hour");
}

#[tokio::test(start_paused = true)]
async fn what_is_past_is_over() {
    let mut client = leased().await;
    client.send_text_to(r#"{"type": "long_ago"}"#).await.unwrap();
    assert_eq!(client.receive_close().await.unwrap().0, 4401);
}

#[tokio::test(start_paused = true)]
async fn a_lifetime_holds_for_who_says_nothing_and_ends_with_its_cause() {
    let (mut client, channels) =
        client("/ws/plain/", Settings { max_lifetime: Some(Duration::from_secs(1800)), ..Settings::default() });
    client.connect().await.unwrap();
    let begun = Instant::now();
    let (code, reason) = client.receive_close().await.unwrap();
    assert_eq!((code, &*reason), EXPIRED);
    assert_eq!(begun.elapsed().as_secs(), 1800);
    let told = channels.untyped().receive("told").await.unwrap().to_value().unwrap();
    assert_eq!(told["what"], "4401 Expired");
}

/// Says in `#[connect]` that it may stay.
#[consumer("/ws/trusted/")]
struct Trusted;

#[consumer]
impl Trusted {
    #[connect]
    async fn connect(&mut self, context: &mut Context<Self>) -> Result<(), Refusal> {
        context.stay_forever();
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn what_connect_says_holds_instead_of_the_lifetime() {
    let (mut client, _) =
        client("/ws/trusted/", Settings { max_lifetime: Some(Duration::from_secs(10)), ..Settings::default() });
    client.connect().await.unwrap();
    assert!(client.receive_nothing().await, "not for an hour");
}

#[tokio::test(start_paused = true)]
async fn without_a_lifetime_a_connection_stays() {
    let (mut client, _) = client("/ws/plain/", Settings::default());
    client.connect().await.unwrap();
    tokio::time::sleep(Duration::from_secs(86_400 * 30)).await;
    client.send_text_to("still here").await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "still here");
}
