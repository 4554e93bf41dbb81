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
}
