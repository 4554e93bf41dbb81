//! A drain under way, for whoever runs a server of their own.

use std::{fmt, io, time::Duration};

use futures_util::future::join_all;
use tokio::time::Instant;

use super::Channels;

/// A drain that has begun: no new connections, and the open ones end.
///
/// [`Channels::begin_drain`] begins it. New upgrades get a 503 with a `Retry-After` from then on, also those on HTTP
/// connections that stand already; requests that are no WebSockets are answered as before. Dropping this value does not
/// end the drain, and there is no way back.
///
/// With a server of axum's own:
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use std::time::Duration;
/// use axum::Router;
/// use consumer_runtime::prelude::*;
///
/// #[consumer("/ws/echo/")]
/// struct Echo {}
///
/// #[consumer]
/// impl Echo {
///     #[receive(text)]
///     async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
///         context.send_text(text).await
///     }
/// }
///
/// # async fn signal() {} // `consumer_runtime::shutdown_signal()` in a program of its own.
/// let channels = Channels::memory();
/// let app = Router::new().consumer::<Echo>().with_channels(channels.clone());
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
/// let server = axum::serve(listener, app).with_graceful_shutdown(async { drop(stopped.await) });
/// let server = tokio::spawn(server.into_future());
///
/// signal().await;
/// let drain = channels.begin_drain(Duration::from_secs(2));
/// drop(stop);
/// println!("{} connections are left", drain.left());
/// drain.wait(Duration::from_secs(20)).await?;
/// server.await?
/// # }).unwrap();
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a process that ends without waiting cuts its connections off"]
pub struct Drain(Vec<Channels>);

impl Drain {
    /// Begins to drain all of these, and those that they have as aliases.
    pub(crate) fn begin(channels: &[Channels], window: Duration) -> Self {
        let mut all: Vec<Channels> = Vec::new();
        for channels in channels.iter().flat_map(|channels| channels.with_aliases().map(|(_, channels)| channels)) {
            if !all.iter().any(|known| known.is(channels)) {
                all.push(channels.clone());
            }
        }
        for channels in &all {
            channels.0.local.begin_drain(window);
        }
        Self(all)
    }

    /// How many connections have not ended yet, those that are connecting or run their `#[disconnect]` included.
    pub fn left(&self) -> usize {
        self.0.iter().map(|channels| channels.0.local.tasks().len()).sum()
    }

    /// Waits until every connection has run its `#[disconnect]`, and then closes the channel layer
    /// ([`ChannelLayer::close`](crate::ChannelLayer::close)), `patience` at most.
    ///
    /// May be called again after an error, and from several tasks. A layer that reports an error while it is closed is
    /// logged, and no error here: it forgets this process in time.
    ///
    /// # Errors
    /// [`Undrained`] when that took longer; what is left ends with the runtime.
    pub async fn wait(&self, patience: Duration) -> Result<(), Undrained> {
        let until = Instant::now() + patience;
        let ended = join_all(self.0.iter().map(|channels| async move {
            let in_time = tokio::time::timeout_at(until, channels.0.local.drained()).await.is_ok();
            match tokio::time::timeout_at(until, channels.0.layer.close()).await {
                Ok(Ok(())) => in_time,
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the channel layer could not be left in good order; it forgets this process in time");
                    in_time
                }
                Err(_) => false,
            }
        }));
        if ended.await.into_iter().all(|in_time| in_time) {
            Ok(())
        } else {
            Err(Undrained { left: self.left(), patience })
        }
    }
}

/// A drain took longer than its patience.
///
/// It turns into an [`io::Error`] of the kind [`TimedOut`](io::ErrorKind::TimedOut), so that a `main` that returns it with
/// `?` ends with a code that is not 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undrained {
    left: usize,
    patience: Duration,
}

impl Undrained {
    /// How many connections were left; 0 when it was the channel layer that could not be closed in time.
    pub fn left(&self) -> usize {
        self.left
    }
}

impl fmt::Display for Undrained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { left, patience } = self;
        match left {
            0 => write!(f, "the channel layer could not be closed within the drain's patience of {patience:?}"),
            1 => write!(f, "1 connection was left after the drain's patience of {patience:?}"),
            _ => write!(f, "{left} connections were left after the drain's patience of {patience:?}"),
        }?;
        f.write_str("; give `drain` more, or see which handler does not end")
    }
}

impl std::error::Error for Undrained {}

impl From<Undrained> for io::Error {
    fn from(undrained: Undrained) -> Self {
        Self::new(io::ErrorKind::TimedOut, undrained)
    }
}
