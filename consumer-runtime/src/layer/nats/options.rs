//! Where NATS is, and who we are there.

use std::{fmt, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use crate::layer::Format;

/// Settings of a NATS layer.
///
/// All processes need servers of one cluster, and the same `prefix`, `symmetric_encryption_keys` and `serializer_format`.
///
/// ```
/// use consumer_runtime::NatsOptions;
///
/// let options: NatsOptions = serde_json::from_str(r#"{
///     "servers": ["nats://10.0.0.1:4222", "nats://10.0.0.2:4222"],
///     "user": "chat",
///     "password": "secret"
/// }"#)?;
/// assert_eq!(options.prefix, "asgi");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct NatsOptions {
    /// URLs of servers of one cluster, `nats://[user:password@]host[:port]`, or `tls://` for TLS. One of them is used at a
    /// time. A token stands where the user would, without a password. Default: `nats://localhost:4222`.
    pub servers: Vec<String>,
    /// What subjects begin with, so that projects can share servers; several tokens may be separated by `.`. Default: `asgi`.
    pub prefix: String,
    /// The user, for servers whose URL has none.
    pub user: Option<String>,
    /// The user's password.
    pub password: Option<String>,
    /// A token instead of a user.
    pub token: Option<String>,
    /// The seed of an NKey instead of a user: `SU..`.
    pub nkey: Option<String>,
    /// A file with a JWT and the seed of its NKey instead of a user, as `nsc` writes it. Read at each connection.
    pub credentials_file: Option<PathBuf>,
    /// Whether each connection must be encrypted, as `tls://` says for one server. A server that asks for it gets it anyway.
    /// Default: no.
    pub tls: bool,
    /// A PEM file with the certificates of those who may vouch for a server. Default: those that the system trusts. Read at
    /// each connection, as the next two.
    pub tls_ca_file: Option<PathBuf>,
    /// A PEM file with our own certificate, for servers that ask for one.
    pub tls_cert_file: Option<PathBuf>,
    /// A PEM file with the key of our own certificate.
    pub tls_key_file: Option<PathBuf>,
    /// What the server calls our connections in its reports. Default: `consumer-runtime`.
    pub name: String,
    /// How many bytes of messages that have come may wait in this process until its groups and channels can take them; what
    /// comes beyond that is dropped and counted ([`channel_full`](crate::Counts::channel_full)). Default: 64 MiB.
    pub pending_bytes: usize,
    /// Secrets of any length. The first encrypts, each may decrypt; without any, messages travel as they are.
    pub symmetric_encryption_keys: Vec<String>,
    /// How messages are written. Default: MessagePack.
    pub serializer_format: Format,
    /// How long a send, a join or a new connection waits for a server that does not answer, before it is an error.
    /// Default: 5 s.
    #[serde(with = "humantime_serde")]
    pub timeout: Duration,
    /// How often the server is asked whether it is there; one that has not answered `timeout` later is taken for lost.
    /// Default: 5 s.
    #[serde(with = "humantime_serde")]
    pub ping_interval: Duration,
}

impl Default for NatsOptions {
    fn default() -> Self {
        Self {
            servers: vec!["nats://localhost:4222".into()],
            prefix: "asgi".into(),
            user: None,
            password: None,
            token: None,
            nkey: None,
            credentials_file: None,
            tls: false,
            tls_ca_file: None,
            tls_cert_file: None,
            tls_key_file: None,
            name: "consumer-runtime".into(),
            pending_bytes: 64 << 20,
            symmetric_encryption_keys: Vec::new(),
            serializer_format: Format::default(),
            timeout: Duration::from_secs(5),
            ping_interval: Duration::from_secs(5),
        }
    }
}

impl NatsOptions {
    /// The defaults on one server.
    pub fn url(url: impl Into<String>) -> Self {
        Self { servers: vec![url.into()], ..Self::default() }
    }
}

impl fmt::Debug for NatsOptions {
    /// Without URLs, passwords, tokens and keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsOptions")
            .field("servers", &self.servers.len())
            .field("prefix", &self.prefix)
            .field("user", &self.user)
            .field("password", &self.password.is_some())
            .field("token", &self.token.is_some())
            .field("nkey", &self.nkey.is_some())
            .field("credentials_file", &self.credentials_file)
            .field("tls", &self.tls)
            .field("tls_ca_file", &self.tls_ca_file)
            .field("tls_cert_file", &self.tls_cert_file)
            .field("tls_key_file", &self.tls_key_file)
            .field("name", &self.name)
            .field("pending_bytes", &self.pending_bytes)
            .field("symmetric_encryption_keys", &self.symmetric_encryption_keys.len())
            .field("serializer_format", &self.serializer_format)
            .field("timeout", &self.timeout)
            .field("ping_interval", &self.ping_interval)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_unknown_ones_refused() {
        let read: NatsOptions = serde_json::from_str(
            r#"{"servers": ["tls://a"], "token": "t", "timeout": "2s", "ping_interval": "500ms", "tls_ca_file": "ca.pem"}"#,
        )
        .unwrap();
        let mut options = NatsOptions::url("tls://a");
        options.token = Some("t".into());
        options.timeout = Duration::from_secs(2);
        options.ping_interval = Duration::from_millis(500);
        options.tls_ca_file = Some("ca.pem".into());
        assert_eq!(read, options);
        assert_eq!(serde_json::from_str::<NatsOptions>(&serde_json::to_string(&options).unwrap()).unwrap(), options);
        let error = serde_json::from_str::<NatsOptions>(r#"{"hosts": []}"#).unwrap_err().to_string();
        assert!(error.contains("unknown field `hosts`") && error.contains("`servers`"), "{error}");
    }

    #[test]
    fn what_is_secret_is_not_shown() {
        let mut options = NatsOptions::url("nats://u:hidden@a");
        for secret in [&mut options.password, &mut options.token, &mut options.nkey] {
            *secret = Some("hidden".into());
        }
        options.symmetric_encryption_keys = vec!["hidden".into()];
        assert!(!format!("{options:?}").contains("hidden"));
    }
}
