//! Who the master is, as sentinels say.

use std::time::Duration;

use futures_util::{StreamExt, stream::FuturesUnordered};
use redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisResult};

use super::{failure::Failure, place::Login};

/// A client of the master: whatever sentinel first names a server that takes itself for one is believed.
///
/// It waits for all sentinels as long as they take; whoever asks has a limit of its own.
///
/// # Errors
/// What the sentinels, or the servers that they name, say.
pub(super) async fn master(name: &str, sentinels: &[Client], login: &Login) -> Result<Client, Failure> {
    let mut all: FuturesUnordered<_> = sentinels.iter().map(|sentinel| told_by(sentinel, name, login)).collect();
    let mut failure = None;
    while let Some(told) = all.next().await {
        match told {
            Ok(client) => return Ok(client),
            // What one says that has an answer goes before what keeps another from giving one.
            Err(told @ (Failure::NoMaster(_) | Failure::NotMaster(_) | Failure::Redis(_))) => failure = Some(told),
            Err(told) => drop(failure.get_or_insert(told)),
        }
    }
    Err(failure.unwrap_or_else(|| Failure::NoMaster(name.to_owned())))
}

async fn told_by(sentinel: &Client, name: &str, login: &Login) -> Result<Client, Failure> {
    let mut command = redis::cmd("SENTINEL");
    command.arg("GET-MASTER-ADDR-BY-NAME").arg(name);
    let address: Option<(String, u16)> = once(sentinel, &command).await.map_err(Failure::Sentinel)?;
    let Some((host, port)) = address else { return Err(Failure::NoMaster(name.to_owned())) };
    let client = login.at(&host, port)?;
    // What a sentinel says may be old, and a master that came back may not know yet that it is none any more.
    let role: Vec<redis::Value> = once(&client, &redis::cmd("ROLE")).await?;
    match role.into_iter().next().map(redis::from_redis_value::<String>) {
        Some(Ok(role)) if role == "master" => Ok(client),
        _ => Err(Failure::NotMaster(format!("{host}:{port}"))),
    }
}

/// One command over a connection of its own.
async fn once<T: FromRedisValue>(client: &Client, command: &Cmd) -> RedisResult<T> {
    let config = AsyncConnectionConfig::new().set_connection_timeout(None::<Duration>).set_response_timeout(None);
    let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
    command.query_async(&mut connection).await
}
