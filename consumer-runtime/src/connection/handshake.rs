//! The opening handshake (RFC 6455 §4.2; RFC 8441 over HTTP/2), and what takes its place for a stream of events.

use std::time::Duration;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::upgrade::OnUpgrade;
use sha1::{Digest, Sha1};

use super::{Session, socket::Socket, writer::Way};
use crate::{settings::Settings, sse};

/// What RFC 6455 §1.3 appends to the key.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A request that may become a connection.
#[derive(Debug)]
pub(crate) enum Handshake {
    /// As a WebSocket.
    WebSocket {
        /// The answer to the client's key; HTTP/2 has none.
        accept: Option<HeaderValue>,
        /// The extension that is agreed on.
        extension: Option<HeaderValue>,
        upgrade: OnUpgrade,
    },
    /// As a stream of events.
    Events(sse::Opening),
}

/// The connection to come.
#[derive(Debug)]
pub(crate) enum Upgrade {
    /// As soon as the response is sent.
    Hyper(OnUpgrade),
    /// Here already.
    Line(sse::Near),
}

impl Upgrade {
    /// The connection's stream, and who writes to it; `None` when it is not there in time.
    pub(super) async fn socket(self, timeout: Duration) -> Option<(Socket, Way)> {
        match self {
            Self::Hyper(upgrade) => Some(Socket::new(tokio::time::timeout(timeout, upgrade).await.ok()?.ok()?)),
            Self::Line(near) => Some((Socket::Line(near), Way::Task)),
        }
    }
}

impl Handshake {
    /// Checks the request, and takes the connection to come out of it.
    ///
    /// # Errors
    /// The response that says what is wrong.
    pub(crate) fn check(request: &mut Parts) -> Result<Self, Response> {
        let accept =
            if request.version == Version::HTTP_2 { check_http2(request)? } else { Some(check_http1(request)?) };
        if sole(&request.headers, header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            let headers = [(header::SEC_WEBSOCKET_VERSION, "13")];
            let text = "this is a WebSocket endpoint of version 13; send `Sec-WebSocket-Version: 13`\n";
            return Err((StatusCode::UPGRADE_REQUIRED, headers, text).into_response());
        }
        match request.extensions.remove::<OnUpgrade>() {
            Some(upgrade) => Ok(Self::WebSocket { accept, extension: None, upgrade }),
            None => Err(upgrade_required("this connection cannot be upgraded to a WebSocket\n")),
        }
    }

    /// Agrees on how to compress. Events are not compressed by us.
    ///
    /// # Errors
    /// The response that says what is wrong with what the client offers.
    pub(crate) fn negotiate(&mut self, request: &Parts, settings: &Settings) -> Result<Session, Response> {
        let Self::WebSocket { extension, .. } = self else { return Ok(Session::default()) };
        let (session, agreed) = Session::negotiate(&request.headers, settings.compression.as_ref())?;
        *extension = agreed;
        Ok(session)
    }

    /// The response that accepts, and the connection to come.
    pub(crate) fn accept(self, extra: HeaderMap, subprotocol: Option<&str>) -> (Response, Upgrade) {
        let (accept, extension, upgrade) = match self {
            Self::WebSocket { accept, extension, upgrade } => (accept, extension, upgrade),
            Self::Events(opening) => {
                let (response, near) = opening.accept(extra, subprotocol);
                return (response, Upgrade::Line(near));
            }
        };
        let mut response = Response::default();
        let headers = response.headers_mut();
        headers.extend(extra);
        if let Some(subprotocol) = subprotocol.and_then(|name| HeaderValue::from_str(name).ok()) {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, subprotocol);
        }
        if let Some(extension) = extension {
            headers.insert(header::SEC_WEBSOCKET_EXTENSIONS, extension);
        }
        if let Some(accept) = accept {
            headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
            *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        }
        (response, Upgrade::Hyper(upgrade))
    }
}

fn check_http1(request: &Parts) -> Result<HeaderValue, Response> {
    if request.method != Method::GET {
        let text = "this is a WebSocket endpoint; open it with GET\n";
        return Err((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")], text).into_response());
    }
    if !has_token(&request.headers, header::CONNECTION, "upgrade")
        || !has_token(&request.headers, header::UPGRADE, "websocket")
    {
        return Err(upgrade_required("this is a WebSocket endpoint; connect with a WebSocket client\n"));
    }
    let key = sole(&request.headers, header::SEC_WEBSOCKET_KEY).map(HeaderValue::as_bytes).unwrap_or_default();
    if !STANDARD.decode(key).is_ok_and(|nonce| nonce.len() == 16) {
        let text = "`Sec-WebSocket-Key` must stand once, and hold 16 bytes in base64\n";
        return Err((StatusCode::BAD_REQUEST, text).into_response());
    }
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    HeaderValue::from_str(&STANDARD.encode(digest)).map_err(|_| StatusCode::BAD_REQUEST.into_response())
}

/// HTTP/2 has no key: nothing in between could mistake it for HTTP/1 (RFC 8441 §5).
fn check_http2(request: &Parts) -> Result<Option<HeaderValue>, Response> {
    #[cfg(feature = "http2")]
    {
        let protocol = request.extensions.get::<hyper::ext::Protocol>().map(hyper::ext::Protocol::as_str);
        if request.method == Method::CONNECT && protocol == Some("websocket") {
            return Ok(None);
        }
    }
    let text = "this is a WebSocket endpoint; over HTTP/2 open it with extended CONNECT (RFC 8441)\n";
    let status = if request.method == Method::GET { StatusCode::BAD_REQUEST } else { StatusCode::METHOD_NOT_ALLOWED };
    Err((status, [(header::ALLOW, "CONNECT")], text).into_response())
}

fn upgrade_required(text: &'static str) -> Response {
    let headers = [(header::UPGRADE, "websocket"), (header::CONNECTION, "upgrade")];
    (StatusCode::UPGRADE_REQUIRED, headers, text).into_response()
}

/// A header that may stand once (RFC 6455 §11.3): what is read here must be what everybody on the way has read.
fn sole(headers: &HeaderMap, name: HeaderName) -> Option<&HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

/// Whether a comma-separated header holds a token, in any case (RFC 9110 §7.6.1).
fn has_token(headers: &HeaderMap, name: HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| value.trim().eq_ignore_ascii_case(token))
}
