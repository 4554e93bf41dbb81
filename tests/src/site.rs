//! A server on a port of its own.

use std::{io, net::SocketAddr};

use axum::Router;
use consumer_runtime::{Channels, Server};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{Client, eventually, soon};

/// A running [`Server`] on a free port of this machine; it ends with the test.
#[derive(Debug)]
pub struct Site {
    /// Where it listens.
    pub address: SocketAddr,
    /// What its consumers send through.
    pub channels: Channels,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<io::Result<()>>>,
}

impl Site {
    /// Serves `app` as [`consumer_runtime::serve`] does.
    pub async fn new(app: Router) -> Self {
        Self::with(app, |server| server).await
    }

    /// Serves `app` by a server that `configure` has changed.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn with(app: Router, configure: impl FnOnce(Server) -> Server) -> Self {
        Self::start(app, Channels::memory(), configure).await
    }

    /// Serves `app` with channels that others may share.
    pub async fn on(app: Router, channels: Channels) -> Self {
        Self::start(app, channels, |server| server).await
    }

    async fn start(app: Router, channels: Channels, configure: impl FnOnce(Server) -> Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let server = configure(Server::new(app).channels(channels.clone()));
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server.run(listener, async move {
            // A site that is dropped is stopped as well.
            let _ = stopped.await;
        }));
        Self { address, channels, stop: Some(stop), running: Some(running) }
    }

    /// A client that is connected to `path`.
    pub async fn client(&self, path: &str) -> Client {
        Client::connect(self.address, path).await
    }

    /// Asks the server to end, as a signal would.
    pub fn stop(&mut self) {
        self.stop = None;
    }

    /// Waits until the server has returned from `run`.
    ///
    /// # Panics
    /// When it does not in time, or returns an error.
    pub async fn ended(&mut self) {
        self.end().await.expect("no error");
    }

    /// Waits until the server has returned from `run`, and gives what that returned.
    ///
    /// # Errors
    /// When the drain was cut short.
    ///
    /// # Panics
    /// When it does not return in time.
    pub async fn end(&mut self) -> io::Result<()> {
        match self.running.take() {
            Some(running) => soon("the server ends", running).await.expect("no panic"),
            None => Ok(()),
        }
    }

    /// Waits until every connection that was accepted has ended, and none is forgotten.
    ///
    /// # Panics
    /// When one is still there after a while.
    pub async fn settled(&self) {
        eventually("every accepted connection ends", || {
            let counts = self.channels.counts();
            counts.accepted == counts.ended
        })
        .await;
    }
}
