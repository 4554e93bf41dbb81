//! How many are in `#[connect]` at once, and the line of those who wait for it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::oneshot;

use super::Local;

/// What `max_handshakes` counts, first come, first served.
#[derive(Debug, Default)]
pub(super) struct Entrance(Mutex<Door>);

#[derive(Debug, Default)]
struct Door {
    inside: usize,
    /// Who waits, and how many may be inside for them to come in: routes may have limits of their own.
    line: VecDeque<(usize, oneshot::Sender<Place>)>,
}

/// A place in `#[connect]`; dropping it lets the next one in.
#[derive(Debug)]
pub(crate) struct Place {
    /// `None` once it was passed on.
    local: Option<Arc<Local>>,
}

impl Entrance {
    fn door(&self) -> MutexGuard<'_, Door> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many are inside, and how many wait.
    #[cfg(test)]
    fn count(&self) -> (usize, usize) {
        let door = self.door();
        (door.inside, door.line.len())
    }
}

impl Local {
    /// A place as soon as fewer than `most` are inside; `None` when there is none within `wait`.
    pub(crate) async fn enter(self: &Arc<Self>, most: usize, wait: Duration) -> Option<Place> {
        let waiting = {
            let mut door = self.entrance.door();
            if door.inside < most && door.line.is_empty() {
                door.inside += 1;
                return Some(Place { local: Some(Arc::clone(self)) });
            }
            if wait.is_zero() {
                return None;
            }
            let (place, waiting) = oneshot::channel();
            door.line.push_back((most, place));
            waiting
        };
        // Who gives up, or is gone, is passed over when its turn comes; a place that reaches it too late is dropped here.
        tokio::time::timeout(wait, waiting).await.ok()?.ok()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(local) = self.local.take() else { return };
        local.entrance.door().inside -= 1;
        loop {
            let mut door = local.entrance.door();
            let next = match door.line.front() {
                // Who has given up takes no place.
                Some((most, place)) if door.inside < *most || place.is_closed() => door.line.pop_front(),
                _ => None,
            };
            let Some((_, next)) = next else { return };
            door.inside += 1;
            drop(door);
            if let Err(mut back) = next.send(Self { local: Some(Arc::clone(&local)) }) {
                // Given back by hand: dropping it would look for the next one from within this look.
                back.local = None;
                local.entrance.door().inside -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT: Duration = Duration::from_secs(5);

    fn local() -> Arc<Local> {
        Local::new(Local::random_prefix(), 1, Duration::ZERO)
    }

    #[tokio::test(start_paused = true)]
    async fn first_come_first_served_and_nobody_waits_for_ever() {
        let local = local();
        let first = local.enter(1, WAIT).await.unwrap();
        let [second, third] = [(); 2].map(|()| {
            let local = Arc::clone(&local);
            tokio::spawn(async move { local.enter(1, WAIT).await })
        });
        tokio::task::yield_now().await;
        assert_eq!(local.entrance.count(), (1, 2));
        assert!(local.enter(1, Duration::ZERO).await.is_none(), "who does not wait is not let in before the others");
        drop(first);
        let place = second.await.unwrap().expect("the first in line");
        assert!(third.await.unwrap().is_none(), "after five seconds");
        drop(place);
        assert_eq!(local.entrance.count(), (0, 0), "who gave up is forgotten");
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_for_many_who_have_gone_is_not_lost() {
        let local = local();
        let first = local.enter(1, WAIT).await.unwrap();
        for _ in 0..10_000 {
            let waiting = local.enter(1, WAIT);
            assert!(tokio::time::timeout(Duration::ZERO, waiting).await.is_err());
        }
        let last = {
            let local = Arc::clone(&local);
            tokio::spawn(async move { local.enter(1, WAIT).await })
        };
        tokio::task::yield_now().await;
        drop(first);
        assert!(last.await.unwrap().is_some());
        assert_eq!(local.entrance.count(), (0, 0));
    }
}
