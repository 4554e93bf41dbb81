//! One Redis server: a connection for commands, and more where one is blocked or listens.

use std::{fmt, future::Future, time::Duration};

use redis::{
    AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisResult,
    aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection, PubSubSink, PubSubStream},
};
use tokio::time::timeout;

use super::options::{RedisError, RedisOptions};
use crate::layer::LayerError;

/// A server that is asked for nothing longer than agreed.
pub(super) struct Server {
    client: Client,
    commands: ConnectionManager,
    patience: Duration,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}

fn away(error: &redis::RedisError) -> LayerError {
    LayerError::Away { reason: error.to_string() }
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
            let server = Self::new(url, options.timeout).map_err(wrong)?;
            let asked = server.ask::<()>(&redis::cmd("PING")).await;
            asked.map_err(|error| RedisError::Away { host, reason: error.to_string() })?;
            servers.push(server);
        }
        Ok(servers)
    }

    fn new(url: &str, patience: Duration) -> RedisResult<Self> {
        let client = Client::open(url)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(patience))
            .set_response_timeout(Some(patience))
            .set_max_delay(Duration::from_secs(1))
            .set_number_of_retries(3);
        let commands = client.get_connection_manager_lazy(config)?;
        Ok(Self { client, commands, patience })
    }

    /// How long it may take to answer.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    async fn within<T>(&self, asked: impl Future<Output = RedisResult<T>>) -> Result<T, LayerError> {
        match timeout(self.patience, asked).await {
            Ok(answered) => answered.map_err(|error| away(&error)),
            Err(_) => Err(LayerError::Away { reason: format!("no answer within {:?}", self.patience) }),
        }
    }

    /// One command, and its answer.
    pub(super) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, LayerError> {
        let mut commands = self.commands.clone();
        self.within(command.query_async(&mut commands)).await
    }

    /// Several commands in one round trip.
    pub(super) async fn ask_all<T: FromRedisValue>(&self, commands: &redis::Pipeline) -> Result<T, LayerError> {
        let mut connection = self.commands.clone();
        self.within(commands.query_async(&mut connection)).await
    }

    /// A connection for commands that block.
    pub(super) async fn another(&self) -> Result<MultiplexedConnection, LayerError> {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(self.patience)).set_response_timeout(None);
        self.within(self.client.get_multiplexed_async_connection_with_config(&config)).await
    }

    /// Waits for what a command that blocks for `blocks` says.
    pub(super) async fn wait<T: FromRedisValue>(
        &self,
        connection: &mut MultiplexedConnection,
        command: &Cmd,
        blocks: Duration,
    ) -> Result<T, LayerError> {
        match timeout(blocks + self.patience, command.query_async(connection)).await {
            Ok(answered) => answered.map_err(|error| away(&error)),
            Err(_) => Err(LayerError::Away { reason: format!("no answer within {:?}", self.patience) }),
        }
    }

    /// A connection that listens.
    pub(super) async fn listen(&self) -> Result<(PubSubSink, PubSubStream), LayerError> {
        Ok(self.within(self.client.get_async_pubsub()).await?.split())
    }
}
