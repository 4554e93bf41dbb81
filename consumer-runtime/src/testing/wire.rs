//! What a test's client speaks by: a WebSocket in memory, or events and requests.

use std::net::SocketAddr;

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Request, header},
};
use futures_util::{SinkExt, StreamExt};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::{io::DuplexStream, task::AbortHandle};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest, protocol::CloseFrame},
};
use tower_service::Service;

use super::{Accepted, TestError, events::Events};
use crate::connection::Watch;

/// How much a socket in memory holds, about as much as a real one.
const SOCKET: usize = 64 * 1024;

/// An open connection.
#[derive(Debug)]
pub(super) enum Wire {
    /// The task that serves it is given up with it.
    WebSocket(Box<WebSocketStream<DuplexStream>>, #[expect(dead_code, reason = "held")] AbortOnDrop),
    Events(Box<Events>),
}

/// A server's task, for as long as somebody needs it.
#[derive(Debug)]
pub(super) struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Wire {
    /// Connects as a WebSocket, through the real HTTP upgrade.
    pub(super) async fn websocket(
        app: Router,
        path: &str,
        headers: HeaderMap,
        client: SocketAddr,
        watch: Watch,
    ) -> Result<(Self, Accepted), TestError> {
        let (ours, theirs) = tokio::io::duplex(SOCKET);
        let server = tokio::spawn(async move {
            let service = service_fn(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(ConnectInfo(client));
                request.extensions_mut().insert(watch.clone());
                app.clone().call(request.map(Body::new))
            });
            let builder = auto::Builder::new(TokioExecutor::new());
            // An error here is one of the client's reads, which tells the test.
            let _ = builder.serve_connection_with_upgrades(TokioIo::new(theirs), service).await;
        });
        let server = AbortOnDrop(server.abort_handle());
        let mut request = format!("ws://testserver{path}").into_client_request().map_err(TestError::from_socket)?;
        request.headers_mut().extend(headers);
        let (socket, response) =
            tokio_tungstenite::client_async(request, ours).await.map_err(TestError::from_socket)?;
        let headers = response.headers().clone();
        let subprotocol = headers.get(header::SEC_WEBSOCKET_PROTOCOL).and_then(|name| name.to_str().ok());
        let accepted = Accepted { subprotocol: subprotocol.map(str::to_owned), headers };
        Ok((Self::WebSocket(Box::new(socket), server), accepted))
    }

    pub(super) async fn send(&mut self, message: Message) -> Result<(), TestError> {
        match self {
            Self::WebSocket(socket, _) => socket.send(message).await.map_err(TestError::from_socket),
            Self::Events(events) => events.send(message).await,
        }
    }

    /// The next message that is no ping or pong.
    pub(super) async fn next(&mut self) -> Result<Message, TestError> {
        let socket = match self {
            Self::WebSocket(socket, _) => socket,
            Self::Events(events) => return events.next().await,
        };
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
                Some(Err(_)) | None => return Err(TestError::Gone),
            }
        }
    }

    /// Closes; closed already is closed as well.
    pub(super) async fn close(&mut self, frame: CloseFrame) {
        match self {
            Self::WebSocket(socket, _) => {
                // By its name: the box is a sink too.
                let _ = WebSocketStream::close(socket, Some(frame)).await;
            }
            Self::Events(events) => events.close(frame).await,
        }
    }
}
