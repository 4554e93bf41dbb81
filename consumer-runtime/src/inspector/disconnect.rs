//! The page's one button.

use std::sync::Arc;

use axum::{
    body::to_bytes,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    channels::Channels,
    close::{Cause, CloseCode, Disconnect},
    names::ChannelName,
    origin::Origins,
    settings::Settings,
};

/// A form of another site can't send it, and a script there would have to ask first.
const HEADER: &str = "x-inspector";

/// More than the names of a channel and an alias need.
const MAX_BODY: usize = 1024;

#[derive(Deserialize)]
struct Wish {
    layer: String,
    channel: String,
}

/// Ends one connection of this process: 204, or 404 when it is gone already.
pub(super) async fn answer(channels: Channels, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let settings = parts.extensions.get::<Arc<Settings>>();
    let forwarded = settings.map(|settings| &settings.trusted_proxies).cloned().unwrap_or_default().read(&parts);
    let is_own = Origins::SameOrigin.admits(&parts.headers, &parts.uri, &forwarded, true);
    if !is_own || parts.headers.get(HEADER).is_none_or(|value| value != "disconnect") {
        tracing::warn!(origin = ?parts.headers.get("origin"), "a disconnect that does not come from the inspector's own page is refused; behind a proxy, name it in `trusted_proxies` of the router's settings");
        return (StatusCode::FORBIDDEN, "only the inspector's own page may do this\n").into_response();
    }
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "that is no wish of the page's\n").into_response();
    };
    let wish = serde_json::from_slice::<Wish>(&body).ok();
    let wish = wish.and_then(|wish| Some((wish.layer, ChannelName::new(wish.channel).ok()?)));
    let Some((layer, channel)) = wish else {
        return (StatusCode::BAD_REQUEST, "send `{\"layer\": \"default\", \"channel\": \"..\"}`\n").into_response();
    };
    let found = channels.alias(&layer).ok().and_then(|channels| channels.local().connection(&channel));
    let Some(connection) = found else {
        return (StatusCode::NOT_FOUND, "the connection is gone\n").into_response();
    };
    tracing::info!(%channel, "an operator disconnects a connection");
    let code = CloseCode::POLICY_VIOLATION.get();
    connection.end(Disconnect::new(code, "disconnected by an operator", Cause::Remote));
    StatusCode::NO_CONTENT.into_response()
}
