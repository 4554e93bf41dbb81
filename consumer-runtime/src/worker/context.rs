//! What a worker's handler knows of its message, and what it can do.

use std::{fmt, marker::PhantomData};

use tokio_util::sync::CancellationToken;

use crate::{channels::Channels, counters::Counts, message::Message, names::ChannelName};

/// One message as its handler sees it.
///
/// Sends go by the channels: `Room { .. }.send(context.channels(), ..)`, or
/// `context.channels().channel(name)?.to::<Chat>(..)`.
pub struct WorkerContext<W> {
    pub(super) channels: Channels,
    pub(super) channel: ChannelName,
    pub(super) message: Message,
    pub(super) id: Option<String>,
    pub(super) attempt: u32,
    pub(super) attempts: u32,
    pub(super) stopping: CancellationToken,
    pub(super) worker: PhantomData<fn() -> W>,
}

impl<W> fmt::Debug for WorkerContext<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkerContext")
            .field("channel", &self.channel)
            .field("id", &self.id)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

impl<W> WorkerContext<W> {
    /// The channels that the worker was given.
    pub fn channels(&self) -> &Channels {
        &self.channels
    }

    /// What this process has delivered and handled, and what it has dropped and why.
    pub fn counts(&self) -> Counts {
        self.channels.counts()
    }

    /// The channel that the message came by.
    pub fn channel(&self) -> &ChannelName {
        &self.channel
    }

    /// What the message of an acknowledged channel is called, the same at every attempt: whoever writes down the ids that
    /// it has handled knows a message that comes twice. Other channels have none.
    pub fn message_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// How often the message was tried, this time included: 1 at first.
    ///
    /// An attempt of a process that was killed counts.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Whether this attempt is the last one that the policy allows.
    pub fn is_last_attempt(&self) -> bool {
        self.attempt >= self.attempts
    }

    /// The channel of whoever asked; `None` when nobody waits for an answer. What the handler returns is sent there by
    /// itself.
    pub fn reply_to(&self) -> Option<&ChannelName> {
        self.message.reply_to()
    }

    /// Whether the process is to end: a handler with much left to do may stop at a good place, and return an error to have
    /// the message of an acknowledged channel tried again.
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Done when the process is to end.
    pub async fn stopping(&self) {
        self.stopping.cancelled().await;
    }
}
