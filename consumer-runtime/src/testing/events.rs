//! A test's client that hears Server-Sent Events and sends by requests.

use std::{
    fmt,
    net::SocketAddr,
    sync::{Mutex, PoisonError},
};

use axum::{
    Router,
    body::{Body, BodyDataStream, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::StreamExt;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};
use tower_service::Service;

use super::{Accepted, TestError, wire::Wire};
use crate::{connection::Watch, sse::SESSION};

/// How much of a refusal's body is read.
const REFUSAL: usize = 64 * 1024;

/// An open stream, and how to send beside it.
pub(super) struct Events {
    app: Router,
    path: String,
    headers: HeaderMap,
    client: SocketAddr,
    session: String,
    /// Never locked: a body is not `Sync`, and a `Communicator` is.
    body: Mutex<BodyDataStream>,
    /// What came of an event that is not whole.
    part: Vec<u8>,
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("path", &self.path).finish_non_exhaustive()
    }
}

/// One event.
struct Event {
    name: String,
    data: String,
}

#[derive(Deserialize)]
struct Open {
    session: String,
    subprotocol: Option<String>,
}

#[derive(Deserialize)]
struct Close {
    code: u16,
    reason: String,
}

impl Events {
    /// Opens a stream, as a page's script does.
    pub(super) async fn open(
        app: Router,
        path: &str,
        mut headers: HeaderMap,
        client: SocketAddr,
        watch: Watch,
    ) -> Result<(Wire, Accepted), TestError> {
        headers.entry(header::HOST).or_insert(HeaderValue::from_static("testserver"));
        let mut with_query = path.to_owned();
        // A script cannot set this header.
        let offered: Vec<_> =
            headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().map(HeaderValue::as_bytes).collect();
        if !offered.is_empty() {
            let offered = String::from_utf8_lossy(&offered.join(&b", "[..])).into_owned();
            with_query.push(if path.contains('?') { '&' } else { '?' });
            with_query.extend(["_subprotocols=", &utf8_percent_encode(&offered, NON_ALPHANUMERIC).to_string()]);
        }
        headers.remove(header::SEC_WEBSOCKET_PROTOCOL);
        let own = [(header::ACCEPT, "text/event-stream"), (SESSION, "new")];
        let mut request = request(Method::GET, &with_query, &headers, &own, client, Body::empty())?;
        request.extensions_mut().insert(watch);
        let response = call(&app, request).await;
        let is_stream = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        if response.status() != StatusCode::OK || !is_stream {
            return Err(refusal(response).await);
        }
        let (head, body) = response.into_parts();
        let (body, session, part) = (Mutex::new(body.into_data_stream()), String::new(), Vec::new());
        let mut events = Self { app, path: path.to_owned(), headers, client, session, body, part };
        let first = events.event().await?;
        let open: Open = json(&first.data)?;
        events.session = open.session;
        let accepted = Accepted { subprotocol: open.subprotocol, headers: head.headers };
        Ok((Wire::Events(Box::new(events)), accepted))
    }

    pub(super) async fn send(&mut self, message: Message) -> Result<(), TestError> {
        let (content_type, body) = match message {
            Message::Text(text) => ("text/plain", Body::from(text.as_str().to_owned())),
            Message::Binary(bytes) => ("application/octet-stream", Body::from(bytes)),
            other => return Err(TestError::Socket(format!("nothing that is sent by requests: {other:?}"))),
        };
        let response = self.ask(Method::POST, &[(header::CONTENT_TYPE, content_type)], body).await?;
        match response.status() {
            StatusCode::NO_CONTENT => Ok(()),
            StatusCode::NOT_FOUND => Err(TestError::Gone),
            _ => Err(refusal(response).await),
        }
    }

    /// The next message.
    pub(super) async fn next(&mut self) -> Result<Message, TestError> {
        let Event { name, data } = self.event().await?;
        match &*name {
            "" => Ok(Message::text(data)),
            "quoted" => Ok(Message::text(json::<String>(&data)?)),
            "bytes" => STANDARD
                .decode(&data)
                .map(Message::binary)
                .map_err(|error| TestError::Socket(format!("{error} in an event `bytes`"))),
            "close" => {
                let Close { code, reason } = json(&data)?;
                let frame = CloseFrame { code: CloseCode::from(code), reason: reason.into() };
                Ok(Message::Close((code != 1005).then_some(frame)))
            }
            _ => Err(TestError::Socket(format!("an event that is not in the protocol, `{name}`"))),
        }
    }

    pub(super) async fn close(&mut self, frame: CloseFrame) {
        let reason = utf8_percent_encode(frame.reason.as_str(), NON_ALPHANUMERIC);
        let close = format!("{} {reason}", u16::from(frame.code));
        let _ = self.ask(Method::DELETE, &[(HeaderName::from_static("consumer-close"), &close)], Body::empty()).await;
    }

    async fn ask(&self, method: Method, own: &[(HeaderName, &str)], body: Body) -> Result<Response, TestError> {
        let own = [&[(SESSION, &*self.session)], own].concat();
        let request = request(method, &self.path, &self.headers, &own, self.client, body)?;
        Ok(call(&self.app, request).await)
    }

    /// The next event; comments are passed over.
    async fn event(&mut self) -> Result<Event, TestError> {
        loop {
            while let Some(end) = self.part.windows(2).position(|pair| pair == b"\n\n") {
                let event: Vec<u8> = self.part.drain(..end + 2).collect();
                let event = String::from_utf8_lossy(&event).into_owned();
                let lines = |field: &'static str| event.lines().filter_map(move |line| line.strip_prefix(field));
                let data: Vec<_> = lines("data: ").collect();
                if !data.is_empty() {
                    return Ok(Event { name: lines("event: ").collect(), data: data.join("\n") });
                }
            }
            match self.body.get_mut().unwrap_or_else(PoisonError::into_inner).next().await {
                Some(Ok(bytes)) => self.part.extend_from_slice(&bytes),
                Some(Err(_)) | None => return Err(TestError::Gone),
            }
        }
    }
}

fn request(
    method: Method,
    path: &str,
    headers: &HeaderMap,
    own: &[(HeaderName, &str)],
    client: SocketAddr,
    body: Body,
) -> Result<Request<Body>, TestError> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in own {
        request = request.header(name, *value);
    }
    let mut request = request.body(body).map_err(|error| TestError::Socket(error.to_string()))?;
    request.headers_mut().extend(headers.clone());
    request.extensions_mut().insert(ConnectInfo(client));
    Ok(request)
}

async fn call(app: &Router, request: Request<Body>) -> Response {
    match app.clone().call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

async fn refusal(response: Response) -> TestError {
    let (head, body) = response.into_parts();
    let body = to_bytes(body, REFUSAL).await.unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    TestError::Refused { status: head.status, headers: Box::new(head.headers), body }
}

fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, TestError> {
    serde_json::from_str(text).map_err(|error| TestError::Json(format!("{error} in {text}")))
}
