//! How long to wait for a server that went away.

use std::time::Duration;

use rand::Rng;
use tokio::time::sleep;

const FIRST: Duration = Duration::from_millis(50);
const LAST: Duration = Duration::from_secs(5);

/// Each wait is up to twice as long as the one before it, of any length below that, so that many processes do not come
/// back at once.
#[derive(Debug)]
pub(super) struct Backoff {
    /// What the next wait is below.
    bound: Duration,
    /// What no wait is above.
    last: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::up_to(LAST)
    }
}

impl Backoff {
    pub(super) fn up_to(last: Duration) -> Self {
        Self { bound: FIRST.min(last), last }
    }

    /// How long to wait now.
    pub(super) fn pause(&mut self) -> Duration {
        let some = below(self.bound);
        self.bound = (self.bound * 2).min(self.last);
        some
    }

    pub(super) async fn wait(&mut self) {
        sleep(self.pause()).await;
    }

    /// Begins anew after a connection that has lasted; one that is cut again and again is opened ever less often.
    pub(super) fn lasted(&mut self, lifetime: Duration) {
        if lifetime >= self.last {
            self.bound = FIRST.min(self.last);
        }
    }
}

/// Any time up to this one.
pub(super) fn below(most: Duration) -> Duration {
    rand::rng().random_range(Duration::ZERO..=most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_below_bounds_that_double_up_to_the_last() {
        for _ in 0..1_000 {
            let mut backoff = Backoff::default();
            for bound in [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000] {
                assert!(backoff.pause() <= Duration::from_millis(bound), "{bound}");
            }
        }
        let mut short = Backoff::up_to(Duration::from_millis(20));
        assert!((0..1_000).all(|_| short.pause() <= Duration::from_millis(20)));
    }

    #[test]
    fn no_two_processes_agree_and_all_of_the_time_is_used() {
        let tenth = || {
            let mut backoff = Backoff::default();
            (0..10).map(|_| backoff.pause()).last().unwrap_or_default()
        };
        let mut pauses: Vec<_> = (0..10_000).map(|_| tenth()).collect();
        pauses.sort_unstable();
        // Each quarter of the processes comes back in about a quarter of the 5 s.
        let quarters = [0, 2_500, 5_000, 7_500, 9_999].map(|at| pauses[at].as_millis());
        assert!(quarters.windows(2).all(|two| (1_000..1_500).contains(&(two[1] - two[0]))), "{quarters:?}");
        pauses.dedup();
        assert!(pauses.len() > 9_900, "{}", pauses.len());
    }

    #[test]
    fn a_connection_that_was_cut_at_once_does_not_begin_anew() {
        let mut backoff = Backoff::default();
        backoff.pause();
        backoff.pause();
        backoff.lasted(Duration::from_millis(4_999));
        assert_eq!(backoff.bound, Duration::from_millis(200));
        backoff.lasted(Duration::from_secs(5));
        assert_eq!(backoff.bound, FIRST);
    }
}
