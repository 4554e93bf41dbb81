//! Tests of consumers without a network: a WebSocket client in memory, through the real HTTP upgrade, or one that comes by
//! Server-Sent Events.
//!
//! Everything runs in the test's own runtime, under paused time too: then a test that waits for a deadline of an hour
//! takes no time.

mod ask;
mod error;
mod events;
pub mod layer;
mod locks;
mod wire;

pub use error::TestError;
pub use locks::{BrokenLocks, Locks};

use std::{collections::VecDeque, fmt, net::SocketAddr, time::Duration};

use axum::{
    Extension, Router,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{sync::mpsc, time::timeout};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use crate::{channels::Channels, connection::Watch};
use events::Events;
use wire::Wire;

/// Longer than any deadline of the server's, which should be the one to speak.
const CONNECT: Duration = Duration::from_secs(60);

/// A client of one consumer, as Django Channels' `WebsocketCommunicator`.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use axum::Router;
/// use consumer_runtime::{prelude::*, testing::Communicator};
/// use serde_json::{Value, json};
///
/// #[consumer("/ws/echo/")]
/// struct Echo {}
///
/// #[consumer]
/// impl Echo {
///     #[receive]
///     async fn receive(&mut self, value: Value, context: &mut Context<Self>) -> Result {
///         context.send_json(&value).await
///     }
/// }
///
/// let mut browser = Communicator::new(Router::new().consumer::<Echo>(), "/ws/echo/");
/// browser.connect().await.unwrap();
/// browser.send_json_to(&json!({"hello": "there"})).await.unwrap();
/// assert_eq!(browser.receive_json_from::<Value>().await.unwrap(), json!({"hello": "there"}));
/// browser.disconnect().await;
/// # });
/// ```
pub struct Communicator {
    app: Router,
    path: String,
    headers: HeaderMap,
    client: SocketAddr,
    patience: Duration,
    by_events: bool,
    wire: Option<Wire>,
    /// What came before the reply that [`ask`](Self::ask) waited for.
    early: VecDeque<Message>,
    /// How often [`ask`](Self::ask) asked.
    asked: u64,
    /// Ends when the consumer's task has, `disconnect` included.
    life: Option<mpsc::Receiver<()>>,
    /// Kept so that a test's router has the same channels at every connect.
    channels: Channels,
}

/// How a connect was accepted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Accepted {
    /// The subprotocol that was agreed on.
    pub subprotocol: Option<String>,
    /// The response's headers.
    pub headers: HeaderMap,
}

impl fmt::Debug for Communicator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Communicator")
            .field("path", &self.path)
            .field("connected", &self.wire.is_some())
            .finish_non_exhaustive()
    }
}

impl Communicator {
    /// A client that will connect to `path` of `app`; a query may follow the path.
    ///
    /// A router without channels gets memory ones. Two communicators of one room share their channels when the router
    /// was given them by [`with_channels`](crate::RouterExt::with_channels).
    pub fn new(app: Router, path: impl Into<String>) -> Self {
        Self {
            app,
            path: path.into(),
            headers: HeaderMap::new(),
            client: SocketAddr::from(([127, 0, 0, 1], 50_000)),
            patience: Duration::from_secs(1),
            by_events: false,
            wire: None,
            early: VecDeque::new(),
            asked: 0,
            life: None,
            channels: Channels::memory(),
        }
    }

