//! Channel layers: what carries messages between processes.

#[cfg(any(feature = "nats", feature = "redis"))]
mod backoff;
mod capacity;
#[cfg(any(feature = "nats", feature = "redis"))]
mod line;
mod memory;
#[cfg(feature = "nats")]
mod nats;
#[cfg(feature = "redis")]
mod redis;
mod restored;
#[cfg(any(feature = "nats", feature = "redis"))]
mod wire;
mod work;

pub use capacity::{ChannelCapacity, PatternError};
pub use memory::MemoryLayer;
#[cfg(feature = "nats")]
pub use nats::{NatsError, NatsLayer, NatsOptions};
#[cfg(feature = "redis")]
#[doc(hidden)]
pub use redis::reading;
#[cfg(feature = "redis")]
pub use redis::{RedisClusterLayer, RedisError, RedisHost, RedisLayer, RedisOptions, RedisPubSubLayer};
pub use restored::LayerRestored;
#[cfg(any(feature = "nats", feature = "redis"))]
pub use wire::Format;
pub use work::{DeadLetter, Job, WorkQueue};

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tokio::runtime::Handle;

use crate::{
    channels::Local,
    message::Message,
    names::{ChannelName, GroupName},
};

/// What carries messages between processes: memory, Redis, NATS.
///
/// A layer knows processes, not connections. It is attached once to each process's [`Local`], told which groups have a
/// member there, and hands what arrives to it; fan-out to the members happens in the process. Delivery is at most
/// once, in order per sender and receiver (ASGI channel layer specification); a general channel may be without order.
pub trait ChannelLayer: fmt::Debug + Send + Sync + 'static {
    /// Gives the layer the process that it delivers to; called once, when the [`Channels`](crate::Channels) are built.
    fn attach(&self, local: Arc<Local>);

    /// What the names of this process's channels begin with, for a layer that had to listen for them before there are any:
    /// made by [`Local::random_prefix`]. Asked once, before [`attach`](Self::attach); without one a new one is made.
    fn prefix(&self) -> Option<String> {
        None
    }

    /// The process has its first member of a group. Done when what is sent from now on will arrive: whoever joins waits for
    /// it.
    ///
    /// What is wanted, by this and by [`unsubscribe`](Self::unsubscribe), is noted when they are called, and not when their
    /// futures are polled: the calls for one group are in the order in which its members come and go, and a future may be
    /// dropped half way.
    ///
    /// # Errors
    /// [`LayerError::Away`] when that cannot be said within a time of the layer's own; the member is then none.
    fn subscribe(&self, group: GroupName) -> LayerFuture;

    /// The last member of a group in this process has left; also called after a `subscribe` that failed or was given up.
    fn unsubscribe(&self, group: GroupName) -> LayerFuture;

    /// Sends to every member of a group in every process, and says how far it went. A full channel is skipped, never an
    /// error. What leaves the process takes [`except`](Message::except) and [`reply_to`](Message::reply_to) along.
    ///
    /// # Errors
    /// [`LayerError::Away`] when the layer cannot take the message.
    fn group_send(&self, group: GroupName, message: Message) -> LayerFuture<Reach>;

    /// Sends to one channel.
    ///
    /// # Errors
    /// [`LayerError::ChannelFull`] when the channel holds as many messages as it may, and [`LayerError::Away`].
    fn send(&self, channel: ChannelName, message: Message) -> LayerFuture;

    /// The next message of a general channel (one without `!`); of several receivers one gets it.
    ///
    /// # Errors
    /// [`LayerError::Away`] when the layer cannot be asked.
    fn receive(&self, channel: ChannelName) -> LayerFuture<Message>;

    /// The process is about to end: leaves its groups, and waits until what it has sent and undone is on its way. Called once,
    /// at the end of a [drain](crate::Channels::drain); what is sent afterwards may be lost. A layer that has nothing to
    /// wait for keeps this default.
    ///
    /// # Errors
    /// [`LayerError::Away`]; whatever could not be undone is then forgotten by the layer itself, in time.
    fn close(&self) -> LayerFuture {
        LayerFuture::ready(Ok(()))
    }

    /// Drops all messages of general channels; group memberships stay, since they belong to connections.
    fn flush(&self) -> LayerFuture;

    /// Gives what was fetched from a general channel for receivers that are gone back to the others; done when this process
    /// fetches no more for them.
    fn stop_receiving(&self, _: ChannelName) -> LayerFuture {
        LayerFuture::ready(Ok(()))
    }

    /// Whether of several receivers of a general channel one gets each message; not all of them.
    fn one_receives(&self) -> bool {
        true
    }

    /// The acknowledged channels, on a layer that has these.
    fn work(&self) -> Option<&dyn WorkQueue> {
        None
    }
}

