//! What a host's settings come to: how to reach it, and what to say there first.

use redis::{
    Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, ProtocolVersion, RedisConnectionInfo, RedisResult,
};

use super::RedisHost;
use crate::layer::redis::{cluster::Address, options::RedisError};

/// A setting that is wrong, and why.
#[derive(Debug)]
pub(in crate::layer::redis) struct Wrong {
    /// Nothing, where it is the URL.
    pub(in crate::layer::redis) setting: &'static str,
    pub(in crate::layer::redis) reason: String,
}

impl Wrong {
    pub(in crate::layer::redis) fn at_start(self, host: usize) -> RedisError {
        match self.setting {
            "" => RedisError::Url { host, reason: self.reason },
            setting => RedisError::Setting { host, setting: setting.into(), reason: self.reason },
        }
    }
}

fn wrong(setting: &'static str, reason: impl Into<String>) -> Wrong {
    Wrong { setting, reason: reason.into() }
}

/// How to log in at a server, wherever it is.
#[derive(Clone, Debug)]
pub(in crate::layer::redis) struct Login {
    redis: RedisConnectionInfo,
    tls: Option<Certificates>,
}

/// The PEM files of TLS.
#[derive(Clone, Default)]
#[cfg_attr(not(feature = "redis-tls"), expect(dead_code, reason = "there is no TLS to use them"))]
struct Certificates {
    authorities: Option<Vec<u8>>,
    own: Option<(Vec<u8>, Vec<u8>)>,
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificates").finish_non_exhaustive()
    }
}

impl Login {
    /// A client of the server at an address.
    pub(in crate::layer::redis) fn at(&self, host: &str, port: u16) -> RedisResult<Client> {
        let address = match &self.tls {
            None => ConnectionAddr::Tcp(host.to_owned(), port),
            Some(_) => ConnectionAddr::TcpTls { host: host.to_owned(), port, insecure: false, tls_params: None },
        };
        self.client(address)
    }

    fn client(&self, address: ConnectionAddr) -> RedisResult<Client> {
        let info: ConnectionInfo = address.into_connection_info()?.set_redis_settings(self.redis.clone());
        match &self.tls {
            None => Client::open(info),
            Some(certificates) => certificates.client(info),
        }
    }
}

#[cfg(feature = "redis-tls")]
impl Certificates {
    fn client(&self, info: ConnectionInfo) -> RedisResult<Client> {
        // Whatever the program has chosen before; without a choice of it or of ours, rustls would panic.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let own = self.own.clone();
        let client_tls = own.map(|(client_cert, client_key)| redis::ClientTlsConfig { client_cert, client_key });
        let root_cert = self.authorities.clone();
        if client_tls.is_none() && root_cert.is_none() {
            return Client::open(info);
        }
        Client::build_with_tls(info, redis::TlsCertificates { client_tls, root_cert })
    }
}

#[cfg(not(feature = "redis-tls"))]
impl Certificates {
    fn client(&self, info: ConnectionInfo) -> RedisResult<Client> {
        Client::open(info)
    }
}

/// The file of a setting.
fn file(setting: &'static str, path: Option<&String>) -> Result<Option<Vec<u8>>, Wrong> {
    path.map(|path| std::fs::read(path).map_err(|error| wrong(setting, format!("{path}: {error}")))).transpose()
}

impl RedisHost {
    /// The same with what its URL says, which goes before all else.
    ///
    /// # Errors
    /// [`Wrong`] says what is wrong with the URL.
    fn with_url(&self) -> Result<Self, Wrong> {
        let Some(text) = &self.address else { return Ok(self.clone()) };
        let url = redis::parse_redis_url(text)
            .ok_or_else(|| wrong("", "it does not begin with `redis://`, `rediss://` or `unix://`"))?;
        let decoded = |text: &str| {
            let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
            decoded.map(|text| text.into_owned()).map_err(|_| wrong("", "a part of it is not UTF-8"))
        };
        let mut host = Self { address: None, host: None, port: None, ..self.clone() };
        if matches!(url.scheme(), "redis" | "rediss" | "valkey" | "valkeys") {
            let name = url.host_str().filter(|name| !name.is_empty()).ok_or_else(|| wrong("", "it names no host"))?;
            // An IPv6 address stands in brackets there, and nowhere else.
            host.host = Some(name.trim_start_matches('[').trim_end_matches(']').to_owned());
            host.port = Some(url.port().unwrap_or(6379));
            host.ssl = if matches!(url.scheme(), "rediss" | "valkeys") { Some(true) } else { self.ssl };
            let database = url.path().trim_matches('/');
            if !database.is_empty() {
                let number = database.parse();
                host.db = Some(number.map_err(|_| wrong("", format!("its database `{database}` is no number")))?);
            }
        } else {
            host.path = Some(decoded(url.path())?);
        }
        if !url.username().is_empty() {
            host.username = Some(decoded(url.username())?);
        }
        if let Some(password) = url.password() {
            host.password = Some(decoded(password)?);
        }
        for (key, value) in url.query_pairs() {
            host.set_text(&key, &value).map_err(|reason| wrong("", reason))?;
        }
        if url.fragment().is_some() {
            return Err(wrong("", "there is nothing to say behind `#`"));
        }
        Ok(host)
    }

