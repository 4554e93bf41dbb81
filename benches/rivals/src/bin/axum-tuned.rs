//! The chat on axum's own WebSocket, tuned as far as it goes: a small read buffer, one task a connection, texts shared,
//! all that waits written by one flush.

use std::{ops::ControlFlow, sync::Arc};

use axum::{
    Error, Router,
    extract::{
        Path, State,
        ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    response::Response,
    routing::get,
    serve::ListenerExt,
};
use futures_util::{FutureExt, SinkExt, StreamExt};
use rivals::{Rooms, listen, restate};
use tokio::sync::broadcast::{
    Sender,
    error::{RecvError, TryRecvError},
};

type Shared = Arc<Rooms<Utf8Bytes>>;

/// The default of 128 KiB is held by every connection and cleared at every read.
const READ_BUFFER: usize = 1024;

async fn chat(upgrade: WebSocketUpgrade, Path(room): Path<String>, State(rooms): State<Shared>) -> Response {
    upgrade.read_buffer_size(READ_BUFFER).on_upgrade(async move |socket| {
        // Ends with the connection.
        let _ = member(socket, rooms.room(&room)).await;
    })
}

async fn member(mut socket: WebSocket, room: Sender<Utf8Bytes>) -> Result<(), Error> {
    let mut receiver = room.subscribe();
    loop {
        tokio::select! {
            text = receiver.recv() => {
                match text {
                    Ok(text) => socket.feed(Message::Text(text)).await?,
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return Ok(()),
                }
                loop {
                    match receiver.try_recv() {
                        Ok(text) => socket.feed(Message::Text(text)).await?,
                        Err(TryRecvError::Lagged(_)) => {}
                        Err(_) => break,
                    }
                }
                socket.flush().await?;
            }
            message = socket.recv() => {
                let Some(Ok(message)) = message else { return Ok(()) };
                if let ControlFlow::Break(()) = take(message, &room) {
                    return Ok(());
                }
                while let Some(Some(Ok(message))) = socket.next().now_or_never() {
                    if let ControlFlow::Break(()) = take(message, &room) {
                        return Ok(());
                    }
                }
            }
        }
    }
}

fn take(message: Message, room: &Sender<Utf8Bytes>) -> ControlFlow<()> {
    match message {
        Message::Text(text) => {
            if let Some(text) = restate(&text) {
                // Without members nobody misses it.
                let _ = room.send(text.into());
            }
            ControlFlow::Continue(())
        }
        Message::Close(_) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    }
}

async fn echo(upgrade: WebSocketUpgrade) -> Response {
    upgrade.read_buffer_size(READ_BUFFER).on_upgrade(async |mut socket| {
        while let Some(Ok(message)) = socket.recv().await {
            if socket.feed(message).await.is_err() {
                return;
            }
            while let Some(Some(Ok(message))) = socket.next().now_or_never() {
                if socket.feed(message).await.is_err() {
                    return;
                }
            }
            if socket.flush().await.is_err() {
                return;
            }
        }
    })
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new()
        .route("/ws/chat/{room}/", get(chat))
        .route("/echo/", get(echo))
        .with_state(Arc::new(Rooms::new(1024)));
    let listener = listen().await?.tap_io(|stream| {
        // What cannot be set stays as it is.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await
}
