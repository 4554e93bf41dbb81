//! The chat as axum's users write it first: a broadcast channel, a split socket, a task for each direction.

use std::sync::Arc;

use axum::{
    Router,
    extract::{
        Path, State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
    routing::get,
};
use futures_util::{SinkExt, StreamExt};
use rivals::{Rooms, listen, restate};

type Shared = Arc<Rooms<String>>;

async fn chat(upgrade: WebSocketUpgrade, Path(room): Path<String>, State(rooms): State<Shared>) -> Response {
    upgrade.on_upgrade(move |socket| member(socket, room, rooms))
}

async fn member(socket: WebSocket, room: String, rooms: Shared) {
    let (mut sink, mut stream) = socket.split();
    let sender = rooms.room(&room);
    let mut receiver = sender.subscribe();
    let mut writing = tokio::spawn(async move {
        while let Ok(text) = receiver.recv().await {
            if sink.send(Message::text(text)).await.is_err() {
                break;
            }
        }
    });
    let mut reading = tokio::spawn(async move {
        while let Some(Ok(Message::Text(text))) = stream.next().await {
            if let Some(text) = restate(&text) {
                // Without members nobody misses it.
                let _ = sender.send(text);
            }
        }
    });
    tokio::select! {
        _ = &mut writing => reading.abort(),
        _ = &mut reading => writing.abort(),
    }
}

async fn echo(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |mut socket| {
        while let Some(Ok(message)) = socket.recv().await {
            if socket.send(message).await.is_err() {
                break;
            }
        }
    })
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new()
        .route("/ws/chat/{room}/", get(chat))
        .route("/echo/", get(echo))
        .with_state(Arc::new(Rooms::new(100)));
    axum::serve(listen().await?, app).await
}
