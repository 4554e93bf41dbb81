//! permessage-deflate (RFC 7692) over real sockets, with a client that keeps to the RFC by zlib alone.

mod groups;
mod hostile;
mod http2;
mod memory;
mod negotiation;
mod peer;
mod talking;

use axum::Router;
use consumer_runtime::{Compression, Overflow, Settings, prelude::*};
use peer::Peer;
use serde_json::{Value, json};
use tests::{Log, Raw, Site, ask, eventually, frame, handshake, soon};

/// Told to everyone, by a handler that all share.
#[event("hall.told")]
struct Told {
    text: String,
}

#[group("hall", events(Told))]
struct Hall {}

#[consumer("/ws/hall/", group = Hall)]
struct Visitor {}

#[consumer]
impl Visitor {
    #[receive(text)]
    async fn text(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.send_text(text).await
    }

    #[receive(bytes)]
    async fn bytes(&mut self, bytes: bytes::Bytes, context: &mut Context<Self>) -> Result {
        context.send_bytes(bytes).await
    }

    #[event("hall.told")]
    fn told(event: &Told) -> Value {
        json!(event.text)
    }
}

/// Says by itself how it compresses.
#[consumer(
    "/ws/keeper/",
    settings(compression = Some(Compression { level: 6, server_context_takeover: true, ..Compression::default() }))
)]
struct Keeper {}

#[consumer]
impl Keeper {
    #[receive(text)]
    async fn text(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.send_text(text).await
    }
}

const HALL: &str = "/ws/hall/";

const BROWSER: &str = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

const TAKEOVER: Compression = Compression {
    min_size: 0,
    level: 6,
    server_context_takeover: true,
    client_context_takeover: true,
    server_window_bits: 15,
    client_window_bits: 15,
};

fn compressing(compression: Compression) -> Settings {
    Settings { compression: Some(compression), ..Settings::default() }
}

async fn site_with(settings: Settings) -> Site {
    Site::new(Router::new().consumer::<Visitor>().with_settings(settings).consumer::<Keeper>()).await
}

async fn site() -> Site {
    site_with(compressing(Compression::default())).await
}

/// A text that compresses well, and no two alike.
fn story(number: usize) -> String {
    format!("chapter {number}: {}", "and so they went on, and on, and on; ".repeat(20))
}
