//! A server with safe deadlines that ends in good order.

use std::{
    future::Future,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Extension, Router, body::Body, extract::ConnectInfo, http::Request};
use futures_util::future::join_all;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio_util::sync::CancellationToken;
use tower_service::Service;

use crate::channels::Channels;

/// Listens on `address` and serves `app` until the process is asked to end (Ctrl-C or SIGTERM).
///
/// As [`Server`] with its defaults: a router without channels gets memory ones, a request's head must arrive within
/// 10 seconds, and the end is a drain.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(address: impl ToSocketAddrs, app: Router) -> io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    Server::new(app).run(listener, shutdown_signal()).await
}

/// A server, with what [`serve`] leaves at its defaults.
///
/// ```no_run
/// # async fn run(app: axum::Router) -> std::io::Result<()> {
/// use std::time::Duration;
/// use consumer_runtime::{Channels, Server};
///
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// let channels = Channels::memory();
/// Server::new(app)
///     .channels(channels)
///     .drain(Duration::from_secs(5), Duration::from_secs(30))
///     .run(listener, consumer_runtime::shutdown_signal())
///     .await
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a server serves nothing before `run`"]
pub struct Server {
    app: Router,
    channels: Option<Channels>,
    head_timeout: Duration,
    window: Duration,
    patience: Duration,
}

impl Server {
    /// A server of `app`.
    pub fn new(app: Router) -> Self {
        Self {
            app,
            channels: None,
            head_timeout: Duration::from_secs(10),
            window: Duration::from_secs(2),
            patience: Duration::from_secs(20),
        }
    }

    /// The channels of every route that has none of its own. Default: memory.
    pub fn channels(mut self, channels: Channels) -> Self {
        self.channels = Some(channels);
        self
    }

    /// How long the head of a request may take to arrive; slower clients are dropped. Default: 10 s.
    pub fn head_timeout(mut self, timeout: Duration) -> Self {
        self.head_timeout = timeout;
        self
    }

    /// Over which window the close frames are spread at the end, and how long the whole drain may take. Default: 2 s and
    /// 20 s.
    pub fn drain(mut self, window: Duration, patience: Duration) -> Self {
        (self.window, self.patience) = (window, patience);
        self
    }

    /// Serves until `shutdown` is done, and then drains: no new connections are accepted, open WebSockets get a close
    /// frame with 1012, every `disconnect` is awaited, and so are HTTP requests under way.
    ///
    /// # Errors
    /// Never after the start: a connection that cannot be accepted is logged and skipped.
    pub async fn run(self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let channels = self.channels.unwrap_or_else(Channels::memory);
        let used = Used::default();
        // Layers of the router itself run later and replace these.
        let app = self.app.layer(Extension(channels)).layer(Extension(used.clone()));
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(self.head_timeout);
        #[cfg(feature = "http2")]
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(Duration::from_secs(25))
            .keep_alive_timeout(Duration::from_secs(20))
            .enable_connect_protocol();
        let (graceful, closing, head_timeout) = (GracefulShutdown::new(), CancellationToken::new(), self.head_timeout);
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut shutdown => break,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of files, mostly: the ones that close make room.
                    tracing::error!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            let _ = stream.set_nodelay(true);
            let app = app.clone();
            let service = service_fn(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(ConnectInfo(peer));
                app.clone().call(request.map(Body::new))
            });
            let (builder, watcher, closing) = (builder.clone(), graceful.watcher(), closing.clone());
            tokio::spawn(async move {
                let spoke = tokio::select! {
                    spoke = first_bytes(&stream, head_timeout) => spoke,
                    () = closing.cancelled() => false,
                };
                if !spoke {
                    return tracing::debug!(%peer, "a client sent no request within `head_timeout`");
                }
                let serving = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
                if let Err(error) = watcher.watch(serving).await {
                    tracing::debug!(%peer, error = %error, "an HTTP connection ended badly");
                }
            });
        }
        drop(listener);
        closing.cancel();
        tracing::info!("draining");
        let drained = async { tokio::join!(used.drain(self.window, self.patience), graceful.shutdown()).0 };
        match tokio::time::timeout(self.patience, drained).await {
            Ok(true) => tracing::info!("drained"),
            Ok(false) | Err(_) => tracing::warn!("the drain took longer than its patience; what is left is dropped"),
        }
        Ok(())
    }
}

/// Waits until a client has said enough to tell HTTP/1 from HTTP/2, which hyper itself would wait for without a limit;
/// false when that takes too long.
async fn first_bytes(stream: &TcpStream, timeout: Duration) -> bool {
    const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let said_enough = async {
        let mut seen = [0; HTTP2.len()];
        loop {
            match stream.peek(&mut seen).await {
                Ok(len) if len > 0 && len < HTTP2.len() && HTTP2.starts_with(&seen[..len]) => {
                    // A part of the preface, which stays readable: only time can tell.
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                // The end and errors are hyper's to see.
                Ok(_) | Err(_) => return,
            }
        }
    };
    tokio::time::timeout(timeout, said_enough).await.is_ok()
}

/// The channels that connections of a server use, its own or a router's, so that the end can drain all of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Used(Arc<Mutex<Vec<Channels>>>);

impl Used {
    pub(crate) fn note(&self, channels: &Channels) {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !used.iter().any(|known| known.is(channels)) {
            used.push(channels.clone());
        }
    }

    async fn drain(&self, window: Duration, patience: Duration) -> bool {
        let used = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        join_all(used.iter().map(|channels| channels.drain(window, patience))).await.into_iter().all(|drained| drained)
    }
}

/// Done when the process is asked to end: Ctrl-C, or SIGTERM where there are signals.
pub async fn shutdown_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // No handler could be installed; then nothing but the signal itself ends the process.
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
