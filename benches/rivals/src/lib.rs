//! What the rivals share: the chat's JSON, rooms over `tokio::sync::broadcast`, and where they listen.

use std::{collections::HashMap, sync::Mutex};

use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, sync::broadcast};

/// What a browser sends and gets: `{"message": "hi"}`.
#[derive(Debug, Deserialize, Serialize)]
pub struct Said {
    pub message: String,
}

/// Reads what a browser sent and writes what all get, once a message, as every chat has to.
pub fn restate(text: &str) -> Option<String> {
    let said: Said = serde_json::from_str(text).ok()?;
    serde_json::to_string(&said).ok()
}

/// One sender a room.
#[derive(Debug)]
pub struct Rooms<T> {
    senders: Mutex<HashMap<String, broadcast::Sender<T>>>,
    capacity: usize,
}

impl<T: Clone> Rooms<T> {
    /// Rooms that hold so many messages for members who are behind.
    pub fn new(capacity: usize) -> Self {
        Self { senders: Mutex::default(), capacity }
    }

    /// The sender of this room, which is made when it is new.
    pub fn room(&self, name: &str) -> broadcast::Sender<T> {
        let mut senders = self.senders.lock().expect("no holder panics");
        senders.entry(name.to_owned()).or_insert_with(|| broadcast::channel(self.capacity).0).clone()
    }
}

/// Listens where the command line says, else on a free port, and prints the address.
pub async fn listen() -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind(address()).await?;
    println!("listening on {}", listener.local_addr()?);
    Ok(listener)
}

/// The first argument, else a free port of this machine.
pub fn address() -> String {
    std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".into())
}
