//! What becomes of a client that reads nothing while much is sent: each policy of a full outgoing queue over a real
//! socket, with every frame accounted for.

mod handlers;

use std::time::Duration;

use axum::{Extension, Router};
use consumer_runtime::{Counts, Overflow, Settings, prelude::*};
use serde_json::{Value, json};
use tests::{Client, Diary, Raw, Site, soon};

pub(crate) const SYMBOLS: usize = 5;

/// 20 MB with their [`padding`]: more than the kernel's buffers of one connection.
pub(crate) const EVENTS: usize = 10_000;

#[event("price.moved", key = symbol)]
struct PriceMoved {
    symbol: usize,
    price: usize,
    padding: String,
}

#[group("prices", events(PriceMoved))]
struct Market {}

#[consumer("/ws/prices/", group = Market)]
struct Prices {
    #[extract]
    diary: Diary,
}

#[consumer]
impl Prices {
    #[receive(text)]
    async fn text(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.send_text(text).await
    }

    #[event("price.moved")]
    fn price_moved(event: &PriceMoved) -> Value {
        json!([event.symbol, event.price, event.padding])
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect) {
        self.diary.note(format!("{} {:?}", disconnect.code(), disconnect.cause()));
    }
}

pub(crate) fn padding() -> String {
    "x".repeat(2000)
}

/// A queue of a few frames; nobody is pinged or given up, since the slow one answers nothing.
pub(crate) fn settings(overflow: Overflow) -> Settings {
    Settings {
        overflow,
        max_outgoing: 64 * 1024,
        ping_interval: Duration::ZERO,
        send_timeout: Duration::from_secs(600),
        ..Settings::default()
    }
}

/// A frame of a price: its symbol and the price, which is the event's number.
pub(crate) fn price(frame: &[u8]) -> (usize, usize) {
    let (symbol, price, _): (usize, usize, String) = serde_json::from_slice(frame).expect("a price");
    (symbol, price)
}

/// One client that reads everything, and one that reads nothing yet.
struct Trade {
    site: Site,
    diary: Diary,
    quick: Client,
    slow: Raw,
    sent: usize,
}

impl Trade {
    async fn new(overflow: Overflow) -> Self {
        let diary = Diary::default();
        let app = Router::new().consumer::<Prices>().layer(Extension(diary.clone())).with_settings(settings(overflow));
        let site = Site::new(app).await;
        let quick = site.client("/ws/prices/").await;
        let slow = Raw::open(site.address, "/ws/prices/").await;
        tests::eventually("both are members", || site.channels.counts().accepted == 2).await;
        let mut trade = Self { site, diary, quick, slow, sent: 0 };
        trade.join().await;
        trade
    }

    /// Sees that both are in the group.
    async fn join(&mut self) {
        self.quick.say("here").await;
        assert_eq!(self.quick.hear().await, "here");
        self.slow.write(&tests::frame(true, 1, b"here")).await;
        assert_eq!(self.slow.frame().await, Some((1, b"here".to_vec())));
    }

    /// Sends the next price, which the quick one reads at once.
    async fn send(&mut self) {
        let event = PriceMoved { symbol: self.sent % SYMBOLS, price: self.sent, padding: padding() };
        soon("a send returns", Market {}.send(&self.site.channels, event)).await.unwrap();
        let heard = self.quick.hear().await;
        assert_eq!(price(heard.as_bytes()), (self.sent % SYMBOLS, self.sent), "the slow one is not in its way");
        self.sent += 1;
    }

    fn counts(&self) -> Counts {
        self.site.channels.counts()
    }

    /// All prices that the slow one finds when it reads at last, up to the echo of its own text.
    async fn slow_reads(&mut self) -> Vec<(usize, usize)> {
        self.slow.write(&tests::frame(true, 1, b"reading")).await;
        let mut prices = Vec::new();
        loop {
            match self.slow.frame().await.expect("the connection stays open") {
                (1, text) if text == b"reading" => return prices,
                (1, text) => prices.push(price(&text)),
                other => panic!("wanted a text, got {other:?}"),
            }
        }
    }

    /// Sees that each of the two gets what is sent now, and goes.
    async fn goes_on(mut self) {
        self.send().await;
        let (opcode, text) = self.slow.frame().await.expect("the connection stays open");
        assert_eq!((opcode, price(&text).1), (1, self.sent - 1), "what is sent now comes at once");
        let Self { site, quick, slow, diary, .. } = self;
        quick.close(1000, "").await;
        drop(slow);
        site.settled().await;
        let counts = site.channels.counts();
        assert_eq!((counts.panics, counts.channel_full, counts.expired, counts.gone), (0, 0, 0, 0), "{counts:?}");
        assert_eq!(diary.entries().len(), 2);
    }
}

