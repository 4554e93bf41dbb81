//! The connections that clients reach by requests of their own, by the token that they were told.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use tokio::sync::{Mutex as Turn, MutexGuard as HasTurn};
use uuid::Uuid;

use super::line::Line;

/// How many requests of one session wait for their turn.
const WAITING: usize = 16;

/// The open connections of one route; a session of another one is not known.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Arc<Session>>>);

/// One of them.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) line: Arc<Line>,
    /// Had by the request that sends, so that frames keep their order.
    turn: Turn<()>,
    /// How many requests have it or wait for it.
    waiting: AtomicUsize,
}

/// More requests wait than may.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crowded;

/// A place among those that wait for their turn.
#[derive(Debug)]
pub(super) struct Place<'a>(&'a Session);

/// Takes a session off the list when it is dropped, and hangs up: it has nobody any more who hears.
pub(super) struct Listed {
    sessions: Arc<Sessions>,
    token: String,
    line: Arc<Line>,
}

// By hand: who knows a token may speak for the client.
impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("open", &self.all().len()).finish()
    }
}

impl fmt::Debug for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listed").field("line", &self.line).finish_non_exhaustive()
    }
}

impl Sessions {
    /// Lists a line under a new token, of 244 random bits.
    pub(super) fn list(self: &Arc<Self>, line: &Arc<Line>) -> Listed {
        let bytes = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
        let token = URL_SAFE_NO_PAD.encode(bytes);
        let session = Session { line: Arc::clone(line), turn: Turn::default(), waiting: AtomicUsize::new(0) };
        self.all().insert(token.clone(), Arc::new(session));
        Listed { sessions: Arc::clone(self), token, line: Arc::clone(line) }
    }

    pub(super) fn find(&self, token: &str) -> Option<Arc<Session>> {
        self.all().get(token).cloned()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Arc<Session>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    /// A place among those that wait, if there is one.
    pub(super) fn queue(&self) -> Result<Place<'_>, Crowded> {
        let place = Place(self);
        // Two at once may both be one too many.
        if self.waiting.fetch_add(1, Ordering::Relaxed) > WAITING { Err(Crowded) } else { Ok(place) }
    }
}

impl Place<'_> {
    /// Waits for its turn: first come, first served.
    pub(super) async fn turn(&self) -> HasTurn<'_, ()> {
        self.0.turn.lock().await
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Listed {
    pub(super) fn token(&self) -> &str {
        &self.token
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.sessions.all().remove(&self.token);
        self.line.hang_up();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_and_is_known_until_nobody_hears() {
        let sessions = Arc::<Sessions>::default();
        let (line, _near) = Line::new();
        let (one, other) = (sessions.list(&line), sessions.list(&line));
        assert_eq!(one.token().len(), 43);
        assert_ne!(one.token(), other.token());
        assert!(sessions.find(one.token()).is_some());
        assert!(!format!("{sessions:?}{one:?}").contains(one.token()));
        let token = one.token().to_owned();
        drop(one);
        assert!(sessions.find(&token).is_none() && sessions.find(other.token()).is_some());
    }

    #[test]
    fn so_many_wait_and_no_more() {
        let (line, _near) = Line::new();
        let session = Session { line, turn: Turn::default(), waiting: AtomicUsize::new(0) };
        let mut places: Vec<_> = (0..=WAITING).map(|_| session.queue().unwrap()).collect();
        assert!(session.queue().is_err() && session.queue().is_err());
        places.pop();
        assert!(session.queue().is_ok());
    }
}
