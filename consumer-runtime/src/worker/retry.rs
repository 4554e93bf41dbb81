//! How often, and after how long, a message is tried again.

use std::time::Duration;

use uuid::Uuid;

/// How often a message is tried, and how long it waits between two attempts.
///
/// The delay doubles with each attempt up to the longest, and of each a random half is left out, so that what failed
/// together does not come back together.
///
/// ```
/// use std::time::Duration;
/// use consumer_runtime::Retry;
///
/// let retry = Retry::attempts(5).delays(Duration::from_secs(1), Duration::from_secs(60));
/// assert_ne!(retry, Retry::never());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a policy does nothing before a worker is given it"]
pub struct Retry {
    attempts: u32,
    first: Duration,
    longest: Duration,
}

impl Retry {
    /// One attempt.
    pub const fn never() -> Self {
        Self::attempts(1)
    }

    /// So many attempts in all, one at least, with delays from 1 s to 60 s.
    pub const fn attempts(attempts: u32) -> Self {
        let attempts = if attempts == 0 { 1 } else { attempts };
        Self { attempts, first: Duration::from_secs(1), longest: Duration::from_secs(60) }
    }

    /// How long it is to the second attempt, and how long it ever is, at most; half of that at least.
    pub const fn delays(mut self, first: Duration, longest: Duration) -> Self {
        (self.first, self.longest) = (first, longest);
        self
    }

    pub(super) fn most(&self) -> u32 {
        self.attempts
    }

    /// How long to wait after this attempt; nothing when it was the last.
    pub(super) fn after(&self, attempt: u32) -> Option<Duration> {
        (attempt < self.attempts).then(|| {
            let factor = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
            let whole = self.first.saturating_mul(factor).min(self.longest);
            let random = f64::from(Uuid::new_v4().as_fields().0) / f64::from(u32::MAX);
            whole.mul_f64(0.5 + random / 2.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_longest_and_differ() {
        let retry = Retry::attempts(50).delays(Duration::from_secs(1), Duration::from_secs(60));
        for (attempt, most) in [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (40, 60)] {
            let delay = retry.after(attempt).unwrap();
            assert!(
                delay >= Duration::from_secs(most) / 2 && delay <= Duration::from_secs(most),
                "{attempt}: {delay:?}"
            );
        }
        assert_ne!(retry.after(1), retry.after(1));
        assert_eq!((retry.after(50), Retry::never().after(1), Retry::attempts(0).most()), (None, None, 1));
    }
}
