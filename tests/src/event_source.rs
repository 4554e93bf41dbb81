//! A client that hears Server-Sent Events on a real socket, and sends by requests on others.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::AsyncReadExt;

use crate::{Raw, Response, ask, soon};

/// A client that comes by requests.
#[derive(Debug)]
pub struct EventSource {
    /// The response that opened the stream.
    pub response: Response,
    /// The session's token.
    pub session: String,
    /// The subprotocol that was agreed on.
    pub subprotocol: Option<String>,
    address: SocketAddr,
    path: String,
    raw: Raw,
    /// What came of an event that is not whole.
    part: String,
}

/// A request for events, with `extra` header lines (each with its line end).
#[must_use]
pub fn events(path: &str, extra: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: testserver\r\nAccept: text/event-stream\r\nConsumer-Session: new\r\n{extra}\r\n"
    )
}

/// A request of a session, with `extra` header lines and a body.
#[must_use]
pub fn send(method: &str, path: &str, session: &str, extra: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: testserver\r\nConsumer-Session: {session}\r\nContent-Length: {length}\r\n{extra}\r\n{body}"
    )
}

impl EventSource {
    /// Opens a stream.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn open(address: SocketAddr, path: &str) -> Self {
        Self::try_open(address, path, "").await.unwrap_or_else(|refused| panic!("refused: {refused:?}"))
    }

    /// Opens a stream with `extra` header lines.
    ///
    /// # Errors
    /// The response when the server refuses.
    pub async fn try_open(address: SocketAddr, path: &str, extra: &str) -> Result<Self, Response> {
        Self::ask(address, path, &events(path, extra)).await
    }

    /// Opens a stream by a request as it stands.
    ///
    /// # Errors
    /// The response when the server refuses.
    ///
    /// # Panics
    /// When the stream does not begin as it should.
    pub async fn ask(address: SocketAddr, path: &str, request: &str) -> Result<Self, Response> {
        let mut raw = Raw::connect(address).await;
        raw.write(request.as_bytes()).await;
        let response = raw.response().await;
        if response.status != 200 {
            return Err(response);
        }
        let (path, session, part) = (path.to_owned(), String::new(), String::new());
        let mut source = Self { response, session, subprotocol: None, address, path, raw, part };
        let (name, open) = source.event().await.expect("a first event");
        assert_eq!(name, "open");
        let open: Value = serde_json::from_str(&open).expect("JSON");
        source.session = open["session"].as_str().expect("a token").to_owned();
        source.subprotocol = open["subprotocol"].as_str().map(str::to_owned);
        Ok(source)
    }

    /// The next bytes of the stream; `None` at its end, whether it is a good one or not.
    async fn chunk(&mut self) -> Option<String> {
        soon("the server sends something", async {
            let mut size = String::new();
            while !size.ends_with("\r\n") {
                size.push(self.raw.stream.read_u8().await.ok()?.into());
            }
            let size = usize::from_str_radix(size.trim(), 16).expect("a size");
            let mut chunk = vec![0; size + 2];
            self.raw.stream.read_exact(&mut chunk).await.ok()?;
            chunk.truncate(size);
            (size > 0).then(|| String::from_utf8(chunk).expect("UTF-8 in whole characters"))
        })
        .await
    }

    /// The next block of lines, an event or a comment; `None` at the end of the stream.
    pub async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.part.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.part = rest;
                return Some(block);
            }
            let chunk = self.chunk().await?;
            self.part.push_str(&chunk);
        }
    }

    /// The next event, its name and data; `None` at the end of the stream.
    pub async fn event(&mut self) -> Option<(String, String)> {
        loop {
            let block = self.block().await?;
            let lines = |field: &'static str| block.split('\n').filter_map(move |line| line.strip_prefix(field));
            let data: Vec<_> = lines("data: ").collect();
            if !data.is_empty() {
                return Some((lines("event: ").collect(), data.join("\n")));
            }
        }
    }

    /// The next event, which must be a text.
    ///
    /// # Panics
    /// When it is not.
    pub async fn hear(&mut self) -> String {
        match self.event().await {
            Some((name, data)) if name.is_empty() => data,
            other => panic!("wanted a text, got {other:?}"),
        }
    }

    /// The next event, which must be JSON.
    ///
    /// # Panics
    /// When it is not.
    pub async fn hear_json(&mut self) -> Value {
        let text = self.hear().await;
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
    }

    /// How the stream ends, after any number of events: by a close with its code and reason, and 1006 when there is none.
    ///
    /// # Panics
    /// When something comes after the close.
    pub async fn hear_close(&mut self) -> (u16, String) {
        while let Some((name, data)) = self.event().await {
            if name == "close" {
                let close: Value = serde_json::from_str(&data).expect("JSON");
                assert_eq!(self.block().await, None, "after the close");
                let code = close["code"].as_u64().and_then(|code| code.try_into().ok()).expect("a code");
                return (code, close["reason"].as_str().expect("a reason").to_owned());
            }
        }
        (1006, String::new())
    }

    /// Sends a body.
    pub async fn post(&self, content_type: &str, body: &str) -> Response {
        self.request("POST", &format!("Content-Type: {content_type}\r\n"), body).await
    }

    /// Sends a text.
    ///
    /// # Panics
    /// When it is not taken.
    pub async fn say(&self, text: &str) {
        let response = self.post("text/plain;charset=UTF-8", text).await;
        assert_eq!(response.status, 204, "{}", response.body);
    }

    /// Sends a JSON text frame.
    ///
    /// # Panics
    /// When it is not taken.
    pub async fn say_json(&self, value: Value) {
        let response = self.post("application/x-ndjson", &format!("{value}\n")).await;
        assert_eq!(response.status, 204, "{}", response.body);
    }

    /// Sends any request of this session.
    pub async fn request(&self, method: &str, extra: &str, body: &str) -> Response {
        ask(self.address, &send(method, &self.path, &self.session, extra, body)).await
    }

    /// Cuts the line by a reset, as a crashed machine's kernel does.
    pub fn reset(self) {
        self.raw.reset();
    }
}
