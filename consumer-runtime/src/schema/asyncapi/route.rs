//! The document over HTTP.

use axum::{Router, http::header, routing::get};
use bytes::Bytes;

use super::AsyncApi;

pub(super) fn router<S: Clone + Send + Sync + 'static>(api: &AsyncApi<'_>) -> Router<S> {
    let served = |text: String, kind: &'static str| {
        let text = Bytes::from(text);
        get(move || async move { ([(header::CONTENT_TYPE, kind)], text) })
    };
    Router::new()
        .route("/asyncapi.json", served(api.json(), "application/vnd.aai.asyncapi+json;version=3.0.0"))
        .route("/asyncapi.yaml", served(api.yaml(), "application/vnd.aai.asyncapi+yaml;version=3.0.0"))
}
