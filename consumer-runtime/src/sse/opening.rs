//! The request that opens a stream, and the response that is one.

use std::{borrow::Cow, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;

use super::{
    event,
    line::{Line, Near},
    sessions::Sessions,
    stream::EventStream,
};
use crate::{scope, session, settings::Settings};

/// The query's parameter for what a WebSocket has a header for, which no script can set.
const SUBPROTOCOLS: &str = "_subprotocols";

/// A stream to come.
#[derive(Debug)]
pub(crate) struct Opening {
    sessions: Arc<Sessions>,
    quiet: Duration,
}

impl Opening {
    /// Puts the subprotocols of the query where those of a WebSocket stand.
    ///
    /// # Errors
    /// The response that says what is wrong with them.
    pub(crate) fn check(request: &mut Parts, sessions: Arc<Sessions>, settings: &Settings) -> Result<Self, Response> {
        let bad = |text: &'static str| Err((StatusCode::BAD_REQUEST, text).into_response());
        let pairs = request.uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let offered = pairs.filter(|(name, _)| *name == SUBPROTOCOLS).map(|(_, value)| value).next();
        if let Some(offered) = offered {
            let offered = percent_decode_str(offered).decode_utf8().unwrap_or(Cow::Borrowed("\n"));
            let Ok(offered) = HeaderValue::from_str(&offered) else {
                return bad("`_subprotocols` is no list of subprotocols\n");
            };
            let only = HeaderMap::from_iter([(header::SEC_WEBSOCKET_PROTOCOL, offered.clone())]);
            if scope::subprotocols(&only).any(session::is_bearer) {
                return bad("queries are logged on the way; send the token as `Authorization: Bearer <token>`\n");
            }
            request.headers.append(header::SEC_WEBSOCKET_PROTOCOL, offered);
        }
        Ok(Self { sessions, quiet: settings.ping_interval })
    }

    /// The response that accepts, and the engine's end of the line.
    pub(crate) fn accept(self, extra: HeaderMap, subprotocol: Option<&str>) -> (Response, Near) {
        let (line, near) = Line::new();
        let listed = self.sessions.list(&line);
        let first = event::open(listed.token(), subprotocol);
        let mut response = Response::new(Body::from_stream(EventStream::new(line, listed, first, self.quiet)));
        let headers = response.headers_mut();
        headers.extend(extra);
        // A consumer that says so all the same does not know of this response.
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::CONTENT_ENCODING);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        // A proxy that keeps it, or waits for more of it to compress it, would keep it from the client.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        (response, near)
    }
}