/// How many processes a group send went to.
///
/// Each process that gets a message with [`reply_to`](Message::reply_to) says how many members it has asked, so whoever
/// knows the processes knows when all have answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The layer knows its processes, and sent it to so many.
    Processes(usize),
    /// The layer does not know who listens.
    Unknown,
}

/// Why a layer did not take a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LayerError {
    /// The channel holds as many messages as it may.
    ChannelFull {
        /// The channel.
        channel: ChannelName,
    },
    /// The message cannot be written for another process.
    Unsendable {
        /// What its event's `Serialize` says.
        reason: String,
    },
    /// The layer has no acknowledged channels.
    NoWork {
        /// The channel that is declared as one.
        channel: ChannelName,
    },
    /// The layer's server cannot be reached, or does not answer. Where it has gone away while it was asked, what was
    /// asked may have been done all the same.
    Away {
        /// Which server, for how long, and what the connection says.
        reason: String,
    },
    /// The layer's server is there, and refuses: it has no memory left, its disk is full, its password has changed.
    Refused {
        /// Which server, what it says, and the setting to change.
        reason: String,
    },
}

impl fmt::Display for LayerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChannelFull { channel } => {
                write!(f, "the channel {channel} is full; its receiver is too slow, or `capacity` too small")
            }
            Self::Unsendable { reason } => write!(f, "the message cannot leave this process: {reason}"),
            Self::NoWork { channel } => write!(
                f,
                "the channel {channel} is declared as `acknowledged`, and this layer has no such channels; `RedisLayer` and `MemoryLayer` do"
            ),
            Self::Away { reason } => write!(f, "the channel layer is away: {reason}"),
            Self::Refused { reason } => write!(f, "the channel layer refuses: {reason}"),
        }
    }
}

impl std::error::Error for LayerError {}

/// What a layer's methods return: ready at once where nothing has to be waited for, which then costs no allocation.
pub struct LayerFuture<T = ()>(Kind<T>);

enum Kind<T> {
    Ready(Option<Result<T, LayerError>>),
    Boxed(Pin<Box<dyn Future<Output = Result<T, LayerError>> + Send>>),
}

impl<T> LayerFuture<T> {
    /// Done already.
    pub fn ready(result: Result<T, LayerError>) -> Self {
        Self(Kind::Ready(Some(result)))
    }

    /// To be waited for.
    pub fn boxed(future: impl Future<Output = Result<T, LayerError>> + Send + 'static) -> Self {
        Self(Kind::Boxed(Box::pin(future)))
    }
}

impl LayerFuture {
    /// What it has come to, when nothing had to be waited for.
    pub(crate) fn take_ready(&mut self) -> Option<Result<(), LayerError>> {
        match &mut self.0 {
            Kind::Ready(result) => result.take(),
            Kind::Boxed(_) => None,
        }
    }

    /// Lets it finish by itself; its error is logged.
    pub(crate) fn finish_on(self, runtime: &Handle, failure: &'static str) {
        if let Kind::Boxed(future) = self.0 {
            runtime.spawn(async move {
                if let Err(error) = future.await {
                    tracing::warn!(%error, "{failure}");
                }
            });
        }
    }
}

impl<T: Unpin> Future for LayerFuture<T> {
    type Output = Result<T, LayerError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Kind::Ready(result) => match result.take() {
                Some(result) => Poll::Ready(result),
                None => Poll::Ready(Err(LayerError::Away { reason: "polled after it was done".into() })),
            },
            Kind::Boxed(future) => future.as_mut().poll(context),
        }
    }
}

impl<T> fmt::Debug for LayerFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LayerFuture").finish_non_exhaustive()
    }
}
