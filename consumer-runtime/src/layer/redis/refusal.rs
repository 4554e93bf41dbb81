//! What a server says that is there and says no, with the setting to change.

use redis::{ErrorKind, RedisError, ServerErrorKind};

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

/// What it says and the mend, when it is there and says no; nothing when it is away, or not ready.
pub(super) fn refusal(error: &RedisError) -> Option<String> {
    let text = text(error);
    // Before Redis 7 what a script's command was told stands behind other words.
    if let Some((_, mend)) = MENDS.iter().find(|(word, _)| text.contains(word)) {
        return Some(format!("{text}; {mend}"));
    }
    match error.kind() {
        ErrorKind::Server(
            ServerErrorKind::BusyLoading
            | ServerErrorKind::TryAgain
            | ServerErrorKind::MasterDown
            | ServerErrorKind::ClusterDown
            | ServerErrorKind::Moved
            | ServerErrorKind::Ask,
        ) => None,
        ErrorKind::Server(_) | ErrorKind::Extension => Some(text),
        ErrorKind::AuthenticationFailed => Some(format!("{text}; correct the user and the password in `hosts`")),
        _ => None,
    }
}

/// The server's own words, where there are any.
pub(super) fn text(error: &RedisError) -> String {
    let server = error.clone().into_server_errors();
    match server.as_deref().and_then(<[_]>::first) {
        Some((_, error)) => format!("{} {}", error.code(), error.details().unwrap_or_default()).trim().to_owned(),
        None => error.to_string(),
    }
}
