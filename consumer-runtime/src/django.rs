//! The sessions and users of a Django project: who is logged in there is logged in here.
//!
//! Django makes the login, with its pages and its database; a consumer takes [`DjangoUser`] in `#[connect]`, and gets the user whom Django Channels
//! would have in `scope["user"]`. As there, the session must be one of Django's (`SECRET_KEY`, `SECRET_KEY_FALLBACKS`), the backend one of
//! the project's, the user active, and the password the one that the session was begun with.
//!
//! Sessions of the engines `db`, `cached_db` and `signed_cookies` are read, none is ever written.

mod auth;
#[cfg(feature = "django-postgres")]
mod postgres;
mod signing;
#[cfg(feature = "django-sqlite")]
mod sqlite;
mod store;
mod user;

pub use auth::{DjangoAuth, DjangoSession};
#[cfg(feature = "django-postgres")]
pub use postgres::DjangoPostgres;
#[cfg(feature = "django-sqlite")]
pub use sqlite::DjangoSqlite;
pub use store::{DjangoStore, Found, StoredSession};
pub use user::{DjangoUser, NoLogin};

/// A table's name in a query: `accounts_user`, or with its schema `public.accounts_user`.
#[cfg(any(feature = "django-postgres", feature = "django-sqlite"))]
fn table(name: &str) -> String {
    let parts: Vec<_> = name.split('.').map(|part| format!("\"{}\"", part.replace('"', "\"\""))).collect();
    parts.join(".")
}
