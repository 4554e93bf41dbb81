//! A client on a real socket, by tungstenite.

use std::net::SocketAddr;

use axum::http::{HeaderMap, StatusCode};
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

use crate::soon;

/// A WebSocket client; everything that it waits for must come within [`PATIENCE`](crate::PATIENCE).
#[derive(Debug)]
pub struct Client {
    socket: WebSocketStream<TcpStream>,
    /// The headers of the response that accepted it.
    pub headers: HeaderMap,
}

impl Client {
    /// Connects.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn connect(address: SocketAddr, path: &str) -> Self {
        Self::try_connect(address, path, &[])
            .await
            .unwrap_or_else(|(status, body)| panic!("refused with {status}: {body}"))
    }

    /// Connects with extra headers.
    ///
    /// # Errors
    /// The response's status and body when the server refuses.
    ///
    /// # Panics
    /// When there is no response.
    pub async fn try_connect(
        address: SocketAddr,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, (StatusCode, String)> {
        let mut request = format!("ws://{address}{path}").into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().expect("a header value"));
        }
        let stream = TcpStream::connect(address).await.expect("a listener");
        stream.set_nodelay(true).expect("a TCP socket");
        match soon("the server answers the handshake", tokio_tungstenite::client_async(request, stream)).await {
            Ok((socket, response)) => Ok(Self { socket, headers: response.headers().clone() }),
            Err(Error::Http(response)) => {
                let body = response.body().as_deref().unwrap_or_default();
                Err((response.status(), String::from_utf8_lossy(body).into_owned()))
            }
            Err(error) => panic!("no response: {error}"),
        }
    }

    /// Sends a text frame.
    ///
    /// # Panics
    /// When the line is cut.
    pub async fn say(&mut self, text: impl Into<String>) {
        self.send(Message::text(text.into())).await;
    }

    /// Sends a JSON text frame.
    pub async fn say_json(&mut self, value: Value) {
        self.say(value.to_string()).await;
    }

    /// Sends a binary frame.
    pub async fn say_bytes(&mut self, bytes: &[u8]) {
        self.send(Message::binary(bytes.to_vec())).await;
    }

    /// Sends any message.
    ///
    /// # Panics
    /// When the line is cut.
    pub async fn send(&mut self, message: Message) {
        soon("the server takes a frame", self.socket.send(message)).await.expect("an open line");
    }

    /// Sends a ping and waits for its pong: then the server has read everything that was sent before, though it may not
    /// have handled it.
    ///
    /// # Panics
    /// When something else comes first.
    pub async fn ping(&mut self) {
        self.send(Message::Ping("are you there?".into())).await;
        match soon("a pong", self.socket.next()).await {
            Some(Ok(Message::Pong(_))) => {}
            other => panic!("wanted a pong, got {other:?}"),
        }
    }

    /// The next message that is no ping or pong; `None` at the end of the line.
    pub async fn next(&mut self) -> Option<Message> {
        soon("the server sends something", async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(message)) => return Some(message),
                    Some(Err(_)) | None => return None,
                }
            }
        })
        .await
    }

    /// The next message, which must be a text.
    ///
    /// # Panics
    /// When it is not.
    pub async fn hear(&mut self) -> String {
        match self.next().await {
            Some(Message::Text(text)) => text.as_str().to_owned(),
            other => panic!("wanted a text, got {other:?}"),
        }
    }

    /// The next message, which must be JSON.
    ///
    /// # Panics
    /// When it is not.
    pub async fn hear_json(&mut self) -> Value {
        let text = self.hear().await;
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
    }

    /// The next message, which must be binary.
    ///
    /// # Panics
    /// When it is not.
    pub async fn hear_bytes(&mut self) -> Vec<u8> {
        match self.next().await {
            Some(Message::Binary(bytes)) => bytes.to_vec(),
            other => panic!("wanted bytes, got {other:?}"),
        }
    }

    /// The server's close frame, after any number of other frames: 1005 when it has no code, 1006 when there is none.
    /// Answers it, and waits until the server has closed the line.
    pub async fn hear_close(&mut self) -> (u16, String) {
        let mut close = (1006, String::new());
        while let Some(message) = self.next().await {
            match message {
                Message::Close(Some(frame)) => close = (frame.code.into(), frame.reason.as_str().to_owned()),
                Message::Close(None) => close = (1005, String::new()),
                _ => {}
            }
        }
        close
    }

    /// Closes with a code and a reason, and hears the server's answer.
    pub async fn close(mut self, code: u16, reason: &str) -> (u16, String) {
        let frame = CloseFrame { code: CloseCode::from(code), reason: reason.to_owned().into() };
        // Closed by the server already is closed as well.
        let _ = self.socket.close(Some(frame)).await;
        self.hear_close().await
    }

    /// Closes without a code, and hears the server's answer.
    pub async fn close_without_code(mut self) -> (u16, String) {
        let _ = self.socket.close(None).await;
        self.hear_close().await
    }

    /// Cuts the line by a reset, as a crashed machine's kernel does.
    ///
    /// # Panics
    /// When the socket takes no options.
    pub fn reset(self) {
        let stream = self.socket.into_inner();
        stream.set_zero_linger().expect("a TCP socket");
    }
}
