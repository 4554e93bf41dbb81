//! A server with safe deadlines that ends in good order.

mod listening;
mod signal;

pub use listening::listen;
pub use signal::shutdown_signal;

use std::{
    future::Future,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Extension, Router, body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio_util::sync::CancellationToken;
use tower_service::Service;

use crate::channels::{Channels, Drain};

/// Listens on `address` and serves `app` until the process is asked to end (Ctrl-C or SIGTERM).
///
/// As [`Server`] with its defaults: a router without channels gets memory ones, a request's head must arrive within
/// 10 seconds, and the end is a drain.
///
/// # Errors
/// When the address cannot be listened on, and when the drain was cut short: see [`Server::run`]. A `main` that returns it
/// ends with a code that is not 0.
pub async fn serve(address: impl ToSocketAddrs, app: Router) -> io::Result<()> {
    Server::new(app).run(listen(address).await?, shutdown_signal()).await
}

/// A server, with what [`serve`] leaves at its defaults.
///
/// ```no_run
/// # async fn run(app: axum::Router) -> std::io::Result<()> {
/// use std::time::Duration;
/// use consumer_runtime::{Channels, Server};
///
/// let listener = consumer_runtime::listen("127.0.0.1:0").await?;
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
    /// frame with 1012 and a hint when to come back, every `disconnect` is awaited, and so are HTTP requests under way. A
    /// [signal](shutdown_signal) during the drain, the second Ctrl-C, ends it at once. A connection that cannot be accepted
    /// is logged and skipped.
    ///
    /// # Errors
    /// Only at the end, when the drain was cut short: [`TimedOut`](io::ErrorKind::TimedOut) when it took longer than its
    /// patience, [`Interrupted`](io::ErrorKind::Interrupted) after a second signal. Both say how many connections were left.
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
        let drain = used.begin_drain(self.window);
        let patience = self.patience;
        let answered = tokio::time::timeout(patience, graceful.shutdown());
        let ended = tokio::select! {
            (drained, answered) = async { tokio::join!(drain.wait(patience), answered) } => match (drained, answered) {
                (Err(undrained), _) => Err(undrained.into()),
                (Ok(()), Err(_)) => {
                    let text = format!("HTTP requests were left after the drain's patience of {patience:?}; give `drain` more");
                    Err(io::Error::new(io::ErrorKind::TimedOut, text))
                }
                (Ok(()), Ok(())) => Ok(()),
            },
            () = shutdown_signal() => {
                let text = format!("{} connections were left when a second signal ended the drain", drain.left());
                Err(io::Error::new(io::ErrorKind::Interrupted, text))
            }
        };
        match &ended {
            Ok(()) => tracing::info!("drained"),
            Err(error) => tracing::warn!(%error, "the drain was cut short; what is left is dropped"),
        }
        ended
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

    fn begin_drain(&self, window: Duration) -> Drain {
        let used = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Drain::begin(&used, window)
    }
}
