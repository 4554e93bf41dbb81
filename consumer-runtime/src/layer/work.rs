//! Acknowledged work: messages that are kept until whoever took one says that it is done.

use std::{fmt, time::Duration, time::SystemTime};

use super::LayerFuture;
use crate::{
    message::{Message, MessageError},
    names::ChannelName,
};

/// A layer's acknowledged channels, each message of which is handled at least once.
///
/// A message that was taken stays until it is [finished](Self::finish), put off or buried. One whose taker has neither
/// renewed nor finished it within the lease is given to another, so that a worker which is killed loses nothing, and one
/// that is slow without saying so has its message handled twice.
///
/// A taker is named by a text that no other has. What is taken is known by its [ticket](Job::ticket), which is another one
/// each time that it is taken anew.
pub trait WorkQueue: fmt::Debug + Send + Sync + 'static {
    /// Puts a message at the end of a channel.
    ///
    /// # Errors
    /// [`LayerError::ChannelFull`](super::LayerError::ChannelFull) when as much as may is not finished yet, and
    /// [`LayerError::Away`](super::LayerError::Away).
    fn put(&self, channel: ChannelName, message: Message) -> LayerFuture;

    /// Takes up to `most` messages, first those that another taker has neither renewed nor finished within `lease`. When
    /// there are none it waits for about a second, and may then give none.
    ///
    /// Messages of a future that is dropped are free again after the lease.
    ///
    /// # Errors
    /// [`LayerError::Away`](super::LayerError::Away)
    fn take(&self, channel: ChannelName, taker: String, most: usize, lease: Duration) -> LayerFuture<Vec<Job>>;

    /// Begins the lease anew, and gives the tickets that are no longer the taker's.
    ///
    /// # Errors
    /// [`LayerError::Away`](super::LayerError::Away)
    fn renew(&self, channel: ChannelName, taker: String, tickets: Vec<String>) -> LayerFuture<Vec<String>>;

    /// A message is done with, and forgotten; false when it was no longer there.
    ///
    /// # Errors
    /// [`LayerError::Away`](super::LayerError::Away)
    fn finish(&self, channel: ChannelName, ticket: String) -> LayerFuture<bool>;

    /// A message is to be taken again `after` a while; false when it is no longer the taker's.
    ///
    /// # Errors
    /// [`LayerError::Away`](super::LayerError::Away)
    fn put_off(
        &self,
        channel: ChannelName,
        taker: String,
        ticket: String,
        error: String,
        after: Duration,
    ) -> LayerFuture<bool>;

    /// A message becomes a dead letter; false when it is no longer the taker's.
    ///
    /// # Errors
    /// [`LayerError::Away`](super::LayerError::Away)
    fn bury(&self, channel: ChannelName, taker: String, ticket: String, error: String) -> LayerFuture<bool>;

    /// Messages are free at once, and count as if they had not been taken.
    ///
    /// # Errors
    /// [`LayerError::Away`](super::LayerError::Away)
    fn put_back(&self, channel: ChannelName, taker: String, tickets: Vec<String>) -> LayerFuture;

    /// A taker takes no more, and is forgotten; it holds no message any longer.
    ///
    /// # Errors
    /// [`LayerError::Away`](super::LayerError::Away)
    fn leave(&self, channel: ChannelName, taker: String) -> LayerFuture;

    /// Up to `most` dead letters, oldest first, from the one after `after` on.
    ///
    /// # Errors
    /// [`LayerError::Away`](super::LayerError::Away)
    fn dead(&self, channel: ChannelName, after: Option<String>, most: usize) -> LayerFuture<Vec<DeadLetter>>;

    /// A dead letter is sent once more, and may be tried as often as a new message; false when there is no such letter.
    ///
    /// # Errors
    /// As [`put`](Self::put); the letter stays then.
    fn revive(&self, channel: ChannelName, letter: String) -> LayerFuture<bool>;

    /// A dead letter is forgotten; false when there is no such letter.
    ///
    /// # Errors
    /// [`LayerError::Away`](super::LayerError::Away)
    fn forget(&self, channel: ChannelName, letter: String) -> LayerFuture<bool>;
}

/// A message that was taken.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Job {
    /// What this taking of it is called.
    pub ticket: String,
    /// What the message is called, however often it is taken.
    pub id: String,
    /// How often it was taken, this time included.
    pub attempt: u32,
    /// The message, unless it cannot be read.
    pub message: Result<Message, MessageError>,
}

impl Job {
    /// A message that was taken.
    pub fn new(ticket: String, id: String, attempt: u32, message: Result<Message, MessageError>) -> Self {
        Self { ticket, id, attempt, message }
    }
}

/// A message that could not be handled, and is kept until somebody looks at it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeadLetter {
    /// What the letter is called: what [`resend`](crate::DeadLetters::resend) and
    /// [`remove`](crate::DeadLetters::remove) take.
    pub letter: String,
    /// What the message is called, as its handlers were told.
    pub id: String,
    /// How often it was tried.
    pub attempts: u32,
    /// The last error's text.
    pub error: String,
    /// When it became a dead letter.
    pub since: SystemTime,
    /// The message, unless it cannot be read.
    pub message: Result<Message, MessageError>,
}

impl DeadLetter {
    /// A message that could not be handled.
    pub fn new(
        letter: String,
        id: String,
        attempts: u32,
        error: String,
        since: SystemTime,
        message: Result<Message, MessageError>,
    ) -> Self {
        Self { letter, id, attempts, error, since, message }
    }
}
