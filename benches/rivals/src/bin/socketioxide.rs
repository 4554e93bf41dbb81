//! The chat on socketioxide: rooms, and an event that goes to all of a room.

use axum::Router;
use rivals::{Said, listen};
use socketioxide::{
    SocketIo,
    extract::{Data, SocketRef},
};

async fn join(socket: SocketRef, Data(room): Data<String>) {
    socket.join(room);
    // A client that is gone needs no answer.
    let _ = socket.emit("joined", &());
}

async fn message(socket: SocketRef, Data(said): Data<Said>) {
    // Members that are behind are the library's concern: what it answers is which of them failed.
    let _ = socket.within(socket.rooms()).emit("message", &said).await;
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let (layer, io) = SocketIo::new_layer();
    io.ns("/", async |socket: SocketRef| {
        socket.on("join", join);
        socket.on("message", message);
    });
    axum::serve(listen().await?, Router::new().layer(layer)).await
}
