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

use super::{backoff::Backoff, trouble::Trouble};

/// The longest that nobody tries: a server that is back is not kept waiting, one that is not is asked seldom.
const LONGEST: Duration = Duration::from_secs(1);

/// One connection, shared by all who ask, and what is known of the server while there is none.
pub(super) struct Commands {
    /// As its URL says.
    client: Client,
    /// The same by the protocol in which a connection tells that it is lost before anybody writes to it.
    telling: Client,
    /// Whether the server speaks that protocol; before Redis 6 none does, and who asks first finds out what is lost.
    tells: AtomicBool,
    /// Written when it is opened or lost; read by each command.
    open: Mutex<Option<Open>>,
    /// Held by who opens it, so that the others wait for what comes of it.
    tries: tokio::sync::Mutex<Tries>,
}

/// An open connection.
#[derive(Clone)]
pub(super) struct Open {
    pub(super) connection: MultiplexedConnection,
    lost: Arc<AtomicBool>,
}

#[derive(Debug)]
struct Tries {
    backoff: Backoff,
    /// When the last one failed, nobody tries again before then, and everybody is told why.
    failed: Option<(Instant, Trouble)>,
}

impl Open {
    pub(super) fn lose(&self) {
        self.lost.store(true, Ordering::Release);
    }
}

impl Commands {
    /// # Errors
    /// When the URL cannot be read.
    pub(super) fn new(client: &Client) -> RedisResult<Self> {
        let info = client.get_connection_info().clone();
        let telling = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let telling = Client::open(info.into_connection_info()?.set_redis_settings(telling))?;
        let tries = Tries { backoff: Backoff::up_to(LONGEST), failed: None };
        Ok(Self {
            client: client.clone(),
            telling,
            tells: AtomicBool::new(true),
            open: Mutex::new(None),
            tries: tokio::sync::Mutex::new(tries),
        })
    }

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

    /// The connection, opened if it is not there.
    pub(super) async fn get(&self) -> Result<Open, Trouble> {
        if let Some(open) = self.current() {
            return Ok(open);
        }
        let mut tries = self.tries.lock().await;
        // Whoever held it may have opened one, or been told why there is none.
        if let Some(open) = self.current() {
            return Ok(open);
        }
        if let Some((until, trouble)) = &tries.failed
            && Instant::now() < *until
        {
            return Err(trouble.clone());
        }
        match self.connect().await {
            Ok(open) => {
                *tries = Tries { backoff: Backoff::up_to(LONGEST), failed: None };
                *self.open() = Some(open.clone());
                Ok(open)
            }
            Err(error) => {
                let trouble = Trouble::new(&error);
                tries.failed = Some((Instant::now() + tries.backoff.pause(), trouble.clone()));
                Err(trouble)
            }
        }
    }

    async fn connect(&self) -> RedisResult<Open> {
        let lost = Arc::<AtomicBool>::default();
        // How long it may take is up to who asks.
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        if self.tells.load(Ordering::Relaxed) {
            let told = Arc::clone(&lost);
            let config = config.clone().set_push_sender(move |push: PushInfo| {
                if push.kind == PushKind::Disconnection {
                    told.store(true, Ordering::Release);
                }
                Ok::<(), ()>(())
            });
            match self.telling.get_multiplexed_async_connection_with_config(&config).await {
                Err(error) if is_unknown(&error) => self.tells.store(false, Ordering::Relaxed),
                opened => return Ok(Open { connection: opened?, lost }),
            }
        }
        let connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        Ok(Open { connection, lost })
    }

    /// The server is known to be there: whoever asks next tries at once.
    pub(super) fn try_now(&self) {
        // Whoever holds it is trying.
        if let Ok(mut tries) = self.tries.try_lock() {
            tries.failed = None;
        }
    }
}

/// Whether a server does not know the protocol, or the command that chooses it.
fn is_unknown(error: &RedisError) -> bool {
    error.kind() == ErrorKind::RESP3NotSupported
        || error.code() == Some("NOPROTO")
        || error.detail().is_some_and(|detail| detail.contains("unknown command"))
}
