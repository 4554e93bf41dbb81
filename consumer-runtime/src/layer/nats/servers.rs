//! The servers of the options, and how one of them is connected to.

use std::{
    error::Error,
    io,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use async_nats::{Client, ConnectError, ConnectErrorKind, ConnectOptions, Event, ServerAddr, rustls};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;

use super::{error::NatsError, options::NatsOptions, tls};
use crate::layer::backoff;

/// How long the client may take before its only attempt to come back by itself, which is given up as a rule: a lost
/// connection is replaced here.
const BY_ITSELF: Duration = Duration::from_secs(1);

/// Servers that are asked one after the other.
#[derive(Debug)]
pub(super) struct Servers {
    all: Vec<Server>,
    options: NatsOptions,
    /// Where the next search begins.
    next: AtomicUsize,
}

#[derive(Debug)]
struct Server {
    address: ServerAddr,
    access: Access,
}

/// Who we say that we are.
#[derive(Clone)]
enum Access {
    Nobody,
    User { user: String, password: String, of_url: bool },
    Token { token: String, of_url: bool },
    Nkey(String),
    Credentials(PathBuf),
}

impl std::fmt::Debug for Access {
    /// Which settings, and nothing of them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.settings())
    }
}

impl Access {
    /// # Errors
    /// When it is not clear which one is meant.
    fn of(options: &NatsOptions) -> Result<Self, NatsError> {
        let wrong = |name, reason: &str| Err(NatsError::Setting { name, reason: reason.into() });
        let user = match (options.user.clone(), options.password.clone()) {
            (Some(user), Some(password)) => Some(Self::User { user, password, of_url: false }),
            (Some(_), None) => return wrong("user", "it needs its password; set `password`"),
            (None, Some(_)) => return wrong("password", "it needs its user; set `user`"),
            (None, None) => None,
        };
        let token = options.token.clone().map(|token| Self::Token { token, of_url: false });
        let nkey = options.nkey.clone().map(Self::Nkey);
        let file = options.credentials_file.clone().map(Self::Credentials);
        let mut given = [("user", user), ("token", token), ("nkey", nkey), ("credentials_file", file)]
            .into_iter()
            .filter_map(|(name, access)| Some((name, access?)));
        let Some((one, access)) = given.next() else { return Ok(Self::Nobody) };
        match given.next() {
            Some((name, _)) => wrong(name, &format!("`{one}` says already who we are; leave one of them out")),
            None => Ok(access),
        }
    }

    fn of_url(address: &ServerAddr) -> Option<Self> {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let user = decoded(address.username()?);
        Some(match address.password() {
            Some(password) => Self::User { user, password: decoded(password), of_url: true },
            None => Self::Token { token: user, of_url: true },
        })
    }

    /// The settings that say so.
    fn settings(&self) -> &'static str {
        match self {
            Self::Nobody => "`user` and `password`, `token`, `nkey` or `credentials_file`, none of which is set",
            Self::User { of_url: true, .. } => "the user and the password in its URL",
            Self::User { .. } => "`user` and `password`",
            Self::Token { of_url: true, .. } => "the token in its URL",
            Self::Token { .. } => "`token`",
            Self::Nkey(_) => "`nkey`",
            Self::Credentials(_) => "`credentials_file`",
        }
    }

    async fn put_into(&self, options: ConnectOptions) -> Result<ConnectOptions, NatsError> {
        Ok(match self {
            Self::Nobody => options,
            Self::User { user, password, .. } => options.user_and_password(user.clone(), password.clone()),
            Self::Token { token, .. } => options.token(token.clone()),
            Self::Nkey(seed) => options.nkey(seed.clone()),
            Self::Credentials(file) => options
                .credentials_file(file)
                .await
                .map_err(|error| NatsError::Setting { name: "credentials_file", reason: error.to_string() })?,
        })
    }
}

impl Server {
    fn new(url: &str, access: &Access) -> Result<Self, String> {
        let address: ServerAddr = url.parse().map_err(|error: io::Error| error.to_string())?;
        if address.is_websocket() {
            return Err(format!("`{}` is not spoken here", address.scheme()));
        }
        if address.host().is_empty() {
            return Err("it names no host".into());
        }
        let access = Access::of_url(&address).unwrap_or_else(|| access.clone());
        Ok(Self { address, access })
    }
}

