//! Handlers that send for themselves to a client that reads nothing: `send_latest`.

use axum::{Extension, Router};
use consumer_runtime::{Overflow, RouterExt as _, prelude::*};
use serde::Serialize;
use tests::{Diary, Raw, Site, frame};

use crate::{EVENTS, SYMBOLS, assert_rising, last_prices, padding, price, settings};

#[derive(Serialize)]
struct Price(usize, usize, String);

#[consumer("/ws/ticker/", sends(Price))]
struct Ticker {
    #[extract]
    diary: Diary,
}

#[consumer]
impl Ticker {
    #[receive]
    async fn receive(&mut self, _: (), context: &mut Context<Self>) -> Result {
        for number in 0..EVENTS {
            let symbol = number % SYMBOLS;
            context.send_latest(("price", symbol), &Price(symbol, number, padding())).await?;
        }
        self.diary.note("sent");
        context.send_text("done").await
    }
}

#[consumer("/ws/blocking/", sends(Price))]
struct Blocking {
    #[extract]
    diary: Diary,
}

#[consumer(blocking)]
impl Blocking {
    #[receive]
    fn receive(&mut self, _: (), context: &mut BlockingContext<Self>) -> Result {
        for number in 0..EVENTS {
            let symbol = number % SYMBOLS;
            context.send_latest(("price", symbol), &Price(symbol, number, padding()))?;
        }
        self.diary.note("sent");
        context.send_text("done")
    }
}

struct Begun {
    site: Site,
    diary: Diary,
    raw: Raw,
}

/// A client that has asked for all prices, and reads nothing.
async fn begin(path: &str, overflow: Overflow) -> Begun {
    let diary = Diary::default();
    let app = Router::new().consumer::<Ticker>().consumer::<Blocking>().layer(Extension(diary.clone()));
    let site = Site::new(app.with_settings(settings(overflow))).await;
    let mut raw = Raw::open(site.address, path).await;
    raw.write(&frame(true, 1, b"null")).await;
    Begun { site, diary, raw }
}

/// All prices that come.
async fn read(raw: &mut Raw) -> Vec<(usize, usize)> {
    let mut prices = Vec::new();
    loop {
        match raw.frame().await.expect("the connection stays open") {
            (1, text) if text == b"done" => return prices,
            (1, text) => prices.push(price(&text)),
            other => panic!("wanted a text, got {other:?}"),
        }
    }
}

async fn is_not_held_up(path: &str) {
    let Begun { site, diary, mut raw } = begin(path, Overflow::KeepLatest).await;
    diary.says("sent").await;
    let counts = site.channels.counts();
    let prices = read(&mut raw).await;
    assert_eq!(last_prices(&prices), (EVENTS - SYMBOLS..EVENTS).map(Some).collect::<Vec<_>>());
    assert_rising(&prices);
    assert!(prices.len() < EVENTS / 2);
    assert_eq!(prices.len() + counts.superseded as usize, EVENTS, "{counts:?}");
    assert_eq!(counts.outgoing_dropped, 0);
}

#[tokio::test]
async fn who_sends_the_latest_is_not_held_up() {
    is_not_held_up("/ws/ticker/").await;
}

#[tokio::test]
async fn who_sends_the_latest_from_a_thread_is_not_held_up() {
    is_not_held_up("/ws/blocking/").await;
}

#[tokio::test]
async fn under_another_policy_it_waits_and_sends_everything() {
    for overflow in [Overflow::Close, Overflow::DropOldest] {
        let Begun { site, diary, mut raw } = begin("/ws/ticker/", overflow).await;
        let prices = read(&mut raw).await;
        assert_eq!(diary.count("sent"), 1);
        assert!(prices.len() == EVENTS && prices.iter().enumerate().all(|(index, (_, price))| index == *price));
        let counts = site.channels.counts();
        assert_eq!((counts.superseded, counts.outgoing_dropped), (0, 0), "{overflow:?}");
    }
}
