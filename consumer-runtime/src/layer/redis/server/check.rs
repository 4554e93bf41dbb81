//! Whether a server can do what a layer needs, before anything depends on it.

use redis::Value;

use super::Server;
use crate::layer::redis::{failure::Failure, options::RedisError, place::RedisHost};

/// A command that a layer cannot do without, and the Redis that has it first.
#[derive(Clone, Copy, Debug)]
pub(in crate::layer::redis) struct Need {
    pub(in crate::layer::redis) command: &'static str,
    pub(in crate::layer::redis) since: &'static str,
}

/// Asks a server whether it is there, lets us in, and has the commands.
///
/// # Errors
/// [`RedisError`] names the setting that is wrong, or what the server lacks.
pub(super) async fn answers(server: &Server, host: usize, place: &RedisHost, needs: &[Need]) -> Result<(), RedisError> {
    let told = |failure: Failure| failure.at_start(host, place);
    server.try_ask::<Value>(&redis::cmd("PING")).await.map_err(told)?;
    // Which says its password in another way.
    server.try_another().await.map_err(told)?;
    if needs.is_empty() {
        return Ok(());
    }
    let mut known = redis::cmd("COMMAND");
    known.arg("INFO");
    for need in needs {
        known.arg(need.command);
    }
    // Who may not ask this may do the rest all the same.
    let Ok(known) = server.try_ask::<Vec<Value>>(&known).await else { return Ok(()) };
    match needs.iter().zip(known).find(|(_, known)| *known == Value::Nil) {
        None => Ok(()),
        Some((need, _)) => {
            let (command, since) = (need.command, need.since);
            Err(RedisError::TooOld { host, version: version(server).await, command, since })
        }
    }
}

/// What the server says of its version, as far as it does.
async fn version(server: &Server) -> String {
    let told = server.try_ask::<String>(redis::cmd("INFO").arg("server")).await.unwrap_or_default();
    let version = told.lines().find_map(|line| line.strip_prefix("redis_version:"));
    version.unwrap_or("of an unknown version").trim().to_owned()
}
