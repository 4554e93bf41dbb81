//! One Redis server: a connection for commands, and more where one is blocked or listens.

mod check;

use std::{
    fmt,
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use redis::{
    AsyncConnectionConfig, Client, Cmd, FromRedisValue, Pipeline, PushInfo, RedisResult,
    aio::{MultiplexedConnection, PubSubSink, PubSubStream},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::timeout,
};

pub(super) use self::check::Need;
use super::{
    failure::Failure,
    options::{RedisError, RedisOptions},
    place::{Reached, RedisHost},
    sentinel,
};
use crate::layer::LayerError;

/// A server that is asked for nothing longer than agreed.
pub(super) struct Server {
    place: Reached,
    /// The connection for commands, while there is a good one.
    open: Mutex<Option<Open>>,
    /// Held by who opens it, so that others wait for that one instead of opening more.
    opening: tokio::sync::Mutex<u64>,
    patience: Duration,
}

#[derive(Clone)]
struct Open {
    connection: MultiplexedConnection,
    /// Tells it from those before and after it.
    number: u64,
}

/// What is sent at once.
#[derive(Clone, Copy)]
enum Asked<'a> {
    One(&'a Cmd),
    All(&'a Pipeline),
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}

impl Server {
    /// All servers of the options, each of which has answered and can do what is needed.
    ///
    /// # Errors
    /// [`RedisError`] names the setting that is wrong, or the server that cannot be used.
    pub(super) async fn all(options: &RedisOptions, needs: &[Need]) -> Result<Vec<Self>, RedisError> {
        if options.hosts.is_empty() {
            return Err(RedisError::NoHosts);
        }
        let mut servers = Vec::new();
        for (host, place) in options.hosts.iter().enumerate() {
            servers.push(Self::checked(host, place, options.timeout, needs).await?);
        }
        Ok(servers)
    }

    async fn checked(host: usize, place: &RedisHost, patience: Duration, needs: &[Need]) -> Result<Self, RedisError> {
        if !place.idle.is_empty() {
            tracing::info!(host, settings = ?place.idle, "settings of redis-py's that change nothing here");
        }
        let reached = place.reach().map_err(|wrong| wrong.at_start(host))?;
        let server = Self::new(reached, patience);
        server.check(host, place, needs).await?;
        Ok(server)
    }

    /// Asks whether it is there, lets us in, and can do what is needed.
    ///
    /// # Errors
    /// [`RedisError`] names the setting that is wrong, or what the server lacks.
    pub(super) async fn check(&self, host: usize, place: &RedisHost, needs: &[Need]) -> Result<(), RedisError> {
        check::answers(self, host, place, needs).await
    }

    pub(super) fn new(place: Reached, patience: Duration) -> Self {
        Self { place, open: Mutex::default(), opening: tokio::sync::Mutex::default(), patience }
    }

    /// How long it may take to answer.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    async fn within<T>(&self, asked: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        timeout(self.patience, asked).await.unwrap_or(Err(Failure::Late(self.patience)))
    }

    /// A client of the server, wherever it is by now.
    async fn client(&self) -> Result<Client, Failure> {
        match &self.place {
            Reached::Server(client) => Ok(client.clone()),
            Reached::Sentinels { master, clients, login } => sentinel::master(master, clients, login).await,
        }
    }

    async fn connect(&self) -> Result<MultiplexedConnection, Failure> {
        // The limits are those of who asks.
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        Ok(self.client().await?.get_multiplexed_async_connection_with_config(&config).await?)
    }

    fn open(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection for commands, opened anew where there is none.
    async fn commands(&self) -> Result<Open, Failure> {
        let held = self.open().clone();
        if let Some(open) = held {
            return Ok(open);
        }
        let mut opened = self.opening.lock().await;
        let held = self.open().clone();
        if let Some(open) = held {
            return Ok(open);
        }
        let connection = self.connect().await?;
        *opened += 1;
        let open = Open { connection, number: *opened };
        *self.open() = Some(open.clone());
        Ok(open)
    }

    /// Gives the connection for commands up, if it still is the one of this number.
    fn give_up(&self, number: u64) {
        let mut open = self.open();
        if open.as_ref().is_some_and(|open| open.number == number) {
            *open = None;
        }
    }

    async fn answer<T: FromRedisValue>(&self, asked: Asked<'_>) -> Result<T, Failure> {
        let mut used = None;
        let answered = self.within(async {
            let Open { mut connection, number } = self.commands().await?;
            used = Some(number);
            Ok(match asked {
                Asked::One(command) => command.query_async(&mut connection).await?,
                Asked::All(commands) => commands.query_async(&mut connection).await?,
            })
        });
        let answered = answered.await;
        if let (Err(failure), Some(number)) = (&answered, used)
            && failure.ends_connection()
        {
            self.give_up(number);
        }
        answered
    }

    /// One command, and its answer.
    pub(super) async fn try_ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Failure> {
        self.answer(Asked::One(command)).await
    }

    /// One command, and its answer.
    pub(super) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, LayerError> {
        Ok(self.try_ask(command).await?)
    }

    /// Several commands in one round trip.
    pub(super) async fn ask_all<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, LayerError> {
        Ok(self.answer(Asked::All(commands)).await?)
    }

    /// A connection for commands that block.
    pub(super) async fn another(&self) -> Result<MultiplexedConnection, LayerError> {
        Ok(self.within(self.connect()).await?)
    }

    /// Waits for what a command that blocks for `blocks` says.
    pub(super) async fn wait<T: FromRedisValue>(
        &self,
        connection: &mut MultiplexedConnection,
        command: &Cmd,
        blocks: Duration,
    ) -> Result<T, LayerError> {
        let answered: Result<RedisResult<T>, _> =
            timeout(blocks + self.patience, command.query_async(connection)).await;
        Ok(answered.map_err(|_| Failure::Late(self.patience))?.map_err(Failure::Redis)?)
    }

    /// A connection that listens.
    pub(super) async fn listen(&self) -> Result<(PubSubSink, PubSubStream), LayerError> {
        let opened = self.within(async { Ok(self.client().await?.get_async_pubsub().await?) });
        Ok(opened.await?.split())
    }

    /// A connection for sharded subscriptions, which is to be used for nothing else, and what the server says on it by itself.
    pub(super) async fn listen_sharded(&self) -> Result<(MultiplexedConnection, UnboundedReceiver<PushInfo>), Failure> {
        let (sender, pushes) = unbounded_channel();
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let config = config.set_push_sender(sender);
        let opened = self
            .within(async { Ok(self.client().await?.get_multiplexed_async_connection_with_config(&config).await?) });
        Ok((opened.await?, pushes))
    }
}
