//! How many groups a connection may still join.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use crate::settings::Rate;

/// Until when the joins so far are paid for at the rate, in microseconds of this process: one number holds what a bucket
/// of tokens holds, since every connection has it.
///
/// Written and read under the lock of the connection's groups, so the order of memory is that lock's.
#[derive(Debug, Default)]
pub(super) struct Joins(AtomicU64);

/// The microseconds that this process has counted; never 0.
fn now() -> u64 {
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    let now = Instant::now();
    let age = now.saturating_duration_since(*BEGIN.get_or_init(|| now));
    u64::try_from(age.as_micros()).unwrap_or(u64::MAX / 2) + 1
}

impl Joins {
    /// Takes what one join costs; false when there is not enough.
    pub(super) fn take(&self, rate: Option<Rate>) -> bool {
        self.take_at(rate, now)
    }

    fn take_at(&self, rate: Option<Rate>, now: impl FnOnce() -> u64) -> bool {
        let Some(rate) = rate else { return true };
        if rate.burst == 0 {
            return false;
        }
        let now = now();
        // A rate of 0 never gives anything back: a join is paid for after a thousand years.
        let cost = match rate.per_second {
            0 => Duration::from_secs(1000 * 365 * 24 * 3600).as_micros() as u64 / u64::from(rate.burst),
            per_second => 1_000_000 / u64::from(per_second),
        };
        let paid = self.0.load(Ordering::Relaxed).max(now) + cost;
        if paid - now > cost * u64::from(rate.burst) {
            return false;
        }
        self.0.store(paid, Ordering::Relaxed);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(joins: &Joins, rate: Rate, at: u64) -> usize {
        (0..100).take_while(|_| joins.take_at(Some(rate), || at)).count()
    }

    #[test]
    fn a_burst_and_then_the_rate() {
        let (joins, rate) = (Joins::default(), Rate { per_second: 10, burst: 3 });
        assert_eq!(taken(&joins, rate, 1), 3);
        assert_eq!(taken(&joins, rate, 200_001), 2);
        assert_eq!(taken(&joins, rate, 60_000_001), 3, "never more than the burst");
    }

    #[test]
    fn nothing_is_given_back_at_a_rate_of_nothing() {
        let (joins, rate) = (Joins::default(), Rate { per_second: 0, burst: 2 });
        assert_eq!((taken(&joins, rate, 1), taken(&joins, rate, 1 << 40)), (2, 0));
        assert_eq!(taken(&Joins::default(), Rate { per_second: 5, burst: 0 }, 1), 0);
        assert!((0..1000).all(|_| joins.take(None)));
    }
}
