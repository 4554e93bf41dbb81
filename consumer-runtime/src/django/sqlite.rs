//! A Django project's SQLite file.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use rusqlite::{Connection, OpenFlags, OptionalExtension, types::ValueRef};
use serde_json::{Map, Value};

use super::{DjangoStore, Found, StoredSession, table};
use crate::error::{Error, Result};

/// The database of a Django project in SQLite, opened for reading alone.
#[derive(Clone)]
pub struct DjangoSqlite {
    path: PathBuf,
    connection: Arc<Mutex<Connection>>,
    /// As it stands in a query.
    users: String,
}

impl fmt::Debug for DjangoSqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DjangoSqlite").field("path", &self.path).field("users", &self.users).finish_non_exhaustive()
    }
}

impl DjangoSqlite {
    /// Opens the file that `DATABASES` names.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags)
            .map_err(|why| Error::msg(format!("the database {} cannot be opened: {why}", path.display())))?;
        connection.busy_timeout(Duration::from_secs(5))?;
        Ok(Self { path, connection: Arc::new(Mutex::new(connection)), users: table("auth_user") })
    }

    /// The table of the project's own user model, whose primary key is the column `id`. Default: `auth_user`.
    #[must_use]
    pub fn users(mut self, name: &str) -> Self {
        self.users = table(name);
        self
    }

    /// Asks in a thread where waiting is allowed.
    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<Option<T>> + Send + 'static,
    ) -> Found<T> {
        let connection = Arc::clone(&self.connection);
        Box::pin(async move {
            let answer = tokio::task::spawn_blocking(move || {
                question(&connection.lock().unwrap_or_else(PoisonError::into_inner))
            });
            Ok(answer.await??)
        })
    }
}

impl DjangoStore for DjangoSqlite {
    fn session(&self, key: &str) -> Found<StoredSession> {
        let key = key.to_owned();
        self.ask(move |connection| {
            // Django writes times as text in UTC.
            let query = "SELECT session_data, CAST(strftime('%s', expire_date) AS INTEGER) FROM django_session WHERE session_key = ?1";
            let mut query = connection.prepare_cached(query)?;
            let row = query.query_row([key], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).optional()?;
            Ok(row.map(|(data, seconds)| {
                let since = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
                StoredSession { data, expires_at: SystemTime::UNIX_EPOCH + since }
            }))
        })
    }

    fn user(&self, id: &str) -> Found<Map<String, Value>> {
        let (id, users) = (id.to_owned(), self.users.clone());
        self.ask(move |connection| {
            let mut query = connection.prepare_cached(&format!("SELECT * FROM {users} WHERE id = ?1"))?;
            let names: Vec<_> = query.column_names().into_iter().map(str::to_owned).collect();
            let read = |row: &rusqlite::Row<'_>| {
                let columns = names.iter().enumerate();
                columns.map(|(at, name)| Ok((name.clone(), json(row.get_ref(at)?)))).collect::<rusqlite::Result<_>>()
            };
            query.query_row([id], read).optional()
        })
    }
}

fn json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    }
}
