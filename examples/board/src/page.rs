//! The page and its scripts, which need no build step.

use axum::{
    Router,
    http::header,
    response::{Html, IntoResponse, Redirect},
    routing::get,
};

/// A file that is part of the program.
macro_rules! file {
    ($path:literal, $kind:literal) => {
        get(|| async { ([(header::CONTENT_TYPE, $kind)], include_str!($path)).into_response() })
    };
}

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/board/main/") }))
        .route("/board/{board}/", get(|| async { Html(include_str!("../page/index.html")) }))
        .route("/page/board.css", file!("../page/board.css", "text/css"))
        .route("/page/board.js", file!("../page/board.js", "text/javascript"))
        .route("/page/client.js", file!("../page/client.js", "text/javascript"))
        .merge(package())
}

/// The runtime package that `client.js` imports, file by file.
fn package<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/page/consumer-client/index.js", file!("../../../clients/typescript/index.js", "text/javascript"))
        .route(
            "/page/consumer-client/src/address.js",
            file!("../../../clients/typescript/src/address.js", "text/javascript"),
        )
        .route(
            "/page/consumer-client/src/backoff.js",
            file!("../../../clients/typescript/src/backoff.js", "text/javascript"),
        )
        .route(
            "/page/consumer-client/src/clock.js",
            file!("../../../clients/typescript/src/clock.js", "text/javascript"),
        )
        .route(
            "/page/consumer-client/src/close.js",
            file!("../../../clients/typescript/src/close.js", "text/javascript"),
        )
        .route(
            "/page/consumer-client/src/connection.js",
            file!("../../../clients/typescript/src/connection.js", "text/javascript"),
        )
        .route(
            "/page/consumer-client/src/define.js",
            file!("../../../clients/typescript/src/define.js", "text/javascript"),
        )
        .route(
            "/page/consumer-client/src/heartbeat.js",
            file!("../../../clients/typescript/src/heartbeat.js", "text/javascript"),
        )
        .route("/page/consumer-client/src/hub.js", file!("../../../clients/typescript/src/hub.js", "text/javascript"))
        .route(
            "/page/consumer-client/src/incoming.js",
            file!("../../../clients/typescript/src/incoming.js", "text/javascript"),
        )
        .route("/page/consumer-client/src/json.js", file!("../../../clients/typescript/src/json.js", "text/javascript"))
        .route(
            "/page/consumer-client/src/outbox.js",
            file!("../../../clients/typescript/src/outbox.js", "text/javascript"),
        )
        .route("/page/consumer-client/src/page.js", file!("../../../clients/typescript/src/page.js", "text/javascript"))
        .route(
            "/page/consumer-client/src/reader.js",
            file!("../../../clients/typescript/src/reader.js", "text/javascript"),
        )
        .route(
            "/page/consumer-client/src/reply.js",
            file!("../../../clients/typescript/src/reply.js", "text/javascript"),
        )
        .route("/page/consumer-client/src/sse.js", file!("../../../clients/typescript/src/sse.js", "text/javascript"))
}
