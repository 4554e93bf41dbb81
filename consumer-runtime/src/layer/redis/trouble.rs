//! What Redis says, as an error that names the setting and the mend.

use std::time::Duration;

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::layer::LayerError;

/// Why a server did not do what it was asked.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    /// It is not there, or not yet.
    Away(String),
    /// It is there, and says no.
    Refused(String),
}

/// What to do about what a server says, by the word that its errors begin with.
const MENDS: [(&str, &str); 7] = [
    ("OOM", "raise its `maxmemory`, or lower `capacity` and `expiry` here"),
    ("MISCONF", "its disk is full or cannot be written; mend that, or set its `stop-writes-on-bgsave-error` to `no`"),
    ("READONLY", "it is a replica; name the primary in `hosts`"),
    ("NOREPLICAS", "too few replicas are there; see its `min-replicas-to-write`"),
    ("NOAUTH", "give its password in `hosts`, as in \"redis://:password@localhost:6379\""),
    ("WRONGPASS", "correct the user and the password in `hosts`"),
    ("NOPERM", "its user may not do this; see its `ACL`"),
];

impl Trouble {
    /// What a connection or a command has failed with.
    pub(super) fn new(error: &RedisError) -> Self {
        let text = text(error);
        if let Some((_, mend)) = MENDS.iter().find(|(word, _)| text.contains(word)) {
            return Self::Refused(format!("{text}; {mend}"));
        }
        match error.kind() {
            // It loads its data, or waits for another server.
            ErrorKind::Server(
                ServerErrorKind::BusyLoading
                | ServerErrorKind::TryAgain
                | ServerErrorKind::MasterDown
                | ServerErrorKind::ClusterDown,
            ) => Self::Away(text),
            ErrorKind::Server(_) | ErrorKind::Extension => Self::Refused(text),
            ErrorKind::AuthenticationFailed => {
                Self::Refused(format!("{text}; correct the user and the password in `hosts`"))
            }
            _ => Self::Away(text),
        }
    }

    pub(super) fn silent(patience: Duration) -> Self {
        Self::Away(format!("no answer within {patience:?} (`timeout`)"))
    }

    pub(super) fn reason(&self) -> &str {
        match self {
            Self::Away(reason) | Self::Refused(reason) => reason,
        }
    }

    /// The same for whoever asked: which server it is, and for how long it has not been there.
    pub(super) fn at(self, host: usize, away: Duration) -> LayerError {
        match self {
            Self::Away(reason) => LayerError::Away { reason: format!("`hosts[{host}]`, for {away:.1?}: {reason}") },
            Self::Refused(reason) => LayerError::Refused { reason: format!("`hosts[{host}]`: {reason}") },
        }
    }
}

/// The server's own words, where there are any.
fn text(error: &RedisError) -> String {
    let server = error.clone().into_server_errors();
    match server.as_deref().and_then(<[_]>::first) {
        Some((_, error)) => format!("{} {}", error.code(), error.details().unwrap_or_default()).trim().to_owned(),
        None => error.to_string(),
    }
}