impl Servers {
    /// # Errors
    /// [`NatsError`] names the setting that is wrong.
    pub(super) fn new(options: &NatsOptions) -> Result<Self, NatsError> {
        if options.servers.is_empty() {
            return Err(NatsError::NoServers);
        }
        let access = Access::of(options)?;
        let all = options
            .servers
            .iter()
            .enumerate()
            .map(|(server, url)| Server::new(url, &access).map_err(|reason| NatsError::Url { server, reason }));
        let all = all.collect::<Result<Vec<_>, _>>()?;
        Ok(Self { all, options: options.clone(), next: AtomicUsize::new(0) })
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// A connection to the first that can be used, and which one that is; begins after the one that was tried last.
    ///
    /// # Errors
    /// [`NatsError`] of the first that was tried; at once when a setting is wrong, or one does not let us in.
    pub(super) async fn connect(
        &self,
        tell: impl Fn(Event) + Clone + Send + Sync + 'static,
    ) -> Result<(usize, Client), NatsError> {
        let mut first = None;
        for _ in 0..self.all.len() {
            let server = self.next.fetch_add(1, Ordering::Relaxed) % self.all.len();
            match self.connect_to(server, tell.clone()).await {
                Ok(client) => return Ok((server, client)),
                Err(error @ (NatsError::Setting { .. } | NatsError::Denied { .. })) => return Err(error),
                Err(error) => first = first.or(Some(error)),
            }
        }
        Err(first.unwrap_or(NatsError::NoServers))
    }

    async fn connect_to(
        &self,
        server: usize,
        tell: impl Fn(Event) + Clone + Send + Sync + 'static,
    ) -> Result<Client, NatsError> {
        let (options, Server { address, access }) = (&self.options, &self.all[server]);
        let patience = options.timeout;
        let connecting = async {
            let settings = options.clone();
            let tls = tokio::task::spawn_blocking(move || tls::config(&settings)).await;
            let tls = tls.map_err(|error| NatsError::Away { server, reason: error.to_string() })??;
            let told = ConnectOptions::new()
                .name(&options.name)
                .connection_timeout(patience)
                // An interval of nothing would panic.
                .ping_interval(options.ping_interval.max(Duration::from_millis(1)))
                .max_reconnects(1)
                .ignore_discovered_servers()
                // The first attempt is one of these as well, and is not to wait.
                .reconnect_delay_callback(delays())
                .tls_client_config(tls)
                .require_tls(options.tls)
                .event_callback(move |event| {
                    tell(event);
                    std::future::ready(())
                });
            let told = access.put_into(told).await?;
            told.connect(address.clone()).await.map_err(|error| self.error(server, &error))
        };
        match timeout(patience, connecting).await {
            Ok(connected) => connected,
            Err(_) => Err(NatsError::Away { server, reason: format!("no answer within {patience:?}") }),
        }
    }

    fn error(&self, server: usize, error: &ConnectError) -> NatsError {
        let access = &self.all[server].access;
        if let Some(reason) = tls_error(error) {
            return NatsError::Tls { server, reason };
        }
        match (error.kind(), access) {
            (ConnectErrorKind::AuthorizationViolation, _) => NatsError::Denied { server, settings: access.settings() },
            (ConnectErrorKind::Authentication, Access::Nkey(_)) => {
                NatsError::Setting { name: "nkey", reason: "it is not the seed of a user's NKey, as in `SU..`".into() }
            }
            (ConnectErrorKind::Tls, _) => NatsError::Tls { server, reason: error.to_string() },
            (ConnectErrorKind::TimedOut, _) => {
                NatsError::Away { server, reason: format!("no answer within {:?}", self.options.timeout) }
            }
            _ => NatsError::Away { server, reason: error.to_string() },
        }
    }
}

/// No delay at first, then some.
fn delays() -> impl Fn(usize) -> Duration + Send + Sync + 'static {
    let asked = AtomicUsize::new(0);
    move |_| match asked.fetch_add(1, Ordering::Relaxed) {
        0 => Duration::ZERO,
        _ => backoff::below(BY_ITSELF),
    }
}

/// What TLS complains of, wherever in the chain of causes it stands.
fn tls_error(error: &ConnectError) -> Option<String> {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let inner = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if let Some(tls) = inner.or_else(|| error.downcast_ref::<rustls::Error>()) {
            return Some(tls.to_string());
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut NatsOptions)) -> String {
        let mut options = NatsOptions::default();
        change(&mut options);
        Servers::new(&options).unwrap_err().to_string()
    }

    #[test]
    fn settings_that_cannot_be_are_named() {
        assert!(refused(|options| options.servers.clear()).contains("`servers` is empty"));
        for wrong in ["redis://localhost", "ws://localhost", "nats://", "nats://a b", "nats://a:x"] {
            let error = refused(|options| options.servers = vec!["nats://a".into(), wrong.into()]);
            assert!(error.contains("`servers[1]`") && error.contains("nats://localhost:4222"), "{wrong}: {error}");
        }
        assert!(refused(|options| options.user = Some("a".into())).contains("`password`"));
        assert!(refused(|options| options.password = Some("a".into())).contains("set `user`"));
        let error = refused(|options| (options.token, options.nkey) = (Some("a".into()), Some("b".into())));
        assert!(error.contains("`nkey`") && error.contains("`token`"), "{error}");
    }

    #[test]
    fn a_url_says_who_we_are_before_the_other_settings_do() {
        let mut options = NatsOptions::url("nats://a%40b:c%3Ad@host");
        options.servers.extend(["nats://secret@host".to_owned(), "localhost".to_owned()]);
        options.token = Some("other".into());
        let servers = Servers::new(&options).unwrap();
        let Access::User { user, password, .. } = &servers.all[0].access else { panic!("a user") };
        assert_eq!((user.as_str(), password.as_str()), ("a@b", "c:d"));
        let Access::Token { token, of_url: true } = &servers.all[1].access else { panic!("a token") };
        assert_eq!(token, "secret");
        assert!(matches!(&servers.all[2].access, Access::Token { of_url: false, .. }));
        assert_eq!(servers.all[2].address.port(), 4222);
    }
}
