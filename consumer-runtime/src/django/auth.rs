//! From a cookie to a user, as Django's own middleware goes.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use serde_json::{Map, Value};

use super::{DjangoStore, DjangoUser, signing::Secrets};
use crate::{error::Result, session::Cookies};

const DB_SALT: &str = "django.contrib.sessions.SessionStore";
const COOKIE_SALT: &str = "django.contrib.sessions.backends.signed_cookies";

/// The sessions and users of a Django project, with the settings that they are read by.
///
/// ```no_run
/// # async fn run() -> consumer_runtime::Result {
/// # #[cfg(feature = "django-postgres")] {
/// use consumer_runtime::django::{DjangoAuth, DjangoPostgres};
///
/// let store = DjangoPostgres::connect("postgres://app@localhost/app").await?;
/// let auth = DjangoAuth::new(std::env::var("SECRET_KEY")?, store);
/// # }
/// # Ok(()) }
/// ```
///
/// It belongs into the state of the router (axum's `FromRef`), for the extractors [`DjangoUser`] and
/// [`DjangoSession`](super::DjangoSession). A cheap clone.
#[derive(Clone)]
pub struct DjangoAuth(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    secrets: Secrets,
    store: Arc<dyn DjangoStore>,
    signed_cookies: bool,
    cookie: String,
    cookie_age: Duration,
    backends: Vec<String>,
}

impl fmt::Debug for DjangoAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DjangoAuth")
            .field("store", &self.0.store)
            .field("cookie", &self.0.cookie)
            .field("signed_cookies", &self.0.signed_cookies)
            .field("backends", &self.0.backends)
            .finish_non_exhaustive()
    }
}

impl DjangoAuth {
    /// A project's `SECRET_KEY`, and its database. The other settings are Django's defaults.
    pub fn new(secret_key: impl Into<String>, store: impl DjangoStore) -> Self {
        Self(Arc::new(Inner {
            secrets: Secrets::new(secret_key.into()),
            store: Arc::new(store),
            signed_cookies: false,
            cookie: "sessionid".to_owned(),
            cookie_age: Duration::from_secs(14 * 24 * 60 * 60),
            backends: vec!["django.contrib.auth.backends.ModelBackend".to_owned()],
        }))
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// `SECRET_KEY_FALLBACKS`.
    #[must_use]
    pub fn fallbacks<T: Into<String>>(self, keys: impl IntoIterator<Item = T>) -> Self {
        self.with(|inner| inner.secrets.add(keys.into_iter().map(Into::into)))
    }

    /// `SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"`: the cookie holds the session itself. Default:
    /// the engine `db`, whose sessions `cached_db` writes too.
    ///
    /// What the engine `cache` keeps is pickled, and cannot be read here.
    #[must_use]
    pub fn signed_cookies(self) -> Self {
        self.with(|inner| inner.signed_cookies = true)
    }

    /// `SESSION_COOKIE_NAME`.
    #[must_use]
    pub fn cookie_name(self, name: impl Into<String>) -> Self {
        self.with(|inner| inner.cookie = name.into())
    }

    /// `SESSION_COOKIE_AGE`: how long a signed cookie is good; a session in the database says so itself.
    #[must_use]
    pub fn cookie_age(self, age: Duration) -> Self {
        self.with(|inner| inner.cookie_age = age)
    }

    /// `AUTHENTICATION_BACKENDS`: a session of another backend is nobody's. They must be such whose users are rows of the
    /// user model and whose `is_active` counts, as Django's `ModelBackend` and what builds on it.
    #[must_use]
    pub fn backends<T: Into<String>>(self, backends: impl IntoIterator<Item = T>) -> Self {
        self.with(|inner| inner.backends = backends.into_iter().map(Into::into).collect())
    }

    /// The session of a request, by its cookies; nothing when there is none, or it has expired, or is not signed by the
    /// project.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn session(&self, cookies: &Cookies) -> Result<Option<DjangoSession>> {
        match cookies.get(&self.0.cookie) {
            Some(cookie) => self.session_of(cookie).await,
            None => Ok(None),
        }
    }

    /// As [`session`](Self::session), by what the cookie holds: [`DjangoSession::key`].
    ///
    /// # Errors
    /// As there.
    pub async fn session_of(&self, key: &str) -> Result<Option<DjangoSession>> {
        let Inner { secrets, store, signed_cookies, cookie_age, .. } = &*self.0;
        let read = if *signed_cookies {
            secrets.read(COOKIE_SALT, key).map(|signed| (signed.data, signed.at + *cookie_age))
        } else if is_session_key(key) {
            let stored = store.session(key).await?;
            stored.and_then(|stored| Some((secrets.read(DB_SALT, &stored.data)?.data, stored.expires_at)))
        } else {
            None
        };
        let session = read.map(|(data, expires_at)| DjangoSession { key: key.to_owned(), data, expires_at });
        Ok(session.filter(|session| session.expires_at > SystemTime::now()))
    }

    /// The user who is logged in with a session; nothing when nobody is, the user is not active any more, or the password was
    /// changed since.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn user(&self, session: &DjangoSession) -> Result<Option<DjangoUser>> {
        let text = |name: &str| session.data.get(name).and_then(Value::as_str);
        let (Some(id), Some(backend)) = (text("_auth_user_id"), text("_auth_user_backend")) else { return Ok(None) };
        if !self.0.backends.iter().any(|known| known == backend) {
            tracing::warn!(
                backend,
                "a session is of a backend that `DjangoAuth::backends` does not list; it counts as nobody's"
            );
            return Ok(None);
        }
        let Some(mut row) = self.0.store.user(id).await? else { return Ok(None) };
        let Some(Value::String(password)) = row.remove("password") else {
            return Err(crate::error::Error::msg("the user model has no column `password`; name its table"));
        };
        let is_active = row.get("is_active").is_none_or(super::user::is_true);
        let hash = text("_auth_user_hash").unwrap_or_default();
        let is_good = is_active && self.0.secrets.knows_login(hash, &password);
        Ok(is_good.then(|| DjangoUser::new(id.to_owned(), row)))
    }
}

/// Session keys are letters and digits; nothing else is asked for.
fn is_session_key(key: &str) -> bool {
    (8..=40).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A session of Django, as it was when it was read.
///
/// An extractor, for `#[connect]` and for ordinary handlers, of a router whose state has a [`DjangoAuth`]; without a session
/// the request is refused with 401, which `Option<DjangoSession>` lets pass. It cannot be written from here.
#[derive(Clone)]
pub struct DjangoSession {
    key: String,
    data: Map<String, Value>,
    expires_at: SystemTime,
}

impl fmt::Debug for DjangoSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.data.keys().collect();
        f.debug_struct("DjangoSession")
            .field("data", &names)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl DjangoSession {
    /// What the cookie holds: the session's key, or with signed cookies the session itself. Whoever has it is logged in.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// A value, as `request.session[name]`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.data.get(name)
    }

    /// When it expires.
    pub fn expires_at(&self) -> SystemTime {
        self.expires_at
    }
}
