//! The connection that commands go through: opened when it is needed, and anew when it is lost.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use redis::{
    AsyncConnectionConfig, Client, ErrorKind, IntoConnectionInfo, ProtocolVersion, PushInfo, PushKind, RedisError,
    RedisResult, aio::MultiplexedConnection,
};
use tokio::time::Instant;

use super::failure::Failure;
use crate::layer::backoff::Backoff;

/// The longest that nobody tries: a server that is back is not kept waiting, one that is not is asked seldom.
const LONGEST: Duration = Duration::from_secs(1);

/// One connection, shared by all who ask, and what is known of the server while there is none.
#[derive(Default)]
pub(super) struct Commands {
    /// Set when the server does not speak the protocol in which a connection tells that it is lost before anybody writes to
    /// it. Before Redis 6 none does, and who asks first finds out.
    tells_nothing: AtomicBool,
    /// Written when it is opened or lost; read by each command.
    open: Mutex<Option<Open>>,
    /// Held by who opens it, so that the others wait for what comes of it.
    tries: tokio::sync::Mutex<Tries>,
}

/// An open connection.
#[derive(Clone)]
pub(super) struct Open {
    pub(super) connection: MultiplexedConnection,
    /// Set by the connection itself, and by who has waited on it in vain.
    lost: Arc<AtomicBool>,
    since: Instant,
}

#[derive(Debug)]
struct Tries {
    backoff: Backoff,
    /// When the last one failed, nobody tries again before then, and everybody is told why.
    failed: Option<(Instant, Failure)>,
}

impl Default for Tries {
    fn default() -> Self {
        Self { backoff: Backoff::up_to(LONGEST), failed: None }
    }
}

impl Tries {
    fn fail(&mut self, failure: Failure) {
        self.failed = Some((Instant::now() + self.backoff.pause(), failure));
    }
}

impl Commands {
    fn open(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection, if it is there.
    fn current(&self) -> Option<Open> {
        let mut open = self.open();
        if open.as_ref().is_some_and(|open| open.lost.load(Ordering::Acquire)) {
            *open = None;
        }
        open.clone()
    }

    /// The connection, opened where there is none, to whatever server `client` finds.
    pub(super) async fn get(&self, client: impl Future<Output = Result<Client, Failure>>) -> Result<Open, Failure> {
        if let Some(open) = self.current() {
            return Ok(open);
        }
        let mut tries = self.tries.lock().await;
        // Whoever held it may have opened one, or been told why there is none.
        if let Some(open) = self.current() {
            return Ok(open);
        }
        if let Some((until, failure)) = &tries.failed
            && Instant::now() < *until
        {
            return Err(failure.clone());
        }
        let opened = async { Ok(self.connect(&client.await?).await?) };
        match opened.await {
            Ok(open) => {
                tries.failed = None;
                *self.open() = Some(open.clone());
                Ok(open)
            }
            Err(failure) => {
                let failure: Failure = failure;
                tries.fail(failure.clone());
                Err(failure)
            }
        }
    }

    async fn connect(&self, client: &Client) -> RedisResult<Open> {
        let (lost, since) = (Arc::<AtomicBool>::default(), Instant::now());
        // How long it may take is up to who asks.
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        if !self.tells_nothing.load(Ordering::Relaxed) {
            let told = Arc::clone(&lost);
            let config = config.clone().set_push_sender(move |push: PushInfo| {
                if push.kind == PushKind::Disconnection {
                    told.store(true, Ordering::Release);
                }
                Ok::<(), ()>(())
            });
            match telling(client)?.get_multiplexed_async_connection_with_config(&config).await {
                Err(error) if is_unknown(&error) => self.tells_nothing.store(true, Ordering::Relaxed),
                opened => return Ok(Open { connection: opened?, lost, since }),
            }
        }
        let connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        Ok(Open { connection, lost, since })
    }

    /// A command has failed on a connection, which may be of no use any more.
    pub(super) fn failed(&self, open: &Open, failure: &Failure) {
        if !failure.ends_connection() {
            return;
        }
        open.lost.store(true, Ordering::Release);
        // Opening it has not failed and need not fail again, so that is no reason to wait.
        if failure.leads_elsewhere()
            && let Ok(mut tries) = self.tries.try_lock()
        {
            tries.backoff.lasted(open.since.elapsed());
            tries.fail(failure.clone());
        }
    }

    /// The server is known to be there: whoever asks next tries at once.
    pub(super) fn try_now(&self) {
        // Whoever holds it is trying.
        if let Ok(mut tries) = self.tries.try_lock() {
            *tries = Tries::default();
        }
    }
}

/// The same server, by the protocol in which a connection tells that it is lost.
fn telling(client: &Client) -> RedisResult<Client> {
    let info = client.get_connection_info().clone();
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Client::open(info.into_connection_info()?.set_redis_settings(settings))
}

/// Whether a server does not know the protocol, or the command that chooses it.
fn is_unknown(error: &RedisError) -> bool {
    error.kind() == ErrorKind::RESP3NotSupported
        || error.code() == Some("NOPROTO")
        || error.detail().is_some_and(|detail| detail.contains("unknown command"))
}
