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
    time::{Instant, timeout},
};

pub(super) use self::check::Need;
use super::{
    commands::Commands,
    failure::Failure,
    options::{RedisError, RedisOptions},
    place::{Reached, RedisHost},
    sentinel,
};
use crate::layer::LayerError;

/// A server that is asked for nothing longer than agreed.
pub(super) struct Server {
    place: Reached,
    /// Which of `hosts` it is; a node of a cluster is none.
    host: Option<usize>,
    commands: Commands,
    patience: Duration,
    /// Since when it has not been there, as far as it was asked.
    away: Mutex<Option<Instant>>,
}

/// What is sent at once.
#[derive(Clone, Copy)]
enum Asked<'a> {
    One(&'a Cmd),
    All(&'a Pipeline),
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("host", &self.host).finish_non_exhaustive()
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
        let server = Self { host: Some(host), ..Self::new(reached, patience) };
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
        Self { place, host: None, commands: Commands::default(), patience, away: Mutex::default() }
    }

    /// How long it may take to answer.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    fn away(&self) -> MutexGuard<'_, Option<Instant>> {
        self.away.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What came of asking it, for whoever asked; it is known from then on whether it is there.
    pub(super) fn told<T>(&self, answered: Result<T, Failure>, began: Instant) -> Result<T, LayerError> {
        let mut away = self.away();
        match (answered, self.host) {
            (Ok(answer), _) => {
                *away = None;
                Ok(answer)
            }
            (Err(failure), Some(host)) if failure.refusal().is_some() => {
                *away = None;
                Err(failure.at(host, Duration::ZERO))
            }
            (Err(failure), Some(host)) => Err(failure.at(host, away.get_or_insert(began).elapsed())),
            (Err(failure), None) => Err(failure.into()),
        }
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

    async fn answer<T: FromRedisValue>(&self, asked: Asked<'_>) -> Result<T, Failure> {
        let mut used = None;
        let answered = self.within(async {
            let open = used.insert(self.commands.get(self.client()).await?);
            Ok(match asked {
                Asked::One(command) => command.query_async(&mut open.connection).await?,
                Asked::All(commands) => commands.query_async(&mut open.connection).await?,
            })
        });
        let answered = answered.await;
        if let (Err(failure), Some(open)) = (&answered, &used) {
            self.commands.failed(open, failure);
        }
        answered
    }

    /// One command, and its answer.
    pub(super) async fn try_ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Failure> {
        self.answer(Asked::One(command)).await
    }

    /// One command, and its answer.
    pub(super) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, LayerError> {
        let began = Instant::now();
        self.told(self.try_ask(command).await, began)
    }

    /// Several commands in one round trip.
    pub(super) async fn ask_all<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, LayerError> {
        let began = Instant::now();
        self.told(self.answer(Asked::All(commands)).await, began)
    }

    /// A connection of its own, as its settings say, where whoever asks has to see what becomes of it.
    pub(super) async fn try_another(&self) -> Result<MultiplexedConnection, Failure> {
        self.within(self.connect()).await
    }

    /// A connection for commands that block.
    pub(super) async fn another(&self) -> Result<MultiplexedConnection, LayerError> {
        let began = Instant::now();
        let opened = self.told(self.try_another().await, began)?;
        self.commands.try_now();
        Ok(opened)
    }

    /// Waits for what a command that blocks for `blocks` says.
    pub(super) async fn wait<T: FromRedisValue>(
        &self,
        connection: &mut MultiplexedConnection,
        command: &Cmd,
        blocks: Duration,
    ) -> Result<T, LayerError> {
        let began = Instant::now();
        let answered: Result<RedisResult<T>, _> =
            timeout(blocks + self.patience, command.query_async(connection)).await;
        let answered = answered.map_err(|_| Failure::Late(self.patience)).and_then(|told| Ok(told?));
        self.told(answered, began)
    }

    /// A connection that listens.
    pub(super) async fn listen(&self) -> Result<(PubSubSink, PubSubStream), LayerError> {
        let began = Instant::now();
        let opened = self.within(async { Ok(self.client().await?.get_async_pubsub().await?) });
        let opened = self.told(opened.await, began)?;
        self.commands.try_now();
        Ok(opened.split())
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
