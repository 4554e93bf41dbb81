//! The book itself: a table of SQLite, which knows nothing of sockets.

use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, Result, Row, params};
use serde::{Deserialize, Serialize};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    signed_at INTEGER NOT NULL DEFAULT (unixepoch())
)";

/// What somebody wrote.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) text: String,
    /// In seconds since 1970.
    pub(crate) signed_at: i64,
}

/// A guestbook; clones share its one connection, which waits its turn on threads of the blocking pool.
#[derive(Clone)]
pub struct Book(Arc<Mutex<Connection>>);

impl fmt::Debug for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Book").finish_non_exhaustive()
    }
}

impl Book {
    /// Opens the book in a file, which is made when it is not there; `:memory:` is a book that nobody keeps.
    ///
    /// # Errors
    /// When the file cannot be opened, or is no database.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute(TABLE, [])?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    pub(crate) fn sign(&self, name: &str, text: &str) -> Result<Entry> {
        let sql = "INSERT INTO entries (name, text) VALUES (?1, ?2) RETURNING id, name, text, signed_at";
        self.with(|connection| connection.query_row(sql, params![name, text], entry))
    }

    /// The newest entries that are older than the entry `before`, newest first.
    pub(crate) fn entries(&self, before: Option<i64>, limit: u32) -> Result<Vec<Entry>> {
        let sql = "SELECT id, name, text, signed_at FROM entries WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
        self.with(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map(params![before.unwrap_or(i64::MAX), limit], entry)?.collect()
        })
    }

    fn with<T>(&self, work: impl FnOnce(&Connection) -> T) -> T {
        work(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn entry(row: &Row<'_>) -> Result<Entry> {
    Ok(Entry { id: row.get(0)?, name: row.get(1)?, text: row.get(2)?, signed_at: row.get(3)? })
}
