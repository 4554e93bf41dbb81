//! What is borrowed for one message and serves any connection.

use std::sync::{Mutex, PoisonError};

/// How many idle things are kept: more than threads are at work at once on most machines.
const IDLE: usize = 16;

/// Idle things that whoever is at work takes and gives back.
///
/// A connection that is silent holds none of them, and a process at rest no more than [`IDLE`] of a kind.
pub(super) struct Pool<T>(Mutex<Vec<T>>);

impl<T> Pool<T> {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// The idle one that was given back last of those that fit.
    pub(super) fn take(&self, fits: impl Fn(&T) -> bool) -> Option<T> {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = idle.iter().rposition(fits)?;
        Some(idle.remove(found))
    }

    /// Gives one back; one that was idle for longest has to go for it.
    pub(super) fn put(&self, thing: T) {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = (idle.len() >= IDLE).then(|| idle.remove(0));
        idle.push(thing);
        drop(idle);
        drop(oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_was_used_last() {
        let pool = Pool::new();
        assert_eq!(pool.take(|_: &usize| true), None);
        for thing in 0..20 {
            pool.put(thing);
        }
        assert_eq!(pool.take(|_| true), Some(19));
        assert_eq!(pool.take(|thing| *thing < 10), Some(9));
        assert_eq!(pool.take(|thing| *thing == 3), None, "made room for another");
        assert_eq!(pool.take(|thing| *thing == 4), Some(4));
    }
}
