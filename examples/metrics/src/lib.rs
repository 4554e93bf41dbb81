//! A room where everybody hears what everybody says, with what its process measures at `/metrics`, and its health at `/healthz`
//! and `/readyz`.

use axum::{
    Router,
    http::header::CONTENT_TYPE,
    response::{Html, IntoResponse},
    routing::get,
};
use consumer_runtime::{health, prelude::*};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use serde::{Deserialize, Serialize};

/// What travels to everyone in a room.
#[event("room.said")]
struct Said {
    words: String,
}

#[group("room_{room}", events(Said))]
struct Room {
    room: String,
}

/// What a browser sends: `{"type": "say", "words": "hi"}`.
#[derive(Deserialize)]
struct Say {
    words: String,
}

/// What it hears: `{"heard": "hi"}`.
#[derive(Serialize)]
struct Heard {
    heard: String,
}

#[consumer("/ws/room/{room}/", group = Room)]
struct Guest {
    room: String,
}

#[consumer]
impl Guest {
    #[receive("say")]
    async fn say(&mut self, say: Say, context: &mut Context<Self>) -> Result {
        context.group().send(Said { words: say.words }).await
    }

    #[event("room.said")]
    fn said(event: &Said) -> Heard {
        Heard { heard: event.words.clone() }
    }
}

/// Takes what this process measures, from now on.
///
/// # Errors
/// When something else does already.
pub fn record() -> Result<PrometheusHandle, BuildError> {
    // From a handler that only sends to one that asks a database which is slow today.
    const SECONDS: [f64; 8] = [0.000_05, 0.000_5, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0];
    let times = Matcher::Full("consumer_handler_seconds".into());
    PrometheusBuilder::new().set_buckets_for_metric(times, &SECONDS)?.install_recorder()
}

/// The room, for clients.
pub fn app() -> Router {
    Router::new().route("/", get(Html(include_str!("page.html")))).consumer::<Guest>()
}

/// What operators ask; on a listener of its own, since it is nothing for clients.
pub fn operations(channels: Channels, prometheus: PrometheusHandle) -> Router {
    let scrape = {
        let channels = channels.clone();
        async move || {
            // That a layer is away is told by other numbers, and by its own lines in the log.
            let _ = channels.measure_layer().await;
            channels.publish_metrics();
            ([(CONTENT_TYPE, "text/plain; version=0.0.4")], prometheus.render()).into_response()
        }
    };
    Router::new().route("/metrics", get(scrape)).merge(health(channels))
}
