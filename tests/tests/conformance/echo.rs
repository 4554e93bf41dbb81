//! A consumer that sends back whatever it gets.

use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use consumer_runtime::{Compression, Origins, Settings, prelude::*};
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
pub(crate) async fn site(compression: Option<Compression>) -> Site {
    let settings = Settings {
        origins: Origins::Any,
        max_message: 64 << 20,
        max_fragments: usize::MAX,
        max_outgoing: 256 << 20,
        // The suite counts the frames that it gets.
        ping_interval: Duration::ZERO,
        compression,
        ..Settings::unlimited()
    };
    Site::new(Router::new().consumer::<Echo>().with_settings(settings)).await
}