/// The newest price of each symbol.
pub(crate) fn last_prices(prices: &[(usize, usize)]) -> Vec<Option<usize>> {
    let last = |symbol| prices.iter().filter(|(of, _)| *of == symbol).map(|(_, price)| *price).next_back();
    (0..SYMBOLS).map(last).collect()
}

/// The prices of each symbol only ever rise, so none is read after a newer one.
pub(crate) fn assert_rising(prices: &[(usize, usize)]) {
    for symbol in 0..SYMBOLS {
        let of_symbol = prices.iter().filter(|(of, _)| *of == symbol).map(|(_, price)| price);
        assert!(of_symbol.is_sorted_by(|earlier, later| earlier < later), "{symbol}: {prices:?}");
    }
}

#[tokio::test]
async fn keep_latest_leaves_the_last_price_of_each_symbol() {
    let mut trade = Trade::new(Overflow::KeepLatest).await;
    for _ in 0..EVENTS {
        trade.send().await;
    }
    let counts = trade.counts();
    let prices = trade.slow_reads().await;
    assert_eq!(last_prices(&prices), (EVENTS - SYMBOLS..EVENTS).map(Some).collect::<Vec<_>>());
    assert_rising(&prices);
    assert!(prices.len() < EVENTS / 2, "{} are what the kernel held, and one for each symbol", prices.len());
    assert_eq!(prices.len() + counts.superseded as usize, EVENTS, "{counts:?}");
    assert_eq!(counts.outgoing_dropped, 0);
    trade.goes_on().await;
}

#[tokio::test]
async fn drop_oldest_leaves_the_newest_frames() {
    let mut trade = Trade::new(Overflow::DropOldest).await;
    for _ in 0..EVENTS {
        trade.send().await;
    }
    let counts = trade.counts();
    let prices = trade.slow_reads().await;
    assert_rising(&prices);
    // The echo may have taken the place of one more.
    let dropped = trade.counts().outgoing_dropped as usize;
    assert!(prices.len() < EVENTS / 2);
    assert!(prices.ends_with(&[((EVENTS - 2) % SYMBOLS, EVENTS - 2), ((EVENTS - 1) % SYMBOLS, EVENTS - 1)]));
    assert_eq!(prices.len() + dropped, EVENTS, "{counts:?}");
    assert_eq!(counts.superseded, 0, "a key means nothing to this policy");
    trade.goes_on().await;
}

#[tokio::test]
async fn drop_newest_leaves_the_oldest_frames() {
    let mut trade = Trade::new(Overflow::DropNewest).await;
    for _ in 0..EVENTS {
        trade.send().await;
    }
    let counts = trade.counts();
    let first = trade.slow.frame().await.expect("the connection stays open");
    assert_eq!(price(&first.1), (0, 0));
    // There is room again as soon as it reads, so that nothing is dropped but prices.
    let mut prices = vec![(0, 0)];
    while prices.len() + (counts.outgoing_dropped as usize) < EVENTS {
        prices.push(price(&trade.slow.frame().await.expect("the connection stays open").1));
    }
    assert_rising(&prices);
    assert!(prices.len() < EVENTS / 2);
    assert!(prices.last().is_some_and(|(_, last)| *last < EVENTS - 1), "the newest were dropped");
    assert_eq!(counts.superseded, 0);
    assert_eq!(trade.slow_reads().await, []);
    trade.goes_on().await;
}

#[tokio::test]
async fn close_tells_the_client_to_come_back() {
    let mut trade = Trade::new(Overflow::Close).await;
    while trade.counts().outgoing_dropped == 0 {
        assert!(trade.sent < EVENTS, "20 MB are more than any buffer");
        trade.send().await;
    }
    let mut prices = Vec::new();
    let close = loop {
        match trade.slow.frame().await.expect("a close frame") {
            (1, text) => prices.push(price(&text)),
            (8, payload) => break payload,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(close, [&1013_u16.to_be_bytes()[..], b"too slow"].concat());
    assert!(prices.iter().enumerate().all(|(index, (_, price))| index == *price), "the first ones, without a gap");
    let counts = trade.counts();
    assert_eq!(prices.len() + counts.outgoing_dropped as usize, trade.sent, "{counts:?}");
    assert_eq!((counts.superseded, counts.gone), (0, 0));
    drop(trade.slow);
    trade.diary.says("1013 Overflow").await;
    trade.quick.close(1000, "").await;
    trade.site.settled().await;
    assert_eq!(trade.site.channels.counts().panics, 0);
}
