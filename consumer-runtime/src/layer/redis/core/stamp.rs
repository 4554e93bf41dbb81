//! When messages were sent, which is also their order.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

/// Times of one process, each later than the one before it: messages of one time would be fetched in the order of their
/// random bytes.
#[derive(Debug, Default)]
pub(super) struct Stamps(AtomicU64);

/// A time in microseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp(u64);

impl Stamps {
    pub(super) fn next(&self) -> Stamp {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_micros() as u64;
        let last = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(now.max(last + 1)));
        Stamp(now.max(last.unwrap_or_default() + 1))
    }
}

impl Stamp {
    /// As a score, in seconds.
    pub(super) fn score(self) -> String {
        format!("{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }

    /// The whole second before which things are older than `age`.
    pub(super) fn cutoff(self, age: Duration) -> u64 {
        (self.0 / 1_000_000).saturating_sub(age.as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_later_than_the_one_before() {
        let stamps = Stamps::default();
        let all: Vec<_> = (0..10_000).map(|_| stamps.next()).collect();
        assert!(all.is_sorted_by(|a, b| a < b));
        let scores: Vec<f64> = all.iter().map(|stamp| stamp.score().parse().unwrap()).collect();
        assert!(scores.is_sorted_by(|a, b| a < b), "as the floats that Redis makes of them, too");
    }

    #[test]
    fn as_python_writes_them() {
        let stamp = Stamp(1_795_437_185_094_533);
        assert_eq!(
            (stamp.score().as_str(), stamp.cutoff(Duration::from_secs(60))),
            ("1795437185.094533", 1_795_437_125)
        );
    }
}