    /// Adds a header to the request.
    ///
    /// # Panics
    /// When the name or the value cannot stand in a request.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header name");
        self.headers.append(name, HeaderValue::from_str(value).expect("a header value"));
        self
    }

    /// Offers subprotocols, best first.
    ///
    /// # Panics
    /// When one cannot stand in a header.
    #[must_use]
    pub fn subprotocols(self, names: &[&str]) -> Self {
        self.header(header::SEC_WEBSOCKET_PROTOCOL.as_str(), &names.join(", "))
    }

    /// Comes from this address. Default: 127.0.0.1.
    #[must_use]
    pub fn client(mut self, client: SocketAddr) -> Self {
        self.client = client;
        self
    }

    /// How long everything that receives waits. Default: 1 s, as in Django Channels.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Comes by Server-Sent Events and requests instead of a WebSocket, as clients do whose network lets none through
    /// ([`Settings::sse`](crate::Settings::sse)). Everything else is the same, so that a test may do it both ways.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use axum::Router;
    /// use consumer_runtime::{prelude::*, testing::Communicator};
    ///
    /// #[consumer("/ws/echo/")]
    /// struct Echo {}
    ///
    /// #[consumer]
    /// impl Echo {
    ///     #[receive(text)]
    ///     async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
    ///         context.send_text(text).await
    ///     }
    /// }
    ///
    /// let app = || Router::new().consumer::<Echo>();
    /// for mut browser in [Communicator::new(app(), "/ws/echo/"), Communicator::new(app(), "/ws/echo/").sse()] {
    ///     browser.connect().await.unwrap();
    ///     browser.send_text_to("hello").await.unwrap();
    ///     assert_eq!(browser.receive_text_from().await.unwrap(), "hello");
    ///     browser.disconnect().await;
    /// }
    /// # });
    /// ```
    #[must_use]
    pub fn sse(mut self) -> Self {
        self.by_events = true;
        self
    }

    /// Connects.
    ///
    /// # Errors
    /// [`TestError::Refused`] with the response when the server refuses.
    pub async fn connect(&mut self) -> Result<Accepted, TestError> {
        let (watch, life) = mpsc::channel(1);
        self.life = Some(life);
        let app = self.app.clone().layer(Extension(self.channels.clone()));
        let (path, headers, client, watch) = (&self.path, self.headers.clone(), self.client, Watch(watch));
        let connecting = async {
            if self.by_events {
                Events::open(app, path, headers, client, watch).await
            } else {
                Wire::websocket(app, path, headers, client, watch).await
            }
        };
        let (wire, accepted) = timeout(CONNECT, connecting).await.unwrap_or(Err(TestError::Silent(CONNECT)))?;
        self.wire = Some(wire);
        self.early.clear();
        Ok(accepted)
    }

    /// Connects in the expectation that the server refuses, and gives its response.
    ///
    /// # Errors
    /// [`TestError::Unexpected`] when the server accepts.
    pub async fn refused(&mut self) -> Result<(StatusCode, HeaderMap, String), TestError> {
        match self.connect().await {
            Err(TestError::Refused { status, headers, body }) => Ok((status, *headers, body)),
            Err(error) => Err(error),
            Ok(_) => Err(TestError::Unexpected { wanted: "a refusal", got: "an accepted connection".into() }),
        }
    }

    fn wire(&mut self) -> Result<&mut Wire, TestError> {
        self.wire.as_mut().ok_or(TestError::NotConnected)
    }

    async fn send(&mut self, message: Message) -> Result<(), TestError> {
        self.wire()?.send(message).await
    }

    /// Sends a value as a JSON text frame.
    ///
    /// # Errors
    /// When it cannot be serialised, or the connection is closed.
    pub async fn send_json_to<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TestError> {
        let text = serde_json::to_string(value).map_err(|error| TestError::Json(error.to_string()))?;
        self.send(Message::text(text)).await
    }

    /// Sends a text frame.
    ///
    /// # Errors
    /// When the connection is closed.
    pub async fn send_text_to(&mut self, text: &str) -> Result<(), TestError> {
        self.send(Message::text(text)).await
    }

    /// Sends a binary frame.
    ///
    /// # Errors
    /// When the connection is closed.
    pub async fn send_bytes_to(&mut self, bytes: &[u8]) -> Result<(), TestError> {
        self.send(Message::binary(bytes.to_vec())).await
    }

    /// The next frame that is no ping or pong.
    async fn receive(&mut self, patience: Duration) -> Result<Message, TestError> {
        match self.early.pop_front() {
            Some(message) => Ok(message),
            None => self.receive_new(patience).await,
        }
    }

    async fn receive_new(&mut self, patience: Duration) -> Result<Message, TestError> {
        timeout(patience, self.wire()?.next()).await.unwrap_or(Err(TestError::Silent(patience)))
    }

    /// The next frame, which must be text.
    ///
    /// # Errors
    /// When nothing comes in time, the connection ends, or the frame is another one.
    pub async fn receive_text_from(&mut self) -> Result<String, TestError> {
        match self.receive(self.patience).await? {
            Message::Text(text) => Ok(text.as_str().to_owned()),
            other => Err(TestError::unexpected("a text frame", &other)),
        }
    }

    /// The next frame, which must be text with JSON that fits `T`.
    ///
    /// # Errors
    /// As [`receive_text_from`](Self::receive_text_from), and when the JSON does not fit.
    pub async fn receive_json_from<T: DeserializeOwned>(&mut self) -> Result<T, TestError> {
        let text = self.receive_text_from().await?;
        serde_json::from_str(&text).map_err(|error| TestError::Json(format!("{error} in {text}")))
    }

    /// The next frame, which must be binary.
    ///
    /// # Errors
    /// When nothing comes in time, the connection ends, or the frame is another one.
    pub async fn receive_bytes_from(&mut self) -> Result<Vec<u8>, TestError> {
        match self.receive(self.patience).await? {
            Message::Binary(bytes) => Ok(bytes.to_vec()),
            other => Err(TestError::unexpected("a binary frame", &other)),
        }
    }

    /// The server's close frame, as code and reason; 1005 when it has none and 1006 when there is no close frame.
    ///
    /// # Errors
    /// When nothing comes in time, or another frame does.
    pub async fn receive_close(&mut self) -> Result<(u16, String), TestError> {
        match self.receive(self.patience).await {
            Ok(Message::Close(Some(frame))) => Ok((frame.code.into(), frame.reason.as_str().to_owned())),
            Ok(Message::Close(None)) => Ok((1005, String::new())),
            Ok(other) => Err(TestError::unexpected("a close frame", &other)),
            Err(TestError::Gone) => Ok((1006, String::new())),
            Err(error) => Err(error),
        }
    }

    /// Whether nothing comes for a tenth of a second.
    pub async fn receive_nothing(&mut self) -> bool {
        matches!(self.receive(Duration::from_millis(100)).await, Err(TestError::Silent(_)))
    }

    /// Closes with 1000 and waits until the consumer has run its `disconnect`.
    pub async fn disconnect(&mut self) {
        self.disconnect_with(1000, "").await;
    }

    /// Closes with a code and a reason, and waits until the consumer has run its `disconnect`.
    pub async fn disconnect_with(&mut self, code: u16, reason: &str) {
        if let Some(mut wire) = self.wire.take() {
            wire.close(CloseFrame { code: CloseCode::from(code), reason: reason.into() }).await;
            let drained = async { while wire.next().await.is_ok() {} };
            let _ = timeout(self.patience, drained).await;
        }
        self.ended().await;
    }

    /// Cuts the line without a close frame, and waits until the consumer has run its `disconnect`.
    pub async fn vanish(&mut self) {
        self.wire = None;
        self.ended().await;
    }

    /// Waits until the consumer's task has ended, `disconnect` included.
    pub async fn ended(&mut self) {
        if let Some(mut life) = self.life.take() {
            // Nobody ever sends: it is the last sender's end that is awaited.
            let _ = life.recv().await;
        }
    }
}
