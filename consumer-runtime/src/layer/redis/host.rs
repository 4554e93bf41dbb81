//! One Redis server, as both of its connections share it.

use std::{
    collections::BTreeSet,
    fmt,
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use redis::{
    Client, RedisResult,
    aio::{ConnectionManager, ConnectionManagerConfig, PubSubSink, PubSubStream},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::options::RedisError;
use crate::layer::LayerError;

/// What is to become of a subscription, and who waits for it.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) name: String,
    pub(super) wanted: bool,
    pub(super) done: oneshot::Sender<()>,
}

/// A server: a connection for commands, and one that listens, which is its listener's.
pub(super) struct Host {
    client: Client,
    commands: ConnectionManager,
    patience: Duration,
    /// What it should be subscribed to, also while it is away.
    wanted: Mutex<BTreeSet<String>>,
    changes: mpsc::UnboundedSender<Change>,
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("wanted", &self.wanted().len()).finish_non_exhaustive()
    }
}

impl Host {
    /// A server that nothing has been asked of yet, and what its listener is told.
    ///
    /// # Errors
    /// [`RedisError::Url`]
    pub(super) fn new(
        index: usize,
        url: &str,
        patience: Duration,
    ) -> Result<(Self, mpsc::UnboundedReceiver<Change>), RedisError> {
        let wrong = |error: redis::RedisError| RedisError::Url { host: index, reason: error.to_string() };
        let client = Client::open(url).map_err(wrong)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(patience))
            .set_response_timeout(Some(patience))
            .set_max_delay(Duration::from_secs(1))
            .set_number_of_retries(3);
        let commands = client.get_connection_manager_lazy(config).map_err(wrong)?;
        let (changes, listener) = mpsc::unbounded_channel();
        Ok((Self { client, commands, patience, wanted: Mutex::default(), changes }, listener))
    }

    fn wanted(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything that it should be subscribed to.
    pub(super) fn all_wanted(&self) -> Vec<String> {
        self.wanted().iter().cloned().collect()
    }

    /// Waits no longer than is agreed for what a server says.
    async fn within<T>(&self, asked: impl Future<Output = RedisResult<T>>) -> Result<T, LayerError> {
        match timeout(self.patience, asked).await {
            Ok(answered) => answered.map_err(|error| LayerError::Away { reason: error.to_string() }),
            Err(_) => Err(LayerError::Away { reason: format!("no answer within {:?}", self.patience) }),
        }
    }

    /// Sees that it answers.
    pub(super) async fn ping(&self) -> Result<(), LayerError> {
        let mut commands = self.commands.clone();
        self.within(redis::cmd("PING").exec_async(&mut commands)).await
    }

    /// Publishes, and says how many listen.
    pub(super) async fn publish(&self, name: &str, body: &[u8]) -> Result<usize, LayerError> {
        let mut commands = self.commands.clone();
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(name).arg(body);
        self.within(publish.query_async(&mut commands)).await
    }

    /// Subscribes or unsubscribes; what is wanted is wanted from now on, even if nobody waits until it is done.
    pub(super) async fn change(&self, name: String, wanted: bool) -> Result<(), LayerError> {
        let (done, told) = oneshot::channel();
        {
            // Under one lock, so that the listener is told in the order in which things are wanted.
            let mut all = self.wanted();
            if wanted {
                all.insert(name.clone())
            } else {
                all.remove(&name)
            };
            // Without a listener the layer is over.
            let _ = self.changes.send(Change { name, wanted, done });
        }
        match timeout(self.patience, told).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(LayerError::Away { reason: "the layer is closed".into() }),
            Err(_) => Err(LayerError::Away { reason: format!("no answer within {:?}", self.patience) }),
        }
    }

    /// Opens the connection that listens.
    pub(super) async fn listen(&self) -> Result<(PubSubSink, PubSubStream), LayerError> {
        Ok(self.within(self.client.get_async_pubsub()).await?.split())
    }
}
