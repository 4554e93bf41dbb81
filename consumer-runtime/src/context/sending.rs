//! A frame on its way into the outgoing queue.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;

use crate::{
    connection::Connection,
    error::{Error, Result},
};

/// The future of a frame to one's own client: done when the outgoing queue has taken it.
#[derive(Debug)]
#[must_use = "nothing is sent before it is awaited"]
pub struct Delivery {
    connection: Arc<Connection>,
    frame: Option<Result<Bytes>>,
}

impl Delivery {
    pub(super) fn new(connection: &Arc<Connection>, frame: Result<Bytes>) -> Self {
        Self { connection: Arc::clone(connection), frame: Some(frame) }
    }
}

impl Future for Delivery {
    type Output = Result;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result> {
        match self.frame.take() {
            None => Poll::Ready(Err(Error::msg("a delivery was polled after it was done"))),
            Some(Err(error)) => Poll::Ready(Err(error)),
            Some(Ok(frame)) => match self.connection.poll_push(&frame, context) {
                Poll::Ready(result) => Poll::Ready(result),
                Poll::Pending => {
                    self.frame = Some(Ok(frame));
                    Poll::Pending
                }
            },
        }
    }
}
