//! What lies below JSON: subprotocols, text and binary frames, headers, close codes, and two ways to refuse.

mod customer;

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode},
    response::Html,
    routing::get,
};
use consumer_runtime::prelude::*;
use customer::Customer;

const SPENT: CloseCode = close_code!(4001);
const WRONG_FRAME: CloseCode = close_code!(4002);
const EXPIRED: CloseCode = close_code!(4003);
const UNKNOWN: CloseCode = close_code!(4004);

const NONE_OFFERED: &str = "offer the subprotocol v2.quotes or v1.quotes\n";

/// How many quotes a connection gets.
const QUOTA: u32 = 5;

/// In cents.
const PRICES: [(&str, u32); 3] = [("ACME", 12_350), ("HAL", 9_000), ("TYRELL", 40_219)];

/// How connections ended, newest last: code, reason and cause.
#[derive(Clone, Default)]
struct Journal(Arc<Mutex<Vec<String>>>);

impl Journal {
    fn with<T>(&self, work: impl FnOnce(&mut Vec<String>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Of what a client offers, the first in this list is agreed on: `v2.quotes` when it can.
#[consumer("/ws/quotes/", subprotocols("v2.quotes", "v1.quotes"))]
struct Quotes {
    journal: Journal,
    protocol: Protocol,
    left: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum Protocol {
    /// Text frames: `ACME` is answered with `ACME 123.50`.
    V1,
    /// Binary frames: `ACME` is answered with its price in cents, as four bytes, the highest first.
    V2,
}

#[consumer]
impl Quotes {
    /// `Customer` is an extractor: without a good token it answers 401 and this handler never runs.
    #[connect]
    async fn connect(
        customer: Customer,
        State(journal): State<Journal>,
        context: &mut Context<Self>,
    ) -> Result<Self, Refusal> {
        if customer.expired {
            // A browser's script sees nothing of a refused handshake, but it sees a close code.
            return Err(Close::new(EXPIRED, "your token has expired").into());
        }
        let protocol = match context.subprotocol().as_deref() {
            Some("v2.quotes") => Protocol::V2,
            Some(_) => Protocol::V1,
            None => return Err((StatusCode::BAD_REQUEST, NONE_OFFERED).into()),
        };
        context.accept_header(HeaderName::from_static("x-quota"), HeaderValue::from(QUOTA))?;
        Ok(Self { journal, protocol, left: QUOTA })
    }

    #[receive(text)]
    async fn text(&mut self, symbol: String, context: &mut Context<Self>) -> Result {
        let cents = self.price(Protocol::V1, &symbol)?;
        context.send_text(format!("{symbol} {}.{:02}", cents / 100, cents % 100)).await?;
        self.count(context);
        Ok(())
    }

    #[receive(bytes)]
    async fn bytes(&mut self, symbol: &[u8], context: &mut Context<Self>) -> Result {
        let cents = self.price(Protocol::V2, &String::from_utf8_lossy(symbol))?;
        context.send_bytes(cents.to_be_bytes()).await?;
        self.count(context);
        Ok(())
    }

    /// The price, or an error that closes the connection of the handler that returns it.
    fn price(&self, protocol: Protocol, symbol: &str) -> Result<u32, Close> {
        if protocol != self.protocol {
            return Err(Close::new(WRONG_FRAME, "v1.quotes is text, v2.quotes is binary"));
        }
        match PRICES.iter().find(|(known, _)| *known == symbol) {
            Some((_, cents)) => Ok(*cents),
            None => Err(Close::new(UNKNOWN, format!("there is no {symbol}"))),
        }
    }

    /// The last quote is no error: it still goes out, and then the close frame.
    fn count(&mut self, context: &Context<Self>) {
        self.left -= 1;
        if self.left == 0 {
            context.close(SPENT, "that was the last quote of this connection");
        }
    }

    #[disconnect]
    async fn disconnect(&mut self, end: Disconnect) {
        let line = format!("{} {:?} {:?}", end.code(), end.reason(), end.cause());
        self.journal.with(|journal| journal.push(line));
    }
}

async fn journal(State(journal): State<Journal>) -> Json<Vec<String>> {
    Json(journal.with(|journal| journal.clone()))
}

/// The page, the consumer and its journal.
pub fn app() -> Router {
    Router::new()
        .route("/", get(|| async { Html(include_str!("pages/index.html")) }))
        .route("/journal", get(journal))
        .consumer::<Quotes>()
        .with_state(Journal::default())
}
