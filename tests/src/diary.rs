//! What handlers did, in order, and a way to hold them up.

use std::{convert::Infallible, fmt::Display, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};
use tokio::sync::{Semaphore, watch};

use crate::soon;

/// What handlers write and a test reads; handlers get it from the request's extensions.
#[derive(Clone, Debug)]
pub struct Diary(Arc<watch::Sender<Vec<String>>>);

impl Default for Diary {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Vec::new())))
    }
}

impl Diary {
    /// Writes an entry.
    pub fn note(&self, entry: impl Display) {
        self.0.send_modify(|entries| entries.push(entry.to_string()));
    }

    /// Everything so far.
    #[must_use]
    pub fn entries(&self) -> Vec<String> {
        self.0.borrow().clone()
    }

    /// How often an entry was written.
    #[must_use]
    pub fn count(&self, entry: &str) -> usize {
        self.0.borrow().iter().filter(|known| *known == entry).count()
    }

    /// Waits for an entry.
    pub async fn says(&self, entry: &str) {
        self.until(&format!("the diary says {entry:?}"), |entries| entries.iter().any(|known| known == entry)).await;
    }

    /// Waits for the `n`th entry, and gives all of them.
    pub async fn has(&self, n: usize) -> Vec<String> {
        self.until(&format!("the diary has {n} entries"), |entries| entries.len() >= n).await
    }

    /// Waits until `condition` holds, and gives all entries then.
    ///
    /// # Panics
    /// When it does not hold within [`PATIENCE`](crate::PATIENCE).
    pub async fn until(&self, what: &str, condition: impl Fn(&[String]) -> bool) -> Vec<String> {
        let mut entries = self.0.subscribe();
        let waiting = entries.wait_for(|entries| condition(entries));
        match tokio::time::timeout(crate::PATIENCE, waiting).await {
            Ok(entries) => entries.expect("the diary is its own sender").clone(),
            Err(_) => panic!("not in time: {what}; it says {:#?}", self.entries()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Diary {
    type Rejection = Infallible;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(request.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// Holds handlers up until the test lets them pass; handlers get it from the request's extensions.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Semaphore>);

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }
}

impl Gate {
    /// Waits until the test opens it.
    ///
    /// # Panics
    /// When it never does.
    pub async fn pass(&self) {
        soon("the gate opens", self.0.acquire()).await.expect("never closed").forget();
    }

    /// Lets one more handler pass.
    pub fn let_one_pass(&self) {
        self.0.add_permits(1);
    }

    /// Lets every handler pass from now on.
    pub fn open(&self) {
        self.0.add_permits(Semaphore::MAX_PERMITS / 2);
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Gate {
    type Rejection = Infallible;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(request.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
