//! What a connection waits for: a frame on its way into the outgoing queue, a group that it joins or leaves.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use crate::{
    connection::{Connection, Piece},
    error::{Error, Result},
    key::Key,
};

/// The future of joining or leaving a group: done when this connection has, or has no longer, what is sent there.
#[must_use = "no group is joined or left before this is awaited; add `.await`"]
pub struct Joining<'a>(Pin<Box<dyn Future<Output = Result> + Send + 'a>>);

impl<'a> Joining<'a> {
    pub(super) fn new(joining: impl Future<Output = Result> + Send + 'a) -> Self {
        Self(Box::pin(joining))
    }
}

impl Future for Joining<'_> {
    type Output = Result;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result> {
        self.0.as_mut().poll(context)
    }
}

impl fmt::Debug for Joining<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Joining")
    }
}

/// The future of a frame to one's own client: done when the outgoing queue has taken it.
#[derive(Debug)]
#[must_use = "the frame is not sent before this is awaited; add `.await`"]
pub struct Delivery {
    connection: Arc<Connection>,
    frame: Option<Piece>,
    /// What the frame is about, when a newer one about the same may take its place.
    key: Option<Key>,
    error: Option<Error>,
    done: bool,
}

impl Delivery {
    pub(super) fn new(connection: &Arc<Connection>, frame: Result<Vec<u8>>) -> Self {
        let connection = Arc::clone(connection);
        match frame {
            Ok(frame) => {
                Self { frame: Some(connection.encode(frame)), connection, key: None, error: None, done: false }
            }
            Err(error) => Self { connection, frame: None, key: None, error: Some(error), done: false },
        }
    }

    pub(super) fn about(self, key: Key) -> Self {
        Self { key: Some(key), ..self }
    }
}

impl Future for Delivery {
    type Output = Result;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result> {
        let this = &mut *self;
        if std::mem::replace(&mut this.done, true) {
            return Poll::Ready(Err(Error::msg("a delivery was polled after it was done")));
        }
        if let Some(error) = this.error.take() {
            return Poll::Ready(Err(error));
        }
        let pushed = this.connection.poll_push(&mut this.frame, this.key, context);
        this.done = pushed.is_ready();
        pushed
    }
}
