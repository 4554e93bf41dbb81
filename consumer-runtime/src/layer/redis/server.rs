//! One Redis server: a connection for commands, and more where one is blocked or listens.

use std::{
    fmt,
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use redis::{
    AsyncConnectionConfig, Client, Cmd, FromRedisValue, Pipeline, RedisResult,
    aio::{MultiplexedConnection, PubSubSink, PubSubStream},
};
use tokio::time::{Instant, timeout};

use super::{
    commands::{Commands, Open},
    options::{RedisError, RedisOptions},
    trouble::Trouble,
};
use crate::layer::LayerError;

/// A server that is asked for nothing longer than agreed.
pub(super) struct Server {
    /// Which of `hosts` it is.
    host: usize,
    client: Client,
    commands: Commands,
    patience: Duration,
    /// Since when it has not been there, as far as it was asked.
    away: Mutex<Option<Instant>>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("host", &self.host).finish_non_exhaustive()
    }
}

impl Server {
    /// All servers of the options, each of which has answered.
    ///
    /// # Errors
    /// [`RedisError`] names the setting that is wrong, or the server that cannot be used.
    pub(super) async fn all(options: &RedisOptions) -> Result<Vec<Self>, RedisError> {
        if options.hosts.is_empty() {
            return Err(RedisError::NoHosts);
        }
        let mut servers = Vec::new();
        for (host, url) in options.hosts.iter().enumerate() {
            let wrong = |error: redis::RedisError| RedisError::Url { host, reason: error.to_string() };
            let server = Self::new(host, url, options.timeout).map_err(wrong)?;
            let away = |trouble: Trouble| RedisError::Away { host, reason: trouble.reason().to_owned() };
            let asked = server.try_ask(async |open| redis::cmd("PING").exec_async(&mut open.connection).await).await;
            asked.map_err(away)?;
            // Which says its password in another way.
            server.plain().await.map_err(away)?;
            servers.push(server);
        }
        Ok(servers)
    }

    fn new(host: usize, url: &str, patience: Duration) -> RedisResult<Self> {
        let client = Client::open(url)?;
        let commands = Commands::new(&client)?;
        Ok(Self { host, client, commands, patience, away: Mutex::default() })
    }

    /// How long it may take to answer.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    fn away(&self) -> MutexGuard<'_, Option<Instant>> {
        self.away.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What came of asking it, for whoever asked; it is known from then on whether it is there.
    pub(super) fn told<T>(&self, answered: Result<T, Trouble>, began: Instant) -> Result<T, LayerError> {
        let mut away = self.away();
        match answered {
            Err(trouble @ Trouble::Away(_)) => Err(trouble.at(self.host, away.get_or_insert(began).elapsed())),
            there => {
                // Whatever it says.
                *away = None;
                there.map_err(|refused| refused.at(self.host, Duration::ZERO))
            }
        }
    }

    async fn within<T>(patience: Duration, asked: impl Future<Output = RedisResult<T>>) -> Result<T, Trouble> {
        match timeout(patience, asked).await {
            Ok(answered) => answered.map_err(|error| Trouble::new(&error)),
            Err(_) => Err(Trouble::silent(patience)),
        }
    }

    /// Asks over the connection for commands, which is replaced when it is lost, or says nothing for too long.
    async fn try_ask<T>(&self, ask: impl AsyncFnOnce(&mut Open) -> RedisResult<T>) -> Result<T, Trouble> {
        let until = Instant::now() + self.patience;
        let opened = tokio::time::timeout_at(until, self.commands.get()).await;
        let mut open = opened.map_err(|_| Trouble::silent(self.patience))??;
        match tokio::time::timeout_at(until, ask(&mut open)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                if error.is_unrecoverable_error() || error.is_io_error() {
                    open.lose();
                }
                Err(Trouble::new(&error))
            }
            Err(_) => {
                open.lose();
                Err(Trouble::silent(self.patience))
            }
        }
    }

    /// One command, and its answer.
    pub(super) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, LayerError> {
        let began = Instant::now();
        let asked = self.try_ask(async |open| command.query_async(&mut open.connection).await).await;
        self.told(asked, began)
    }

    /// Several commands in one round trip.
    pub(super) async fn ask_all<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, LayerError> {
        let began = Instant::now();
        let asked = self.try_ask(async |open| commands.query_async(&mut open.connection).await).await;
        self.told(asked, began)
    }

    async fn plain(&self) -> Result<MultiplexedConnection, Trouble> {
        // How long it waits is up to who uses it.
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        Self::within(self.patience, self.client.get_multiplexed_async_connection_with_config(&config)).await
    }

    /// A connection for commands that block.
    pub(super) async fn another(&self) -> Result<MultiplexedConnection, LayerError> {
        let began = Instant::now();
        let opened = self.told(self.plain().await, began)?;
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
        let answered = Self::within(blocks + self.patience, command.query_async(connection)).await;
        self.told(answered, began)
    }

    /// A connection that listens.
    pub(super) async fn listen(&self) -> Result<(PubSubSink, PubSubStream), LayerError> {
        let began = Instant::now();
        let opened = Self::within(self.patience, self.client.get_async_pubsub()).await;
        let opened = self.told(opened, began)?;
        self.commands.try_now();
        Ok(opened.split())
    }
}
