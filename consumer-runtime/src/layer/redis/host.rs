//! One Redis server that publishes, as the layer and its listener share it.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout},
};

use super::{failure::Failure, server::Server};
use crate::layer::LayerError;

/// Who waits for a change.
pub(super) type Done = oneshot::Sender<Result<(), Failure>>;

/// What is to become of a subscription, and who waits for it.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) name: String,
    pub(super) wanted: bool,
    pub(super) done: Done,
}

/// A server, and what it should be subscribed to.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) server: Server,
    /// Also while it is away.
    wanted: Mutex<BTreeSet<String>>,
    changes: mpsc::UnboundedSender<Change>,
}

impl Host {
    /// The same server, and what its listener is told.
    pub(super) fn new(server: Server) -> (Self, mpsc::UnboundedReceiver<Change>) {
        let (changes, listener) = mpsc::unbounded_channel();
        (Self { server, wanted: Mutex::default(), changes }, listener)
    }

    fn wanted(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything that it should be subscribed to.
    pub(super) fn all_wanted(&self) -> Vec<String> {
        self.wanted().iter().cloned().collect()
    }

    /// Publishes, and says how many listen.
    pub(super) async fn publish(&self, name: &str, body: &[u8]) -> Result<usize, LayerError> {
        self.server.ask(redis::cmd("PUBLISH").arg(name).arg(body)).await
    }

    /// Subscribes or unsubscribes. What is wanted is wanted from this call on, even if nobody waits until it is done.
    pub(super) fn change(
        self: &Arc<Self>,
        name: String,
        wanted: bool,
    ) -> impl Future<Output = Result<(), LayerError>> + Send + use<> {
        let (done, told) = oneshot::channel();
        {
            // Under one lock, so that the listener is told in the order in which things are wanted.
            let mut all = self.wanted();
            if wanted {
                all.insert(name.clone())
            } else {
                all.remove(&name)
            };
            // Without a listener the layer is over, and so is who waits.
            let _ = self.changes.send(Change { name, wanted, done });
        }
        let (host, began) = (Arc::clone(self), Instant::now());
        async move {
            let patience = host.server.patience();
            let answered = match timeout(patience, told).await {
                Ok(Ok(answered)) => answered,
                Ok(Err(_)) => Err(Failure::Lost),
                Err(_) => Err(Failure::Late(patience)),
            };
            host.server.told(answered, began)
        }
    }
}
