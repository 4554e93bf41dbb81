//! Tests of consumers without a network: a WebSocket client in memory, through the real HTTP upgrade.
//!
//! Everything runs in the test's own runtime, under paused time too: then a test that waits for a deadline of an hour
//! takes no time.

mod ask;
mod error;
pub mod layer;
mod locks;

pub use error::TestError;
pub use locks::{BrokenLocks, Locks};

use std::{collections::VecDeque, fmt, net::SocketAddr, time::Duration};

use axum::{
    Extension, Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header},
};
use futures_util::{SinkExt, StreamExt};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{io::DuplexStream, sync::mpsc, task::AbortHandle, time::timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        error::Error as SocketError,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};
use tower_service::Service;

use crate::{channels::Channels, connection::Watch};

/// How much a socket in memory holds, about as much as a real one.
const SOCKET: usize = 64 * 1024;

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
    socket: Option<WebSocketStream<DuplexStream>>,
    /// What came before the reply that [`ask`](Self::ask) waited for.
    early: VecDeque<Message>,
    /// How often [`ask`](Self::ask) asked.
    asked: u64,
    server: Option<AbortHandle>,
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
            .field("connected", &self.socket.is_some())
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
            socket: None,
            early: VecDeque::new(),
            asked: 0,
            server: None,
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

    /// Connects.
    ///
    /// # Errors
    /// [`TestError::Refused`] with the response when the server refuses.
    pub async fn connect(&mut self) -> Result<Accepted, TestError> {
        let (ours, theirs) = tokio::io::duplex(SOCKET);
        let (watch, life) = mpsc::channel(1);
        let (app, client) = (self.app.clone().layer(Extension(self.channels.clone())), self.client);
        let server = tokio::spawn(async move {
            let service = service_fn(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(ConnectInfo(client));
                request.extensions_mut().insert(Watch(watch.clone()));
                app.clone().call(request.map(Body::new))
            });
            let builder = auto::Builder::new(TokioExecutor::new());
            // An error here is one of the client's reads, which tells the test.
            let _ = builder.serve_connection_with_upgrades(TokioIo::new(theirs), service).await;
        });
        (self.server, self.life) = (Some(server.abort_handle()), Some(life));
        let mut request =
            format!("ws://testserver{}", self.path).into_client_request().map_err(TestError::from_socket)?;
        request.headers_mut().extend(self.headers.clone());
        let connecting = tokio_tungstenite::client_async(request, ours);
        // Longer than any deadline of the server's, which should be the one to speak.
        let (socket, response) = timeout(Duration::from_secs(60), connecting)
            .await
            .map_err(|_| TestError::Silent(Duration::from_secs(60)))?
            .map_err(TestError::from_socket)?;
        self.socket = Some(socket);
        self.early.clear();
        let headers = response.headers().clone();
        let subprotocol = headers.get(header::SEC_WEBSOCKET_PROTOCOL).and_then(|name| name.to_str().ok());
        Ok(Accepted { subprotocol: subprotocol.map(str::to_owned), headers })
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

    fn socket(&mut self) -> Result<&mut WebSocketStream<DuplexStream>, TestError> {
        self.socket.as_mut().ok_or(TestError::NotConnected)
    }

    async fn send(&mut self, message: Message) -> Result<(), TestError> {
        self.socket()?.send(message).await.map_err(TestError::from_socket)
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
        let socket = self.socket()?;
        let next = async {
            loop {
                match socket.next().await {
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(message)) => {
                        if message.is_close() {
                            // Its answer waits in tungstenite until the socket is used again.
                            let _ = socket.flush().await;
                        }
                        return Ok(message);
                    }
                    Some(Err(SocketError::ConnectionClosed | SocketError::AlreadyClosed)) | None => {
                        return Err(TestError::Gone);
                    }
                    Some(Err(_)) => return Err(TestError::Gone),
                }
            }
        };
        timeout(patience, next).await.unwrap_or(Err(TestError::Silent(patience)))
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
        if let Some(mut socket) = self.socket.take() {
            let frame = CloseFrame { code: CloseCode::from(code), reason: reason.into() };
            // Closed already is closed as well.
            let _ = socket.close(Some(frame)).await;
            let drained = async { while let Some(Ok(_)) = socket.next().await {} };
            let _ = timeout(self.patience, drained).await;
        }
        self.ended().await;
    }

    /// Cuts the line without a close frame, and waits until the consumer has run its `disconnect`.
    pub async fn vanish(&mut self) {
        self.socket = None;
        self.ended().await;
    }

    /// Waits until the consumer's task has ended, `disconnect` included.
    pub async fn ended(&mut self) {
        if let Some(server) = self.server.take()
            && self.socket.is_none()
        {
            server.abort();
        }
        if let Some(mut life) = self.life.take() {
            // Nobody ever sends: it is the last sender's end that is awaited.
            let _ = life.recv().await;
        }
    }
}

impl Drop for Communicator {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.abort();
        }
    }
}
