//! Where Django keeps sessions and users.

use std::{fmt, future::Future, pin::Pin, time::SystemTime};

use serde_json::{Map, Value};

use crate::error::Result;

/// What a [`DjangoStore`] finds: nothing when there is none.
pub type Found<T> = Pin<Box<dyn Future<Output = Result<Option<T>>> + Send>>;

/// The database of a Django project, as far as logins need it.
///
/// [`DjangoPostgres`](super::DjangoPostgres) and [`DjangoSqlite`](super::DjangoSqlite) are two; with a pool of one's own it is two
/// queries:
///
/// ```sql
/// SELECT session_data, expire_date FROM django_session WHERE session_key = $1;
/// SELECT row_to_json(u) FROM auth_user u WHERE id = $1;
/// ```
pub trait DjangoStore: fmt::Debug + Send + Sync + 'static {
    /// The row of `django_session` with this `session_key`.
    fn session(&self, key: &str) -> Found<StoredSession>;

    /// The row of the user model with this primary key, by the names of its columns; `password` must be among them.
    fn user(&self, id: &str) -> Found<Map<String, Value>>;
}

/// A row of `django_session`.
#[derive(Clone)]
pub struct StoredSession {
    /// Its `session_data`.
    pub data: String,
    /// Its `expire_date`.
    pub expires_at: SystemTime,
}

impl fmt::Debug for StoredSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredSession").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}
