//! Where a server is: what one entry of `hosts` says.

mod login;
mod written;

use std::fmt;

pub(super) use self::login::{Login, Reached};

/// One entry of [`RedisOptions::hosts`](crate::RedisOptions::hosts), in each form that Django's `CHANNEL_LAYERS` have:
///
/// - a URL: `"redis://[[user]:password@]host[:port][/database]"`, `"rediss://…"` for TLS, `"unix:///path?db=1"`; with
///   `?protocol=resp3` it speaks RESP3,
/// - `["host", 6379]`,
/// - `{"address": "redis://host", "db": 1}` or `{"host": "..", "port": 6379}` with more settings: `db`, `username`,
///   `password`, `protocol`, `path` (a Unix socket), `ssl`, `ssl_ca_certs`, `ssl_certfile`, `ssl_keyfile`; what a URL says
///   goes first,
/// - `{"sentinels": [["host", 26379]], "master_name": "mymaster"}`, the same settings for the master, and
///   `sentinel_kwargs` with those for the sentinels. The master is looked up again whenever a connection is opened.
///
/// Settings of redis-py's that change nothing here, such as `socket_timeout`, are accepted and logged; an unknown one is an
/// error that names it. TLS needs the feature `redis-tls`.
///
/// ```
/// use consumer_runtime::RedisHost;
///
/// let written = r#"{"sentinels": [["10.0.0.1", 26379]], "master_name": "mymaster", "password": "secret"}"#;
/// let host: RedisHost = serde_json::from_str(written)?;
/// assert_eq!(host, RedisHost::sentinels("mymaster", [("10.0.0.1", 26379)]).password("secret"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RedisHost {
    pub(super) address: Option<String>,
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) path: Option<String>,
    pub(super) db: Option<i64>,
    pub(super) username: Option<String>,
    pub(super) password: Option<String>,
    pub(super) protocol: Option<u8>,
    pub(super) ssl: Option<bool>,
    pub(super) ssl_ca_certs: Option<String>,
    pub(super) ssl_certfile: Option<String>,
    pub(super) ssl_keyfile: Option<String>,
    pub(super) sentinels: Vec<(String, u16)>,
    pub(super) master_name: Option<String>,
    pub(super) sentinel_kwargs: Option<Box<RedisHost>>,
    /// Settings that were given and change nothing.
    pub(super) idle: Vec<String>,
}

impl RedisHost {
    /// The server of a URL.
    pub fn url(url: impl Into<String>) -> Self {
        Self { address: Some(url.into()), ..Self::default() }
    }

    /// A server over TCP.
    pub fn tcp(host: impl Into<String>, port: u16) -> Self {
        Self { host: Some(host.into()), port: Some(port), ..Self::default() }
    }

    /// A server at a Unix socket.
    pub fn unix(path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..Self::default() }
    }

    /// Whatever server sentinels say is the master.
    pub fn sentinels<H: Into<String>>(
        master_name: impl Into<String>,
        sentinels: impl IntoIterator<Item = (H, u16)>,
    ) -> Self {
        let sentinels = sentinels.into_iter().map(|(host, port)| (host.into(), port)).collect();
        Self { sentinels, master_name: Some(master_name.into()), ..Self::default() }
    }

    /// The number of its database. Default: 0.
    #[must_use]
    pub fn db(mut self, db: i64) -> Self {
        self.db = Some(db);
        self
    }

    /// Who we are. Default: the server's default user.
    #[must_use]
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.username = Some(username.into());
        self
    }

    /// The password.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Speaks RESP3 instead of RESP2 (Redis 6 and later) where it listens or fetches; commands go by RESP3 wherever the server
    /// speaks it.
    #[must_use]
    pub fn resp3(mut self) -> Self {
        self.protocol = Some(3);
        self
    }

    /// Speaks TLS, and checks the server's certificate.
    #[must_use]
    pub fn tls(mut self) -> Self {
        self.ssl = Some(true);
        self
    }

    /// A PEM file with the authorities that may have signed the server's certificate, instead of those of the system.
    #[must_use]
    pub fn ca_certs(mut self, path: impl Into<String>) -> Self {
        self.ssl_ca_certs = Some(path.into());
        self
    }

    /// PEM files with a certificate of our own, and its key.
    #[must_use]
    pub fn client_certificate(mut self, certificate: impl Into<String>, key: impl Into<String>) -> Self {
        (self.ssl_certfile, self.ssl_keyfile) = (Some(certificate.into()), Some(key.into()));
        self
    }

    pub(super) fn is_tls(&self) -> bool {
        let by_url = |url: &String| url.starts_with("rediss:") || url.starts_with("valkeys:");
        self.ssl == Some(true) || self.address.as_ref().is_some_and(by_url)
    }

    /// How to log in at the sentinels, of which this server's settings say nothing.
    #[must_use]
    pub fn sentinel_login(mut self, login: RedisHost) -> Self {
        self.sentinel_kwargs = Some(Box::new(login));
        self
    }
}

impl<S: Into<String>> From<S> for RedisHost {
    /// The server of a URL.
    fn from(url: S) -> Self {
        Self::url(url)
    }
}

impl fmt::Debug for RedisHost {
    /// Without passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.address, &self.host, &self.path, &self.master_name) {
            (Some(url), ..) => {
                // Both what stands before the host and the query may have a password.
                let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
                let rest = rest.split('?').next().unwrap_or_default();
                write!(f, "RedisHost({scheme}://{})", rest.rsplit_once('@').map_or(rest, |(_, rest)| rest))
            }
            (_, Some(host), ..) => write!(f, "RedisHost({host}:{})", self.port.unwrap_or(6379)),
            (_, _, Some(path), _) => write!(f, "RedisHost({path})"),
            (_, _, _, Some(master)) => write!(f, "RedisHost({master} of {:?})", self.sentinels),
            _ => f.write_str("RedisHost"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_tells_passwords() {
        for host in [
            RedisHost::url("redis://me:secret@a:1/2?protocol=3"),
            RedisHost::url("redis://a?password=secret"),
            RedisHost::url("redis://a?user=x@y&password=secret"),
            RedisHost::tcp("a", 1).password("secret"),
            RedisHost::sentinels("m", [("a", 1)])
                .password("secret")
                .sentinel_login(RedisHost::default().password("secret")),
        ] {
            assert!(!format!("{host:?}").contains("secret"), "{host:?}");
        }
        let error = serde_json::from_str::<RedisHost>(r#"{"password": 4711}"#).unwrap_err().to_string();
        assert!(error.contains("`password`") && !error.contains("4711"), "{error}");
    }
}
