//! Why a server did not do what it was asked.

use std::{fmt, time::Duration};

use redis::{ErrorKind, ServerErrorKind};

use super::{
    options::RedisError,
    place::RedisHost,
    refusal::{refusal, text},
};
use crate::layer::LayerError;

/// What stood between a server and its answer.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// What it, or the connection, says.
    Redis(redis::RedisError),
    /// Nothing was said for so long.
    Late(Duration),
    /// The connection that was to be asked on is no more.
    Lost,
    /// What a sentinel, or the connection to it, says.
    Sentinel(redis::RedisError),
    /// The sentinels know no master of this name.
    NoMaster(String),
    /// What the sentinels take for the master is none; a failover is under way.
    NotMaster(String),
}

impl From<redis::RedisError> for Failure {
    fn from(error: redis::RedisError) -> Self {
        Self::Redis(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Redis(error) => f.write_str(&text(error)),
            Self::Late(patience) => write!(f, "no answer within {patience:?} (`timeout`)"),
            Self::Lost => f.write_str("the connection was lost meanwhile"),
            Self::Sentinel(error) => write!(f, "the sentinels cannot be asked: {error}"),
            Self::NoMaster(name) => write!(f, "the sentinels know no master `{name}`"),
            Self::NotMaster(address) => {
                write!(f, "the sentinels name {address}, which is no master (any more, or yet)")
            }
        }
    }
}

impl From<Failure> for LayerError {
    fn from(failure: Failure) -> Self {
        match failure.refusal() {
            Some(reason) => Self::Refused { reason },
            None => Self::Away { reason: failure.to_string() },
        }
    }
}

impl Failure {
    /// What the server says and the mend, when it is there and says no.
    pub(super) fn refusal(&self) -> Option<String> {
        match self {
            Self::Redis(error) => refusal(error),
            _ => None,
        }
    }

    /// The same for whoever asked: which of `hosts` it is, and for how long it has not been there.
    pub(super) fn at(&self, host: usize, away: Duration) -> LayerError {
        match self.refusal() {
            Some(reason) => LayerError::Refused { reason: format!("`hosts[{host}]`: {reason}") },
            None => LayerError::Away { reason: format!("`hosts[{host}]`, for {away:.1?}: {self}") },
        }
    }

    /// True when a server does not take what it should, so that another one may be in its place by now.
    pub(super) fn leads_elsewhere(&self) -> bool {
        let Self::Redis(error) = self else { return false };
        // Before Redis 7 a script's error was the text of another.
        matches!(error.kind(), ErrorKind::Server(ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown))
            || error.detail().is_some_and(|detail| detail.contains("READONLY"))
    }

    /// True when the connection is of no use any more: it is lost, or leads to a server that does not take what it should.
    pub(super) fn ends_connection(&self) -> bool {
        match self {
            Self::Redis(error) => error.is_io_error() || error.is_unrecoverable_error() || self.leads_elsewhere(),
            Self::Late(_) | Self::Lost | Self::Sentinel(_) | Self::NoMaster(_) | Self::NotMaster(_) => true,
        }
    }

    /// What it comes to when a layer is set up: the setting that is wrong, where that can be told.
    pub(super) fn at_start(&self, host: usize, place: &RedisHost) -> RedisError {
        let setting = |setting: &str, reason: String| RedisError::Setting { host, setting: setting.into(), reason };
        let error = match self {
            Self::Redis(error) => error,
            Self::NoMaster(name) => return setting("master_name", format!("the sentinels know no master `{name}`")),
            Self::Sentinel(error) if refuses_login(error) => {
                return setting("sentinel_kwargs", format!("the sentinels let nobody in with these: {error}"));
            }
            // Neither understands a word of the other, and waits for more.
            Self::Late(_) if place.sentinels.is_empty() => {
                let mend = if place.is_tls() {
                    "does not speak TLS, write \"redis://"
                } else {
                    "speaks TLS, write \"rediss://"
                };
                return RedisError::Away { host, reason: format!("{self}; if it {mend}\"") };
            }
            Self::Late(_) | Self::Lost | Self::Sentinel(_) | Self::NotMaster(_) => {
                return RedisError::Away { host, reason: self.to_string() };
            }
        };
        let text = error.to_string();
        match error.kind() {
            _ if error.kind() == ErrorKind::AuthenticationFailed || error.code() == Some("WRONGPASS") => {
                let who = if place.username.is_some() { "`username`, or it" } else { "it" };
                setting("password", format!("the server does not let {who} in"))
            }
            _ if refuses_login(error) => setting("password", "the server wants one".into()),
            ErrorKind::Server(ServerErrorKind::NoPerm) => {
                setting("username", format!("this user may not do enough: {text}"))
            }
            ErrorKind::RESP3NotSupported => setting("protocol", "the server does not speak RESP3; leave it out".into()),
            _ if text.contains("switch database") => setting("db", format!("the server does not have it: {text}")),
            _ if text.contains("invalid peer certificate") => {
                let mend = "name who has signed it with `ssl_ca_certs`, and the server as its certificate does";
                setting("ssl", format!("the server's certificate is not to be trusted ({text}); {mend}"))
            }
            _ if text.contains("corrupt message") => {
                setting("ssl", format!("the server does not speak TLS ({text}); write \"redis://\""))
            }
            _ if hung_up(error) => {
                RedisError::Away { host, reason: format!("it hung up ({text}); if it speaks TLS, write \"rediss://\"") }
            }
            _ => RedisError::Away { host, reason: text },
        }
    }
}

fn refuses_login(error: &redis::RedisError) -> bool {
    error.kind() == ErrorKind::AuthenticationFailed || matches!(error.code(), Some("NOAUTH" | "WRONGPASS"))
}

/// It was there, and went away without an answer.
fn hung_up(error: &redis::RedisError) -> bool {
    (error.is_connection_dropped() && !error.is_connection_refusal()) || error.kind() == ErrorKind::Parse
}
