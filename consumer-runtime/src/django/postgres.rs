//! A Django project's PostgreSQL database.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use tokio_postgres::{Client, Config, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{DjangoStore, Found, StoredSession, table};
use crate::error::{Error, Result};

/// How long the database may take to connect, and to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The database of a Django project in PostgreSQL.
///
/// One connection, on which questions of many handshakes are under way at a time; it is opened anew when it is lost. It reads
/// two tables and writes nothing, so a role that may only select them is enough.
#[derive(Clone)]
pub struct DjangoPostgres(Arc<Inner>);

struct Inner {
    config: Config,
    /// As it stands in a query.
    users: String,
    open: Mutex<Option<Arc<Open>>>,
}

/// A connection, with what is asked on it.
struct Open {
    client: Client,
    session: Statement,
    user: Statement,
}

impl fmt::Debug for DjangoPostgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DjangoPostgres")
            .field("hosts", &self.0.config.get_hosts())
            .field("dbname", &self.0.config.get_dbname())
            .field("users", &self.0.users)
            .finish_non_exhaustive()
    }
}

impl DjangoPostgres {
    /// Connects, and looks whether the tables are there.
    ///
    /// `settings` is a URL, `postgres://user:password@host/name?sslmode=require`, or libpq's pairs, `host=/run/postgresql dbname=app`.
    /// Where the server speaks TLS its certificate is verified by the system's authorities; `sslmode` is `prefer` by
    /// default.
    ///
    /// # Errors
    /// When the settings cannot be read, the server is not there or refuses, or lacks the tables.
    pub async fn connect(settings: &str) -> Result<Self> {
        Self::connect_to(settings, "auth_user").await
    }

    /// As [`connect`](Self::connect), for a project with a user model of its own, whose primary key is the column `id`:
    /// `accounts_user`, or `schema.accounts_user`.
    ///
    /// # Errors
    /// As there.
    pub async fn connect_to(settings: &str, users: &str) -> Result<Self> {
        let mut config: Config = settings.parse().map_err(failed)?;
        config.connect_timeout(PATIENCE);
        if config.get_application_name().is_none() {
            config.application_name("consumer-runtime");
        }
        let postgres = Self(Arc::new(Inner { config, users: table(users), open: Mutex::default() }));
        postgres.0.open().await?;
        Ok(postgres)
    }

    fn ask<T: 'static, F>(&self, question: impl FnOnce(Arc<Open>) -> F + Send + 'static) -> Found<T>
    where
        F: Future<Output = Result<Option<T>>> + Send + 'static,
    {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let answer = async { question(inner.open().await?).await };
            let late = |_| Error::msg(format!("the database does not answer within {PATIENCE:?}"));
            tokio::time::timeout(PATIENCE, answer).await.map_err(late)?
        })
    }
}

impl Inner {
    /// The connection, or a new one when there is none any more.
    async fn open(&self) -> Result<Arc<Open>> {
        let mut open = self.open.lock().await;
        if let Some(open) = open.as_ref().filter(|open| !open.client.is_closed()) {
            return Ok(Arc::clone(open));
        }
        let new = Arc::new(self.connect().await.map_err(failed)?);
        *open = Some(Arc::clone(&new));
        Ok(new)
    }

    async fn connect(&self) -> Result<Open, tokio_postgres::Error> {
        let (client, connection) = self.config.connect(tls()).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(error = %with_cause(&error), "the connection to the Django project's database is lost");
            }
        });
        let session =
            "SELECT session_data, extract(epoch FROM expire_date)::float8 FROM django_session WHERE session_key = $1";
        let session = client.prepare(session).await?;
        // The session has the key as text; casting the column instead would pass its index by.
        let kind = "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = $1::text::regclass AND attname = 'id'";
        let kind: String = client.query_one(kind, &[&self.users]).await?.try_get(0)?;
        let user = format!("SELECT row_to_json(u)::text FROM {} u WHERE id = CAST($1::text AS {kind})", self.users);
        let user = client.prepare(&user).await?;
        Ok(Open { client, session, user })
    }
}

/// TLS for servers that speak it, with certificates of the system's authorities.
fn tls() -> MakeRustlsConnect {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config =
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions();
    let Ok(config) = config else { unreachable!("the provider knows the default versions of TLS") };
    MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth())
}

fn failed(error: tokio_postgres::Error) -> Error {
    Error::msg(format!("the Django project's database: {}", with_cause(&error)))
}

/// What the server says stands in the cause.
fn with_cause(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

impl DjangoStore for DjangoPostgres {
    fn session(&self, key: &str) -> Found<StoredSession> {
        let key = key.to_owned();
        self.ask(move |open| async move {
            let row = open.client.query_opt(&open.session, &[&key]).await.map_err(failed)?;
            let Some(row) = row else { return Ok(None) };
            let (data, seconds): (String, f64) = (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
            let since = Duration::try_from_secs_f64(seconds).unwrap_or_default();
            Ok(Some(StoredSession { data, expires_at: SystemTime::UNIX_EPOCH + since }))
        })
    }

    fn user(&self, id: &str) -> Found<Map<String, Value>> {
        let id = id.to_owned();
        self.ask(move |open| async move {
            let row = open.client.query_opt(&open.user, &[&id]).await.map_err(failed)?;
            let Some(row) = row else { return Ok(None) };
            let text: String = row.try_get(0).map_err(failed)?;
            Ok(Some(serde_json::from_str(&text)?))
        })
    }
}
