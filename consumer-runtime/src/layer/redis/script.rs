//! Scripts that a server runs, sent in full only where it does not have them.

use std::{fmt::Write as _, sync::OnceLock};

use redis::{Cmd, ErrorKind, ServerErrorKind, ToRedisArgs};
use sha1::{Digest, Sha1};
use tokio::time::Instant;

use super::{failure::Failure, server::Server};
use crate::layer::LayerError;

/// A script, and the name that servers give it.
#[derive(Debug)]
pub(super) struct Script {
    text: &'static str,
    name: OnceLock<String>,
}

impl Script {
    pub(super) const fn new(text: &'static str) -> Self {
        Self { text, name: OnceLock::new() }
    }

    /// The SHA-1 of its text.
    fn name(&self) -> &str {
        self.name.get_or_init(|| sha1_hex(self.text))
    }

    /// Runs it. A server that does not know it by name, since it is new or has been restarted, gets the text, and knows it
    /// from then on.
    ///
    /// # Errors
    /// Those of the script, and of the connection.
    pub(super) async fn run<T: redis::FromRedisValue>(
        &self,
        server: &Server,
        keys: &[impl ToRedisArgs],
        arguments: &[Argument<'_>],
    ) -> Result<T, LayerError> {
        let began = Instant::now();
        match server.try_ask(&command("EVALSHA", self.name(), keys, arguments)).await {
            Err(Failure::Redis(error)) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                server.ask(&command("EVAL", self.text, keys, arguments)).await
            }
            answered => server.told(answered, began),
        }
    }
}

/// The SHA-1 of a text, as Redis writes it.
pub(super) fn sha1_hex(text: &str) -> String {
    Sha1::digest(text).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// One of a script's `ARGV`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Argument<'a> {
    Bytes(&'a [u8]),
    Number(u64),
}

fn command(name: &str, script: &str, keys: &[impl ToRedisArgs], arguments: &[Argument<'_>]) -> Cmd {
    let mut command = redis::cmd(name);
    command.arg(script).arg(keys.len());
    for key in keys {
        command.arg(key);
    }
    for argument in arguments {
        match argument {
            Argument::Bytes(bytes) => command.arg(*bytes),
            Argument::Number(number) => command.arg(*number),
        };
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_name_is_that_of_redis() {
        // As `SCRIPT LOAD "return 1"` says.
        assert_eq!(Script::new("return 1").name(), "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
    }
}