    fn login(&self) -> Result<Login, Wrong> {
        let mut redis = RedisConnectionInfo::default().set_db(self.db.unwrap_or(0));
        if self.db.is_some_and(|db| db < 0) {
            return Err(wrong("db", "a database has a number from 0 on"));
        }
        redis = match self.protocol {
            None | Some(2) => redis,
            Some(3) => redis.set_protocol(ProtocolVersion::RESP3),
            Some(other) => return Err(wrong("protocol", format!("{other} is none; write 2 or 3"))),
        };
        if let Some(username) = &self.username {
            redis = redis.set_username(username);
        }
        if let Some(password) = &self.password {
            redis = redis.set_password(password);
        } else if self.username.is_some() {
            return Err(wrong("password", "there is a `username`, and no `password`"));
        }
        let tls = self.ssl == Some(true);
        if tls && cfg!(not(feature = "redis-tls")) {
            return Err(wrong("ssl", "TLS needs consumer-runtime's feature `redis-tls`"));
        }
        let authorities = file("ssl_ca_certs", self.ssl_ca_certs.as_ref())?;
        let own = match (&self.ssl_certfile, &self.ssl_keyfile) {
            (None, None) => None,
            (Some(_), None) => return Err(wrong("ssl_keyfile", "a certificate needs its key")),
            (None, Some(_)) => return Err(wrong("ssl_certfile", "a key needs its certificate")),
            (certificate, key) => file("ssl_certfile", certificate.as_ref())?.zip(file("ssl_keyfile", key.as_ref())?),
        };
        if !tls && (authorities.is_some() || own.is_some()) {
            return Err(wrong("ssl", "there are certificates, but no TLS; write `rediss://`, or `\"ssl\": true`"));
        }
        Ok(Login { redis, tls: tls.then_some(Certificates { authorities, own }) })
    }

    /// One node of a cluster, and how to log in at all of them.
    ///
    /// # Errors
    /// [`Wrong`] names the setting.
    pub(in crate::layer::redis) fn seed(&self) -> Result<(Login, Address), Wrong> {
        let host = self.with_url()?;
        if host.master_name.is_some() || !host.sentinels.is_empty() {
            return Err(wrong("sentinels", "a cluster has none; name its nodes"));
        }
        if host.path.is_some() {
            return Err(wrong("path", "the nodes of a cluster are reached over TCP"));
        }
        if host.db.is_some_and(|db| db != 0) {
            return Err(wrong("db", "a cluster has none but 0"));
        }
        let name = host.host.clone().unwrap_or_else(|| "localhost".into());
        let address = Address { host: name, port: host.port.unwrap_or(6379) };
        // Subscriptions that end unasked can be told from answers in RESP3 alone.
        Ok((host.resp3().login()?, address))
    }

    /// Where it is, and how to log in there; what it comes to is told where the settings are wrong.
    ///
    /// # Errors
    /// [`Wrong`] names the setting.
    pub(in crate::layer::redis) fn reach(&self) -> Result<Reached, Wrong> {
        let host = self.with_url()?;
        let login = host.login()?;
        if let Some(master) = &host.master_name {
            if host.sentinels.is_empty() {
                return Err(wrong("sentinels", "there is a `master_name`, and nobody to ask for it"));
            }
            let sentinels = host.sentinel_kwargs.as_deref().cloned().unwrap_or_default().login()?;
            let clients =
                host.sentinels.iter().map(|(name, port)| sentinels.at(name, *port)).collect::<RedisResult<_>>();
            let clients = clients.map_err(|error| wrong("sentinel_kwargs", error.to_string()))?;
            return Ok(Reached::Sentinels { master: master.clone(), clients, login });
        }
        if !host.sentinels.is_empty() {
            return Err(wrong("master_name", "there are `sentinels`, and nothing to ask them for"));
        }
        let client = match (&host.host, &host.path) {
            (None, Some(path)) => login.client(ConnectionAddr::Unix(path.into())),
            (Some(name), None) => login.at(name, host.port.unwrap_or(6379)),
            // As redis-py does.
            (None, None) => login.at("localhost", host.port.unwrap_or(6379)),
            (Some(_), Some(_)) => return Err(wrong("path", "there is a `host` as well")),
        };
        Ok(Reached::Server(client.map_err(|error| wrong("ssl_ca_certs", error.to_string()))?))
    }
}

/// Where a server is.
#[derive(Debug)]
pub(in crate::layer::redis) enum Reached {
    Server(Client),
    Sentinels { master: String, clients: Vec<Client>, login: Login },
}
