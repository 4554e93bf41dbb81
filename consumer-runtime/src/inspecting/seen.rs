//! Who a connection is, and since when.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use axum::http::{HeaderMap, header};
use tokio::time::Instant;

/// How many characters of an origin are kept.
const MAX_ORIGIN: usize = 100;

/// What a connection remembers for an inspector.
#[derive(Debug)]
pub(crate) struct Seen {
    peer: Option<SocketAddr>,
    origin: Option<Box<str>>,
    since: Instant,
    /// When something was last read or written, in milliseconds after `since`; written by whoever does.
    last: AtomicU64,
}

impl Default for Seen {
    fn default() -> Self {
        Self { peer: None, origin: None, since: Instant::now(), last: AtomicU64::new(0) }
    }
}

impl Seen {
    pub(crate) fn new(peer: Option<SocketAddr>, headers: &HeaderMap) -> Self {
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        let origin = origin.map(|origin| origin.chars().take(MAX_ORIGIN).collect());
        Self { peer, origin, ..Self::default() }
    }

    /// A frame of data comes or goes.
    pub(crate) fn touch(&self) {
        let after = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(after, Ordering::Relaxed);
    }

    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    pub(crate) fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    pub(crate) fn since(&self) -> Instant {
        self.since
    }

    /// For how long nothing has come or gone.
    pub(crate) fn idle(&self) -> Duration {
        self.since.elapsed().saturating_sub(Duration::from_millis(self.last.load(Ordering::Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `inspector`'s documentation says.
    #[test]
    fn a_connection_pays_what_is_told() {
        assert_eq!(size_of::<Seen>(), 72);
    }
}
