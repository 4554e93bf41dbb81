//! What a sender may wait for, so that it does not outrun the members of a group.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::FutureExt;
use tokio::sync::oneshot;

use super::group::Group;

/// Done when a group can take more messages; the one that was sent is on its way in any case, also when this is dropped.
pub struct Delivering(Option<Pin<Box<dyn Future<Output = ()> + Send>>>);

impl Delivering {
    pub(super) fn done() -> Self {
        Self(None)
    }

    /// Waits until the flusher has come to what was sent.
    pub(super) fn follows(turn: oneshot::Receiver<()>) -> Self {
        // A turn that is dropped is over as well.
        Self(Some(Box::pin(turn.map(drop))))
    }

    /// Waits until the group has room.
    pub(super) fn waits(group: Arc<Group>) -> Self {
        Self(Some(Box::pin(async move { group.has_room().await })))
    }

    pub(crate) fn is_done(&self) -> bool {
        self.0.is_none()
    }
}

impl Future for Delivering {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().map_or(Poll::Ready(()), |waiting| waiting.as_mut().poll(context))
    }
}

impl fmt::Debug for Delivering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivering").field("done", &self.is_done()).finish()
    }
}
