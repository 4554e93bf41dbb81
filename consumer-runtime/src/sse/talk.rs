//! Requests of a client that has a stream: to send, to close.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;

use super::{
    Asked, CLOSE, SESSION, cors,
    line::NotTaken,
    posted::Form,
    sessions::{Session, Sessions},
};
use crate::{close::CloseCode, codec, proxies::Forwarded, settings::Settings};

/// How long a request waits: for those before it, and then for the consumer to come to what was sent before.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a body may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(10);

/// The answer to whatever does not open a stream.
pub(crate) async fn answer(
    asked: Asked,
    request: &Parts,
    body: Body,
    forwarded: &Forwarded,
    settings: &Settings,
    sessions: &Arc<Sessions>,
) -> Response {
    let headers = &request.headers;
    if settings.require_tls && !forwarded.is_secure() {
        return (StatusCode::FORBIDDEN, "come by https://\n").into_response();
    }
    if !settings.origins.admits(headers, &request.uri, forwarded, false) {
        return (StatusCode::FORBIDDEN, "pages of this origin may not connect\n").into_response();
    }
    if asked == Asked::Preflight {
        return cors::preflight();
    }
    let Some(session) = sole(headers, SESSION).and_then(|token| sessions.find(token)) else { return unknown() };
    if asked == Asked::Close {
        return close(&session, headers);
    }
    // A stream that ends takes with it whatever is under way, however slowly it comes.
    tokio::select! {
        response = send(&session, headers, body, settings) => response,
        () = session.line.over() => unknown(),
    }
}

async fn send(session: &Session, headers: &HeaderMap, body: Body, settings: &Settings) -> Response {
    let form = match Form::of(headers) {
        Ok(form) => form,
        Err(response) => return response,
    };
    let Ok(place) = session.queue() else {
        return later(StatusCode::TOO_MANY_REQUESTS, "send one request after the other\n");
    };
    // Before the body is read, so that frames come in the order of the requests, and one body is held and no more.
    let Ok(_turn) = timeout(PATIENCE, place.turn()).await else {
        return later(StatusCode::SERVICE_UNAVAILABLE, "the requests before this one are not done\n");
    };
    let frames = match timeout(ARRIVAL, form.read(body, settings)).await {
        Ok(Ok(frames)) => frames,
        Ok(Err(response)) => return response,
        Err(_) => return (StatusCode::REQUEST_TIMEOUT, "the body took too long\n").into_response(),
    };
    match session.line.hand(&frames, PATIENCE).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(NotTaken::Over) => unknown(),
        Err(NotTaken::Full) => {
            later(StatusCode::SERVICE_UNAVAILABLE, "the consumer has not come to what was sent before\n")
        }
    }
}

fn close(session: &Session, headers: &HeaderMap) -> Response {
    let mut frame = Vec::new();
    if headers.contains_key(CLOSE) {
        let Some((code, reason)) = sole(headers, CLOSE).and_then(code_and_reason) else {
            let text = "`Consumer-Close` is a close code, a space, and a reason with percent signs\n";
            return (StatusCode::BAD_REQUEST, text).into_response();
        };
        codec::client_close(&mut frame, Some((code, &reason)));
    } else {
        codec::client_close(&mut frame, None);
    }
    match session.line.close(&frame) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(_) => unknown(),
    }
}

/// `4001 good%20bye`
fn code_and_reason(text: &str) -> Option<(u16, String)> {
    let (code, reason) = text.trim().split_once(' ').unwrap_or((text, ""));
    let code = CloseCode::try_from(code.trim().parse::<u16>().ok()?).ok()?;
    let reason = percent_decode_str(reason.trim()).decode_utf8().ok()?;
    Some((code.get(), reason.into_owned()))
}

/// A header that stands once.
fn sole(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    value.to_str().ok()
}

fn unknown() -> Response {
    let text = "there is no such session: it has ended, or another process has it; open another one\n";
    (StatusCode::NOT_FOUND, text).into_response()
}

/// Nothing was taken.
fn later(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::RETRY_AFTER, "1")], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_close_has_a_code_and_maybe_a_reason() {
        assert_eq!(code_and_reason("1000"), Some((1000, String::new())));
        assert_eq!(code_and_reason("4001 caf%C3%A9 closed"), Some((4001, "café closed".to_owned())));
        for wrong in ["", "1006 lost", "x", "1000bye", "70000", "1000 %FF"] {
            assert_eq!(code_and_reason(wrong), None, "{wrong}");
        }
    }
}
