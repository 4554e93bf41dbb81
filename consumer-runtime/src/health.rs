//! What an orchestrator asks: whether the process is alive, and whether it should get clients.

use axum::{
    Router,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;

use crate::channels::Channels;

/// Answers `/healthz` and `/readyz`, for an orchestrator or a load balancer.
///
/// | path | status | body |
/// |---|---|---|
/// | `/healthz` | 200 for as long as the process answers | `{"status":"alive"}` |
/// | `/readyz` | 200 | `{"status":"ready"}` |
/// | | 503 from the beginning of a [drain](Channels::drain) on | `{"status":"draining"}` |
/// | | 503 while a server of the channel layer is away | `{"status":"away","away":[{"layer":"default","seconds":3.2,"reason":".."}]}` |
///
/// The channels of every [alias](crate::ChannelsBuilder::alias) are looked at too. The answer is what the layer knows by
/// itself: nothing is sent to its server, so it may be asked often. An outage ends no connection, and sockets that are
/// open stay useful: let `/readyz` keep new clients away, and only `/healthz` restart the process.
///
/// A [`Server`](crate::Server) that drains accepts no connections, so that a prober which asks there finds the door
/// closed, which means the same. On a listener of its own it is answered to the end; then the reasons, which name hosts
/// and ports of the layer but no passwords, need not be seen by clients either.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use axum::Router;
/// use consumer_runtime::{Channels, health};
///
/// let channels = Channels::memory();
/// let probes: Router = health(channels.clone());
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// tokio::spawn(async move { axum::serve(listener, probes).await });
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
pub fn health<S: Clone + Send + Sync + 'static>(channels: Channels) -> Router<S> {
    Router::new().route("/healthz", get(|| async { answer(StatusCode::OK, &Health::Alive) })).route(
        "/readyz",
        get(move || {
            let health = Health::of(&channels);
            async move { answer(health.status(), &health) }
        }),
    )
}

#[derive(Debug, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Health {
    Alive,
    Ready,
    Draining,
    Away { away: Vec<Server> },
}

/// A server of a layer that is away.
#[derive(Debug, Serialize)]
struct Server {
    /// The alias of the channels.
    layer: &'static str,
    /// For how long it has been away.
    seconds: f64,
    reason: String,
}

impl Health {
    fn of(channels: &Channels) -> Self {
        if channels.with_aliases().any(|(_, channels)| channels.local().is_draining()) {
            return Self::Draining;
        }
        let away = channels.with_aliases().flat_map(|(layer, channels)| {
            let all = channels.local().all_away().into_iter();
            all.map(move |away| Server { layer, seconds: away.lasting.as_secs_f64(), reason: away.reason })
        });
        let away: Vec<_> = away.collect();
        if away.is_empty() { Self::Ready } else { Self::Away { away } }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Alive | Self::Ready => StatusCode::OK,
            Self::Draining | Self::Away { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

fn answer(status: StatusCode, health: &Health) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    match serde_json::to_string(health) {
        Ok(body) => (status, headers, body).into_response(),
        // Texts and numbers always are JSON.
        Err(_) => status.into_response(),
    }
}
