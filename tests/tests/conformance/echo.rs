//! A consumer that sends back whatever it gets.

use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use consumer_runtime::{Origins, Settings, prelude::*};
use tests::Site;

#[consumer("/echo/")]
struct Echo {}

#[consumer]
impl Echo {
    #[receive(text)]
    async fn text(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.send_text(text).await
    }

    #[receive(bytes)]
    async fn bytes(&mut self, bytes: Bytes, context: &mut Context<Self>) -> Result {
        context.send_bytes(bytes).await
    }
}

/// A server with the echo at `/echo/`, with room for the suite's messages of 16 MiB in 65 536 fragments.
pub(crate) async fn site(compressed: bool) -> Site {
    let mut settings = Settings {
        origins: Origins::Any,
        max_message: 64 << 20,
        max_fragments: usize::MAX,
        max_outgoing: 256 << 20,
        // The suite counts the frames that it gets.
        ping_interval: Duration::ZERO,
        ..Settings::unlimited()
    };
    compress(&mut settings, compressed);
    Site::new(Router::new().consumer::<Echo>().with_settings(settings)).await
}

/// Turns permessage-deflate on, for the groups of cases that are about it.
fn compress(settings: &mut Settings, compressed: bool) {
    // COMPRESSION: the setting goes here, `settings.compression = ..` when `compressed`.
    let _ = settings;
    assert!(!compressed, "the server has no permessage-deflate yet");
}
