//! A token bucket: how many frames a client may still send.

use tokio::time::Instant;

use crate::settings::Rate;

/// Tokens, refilled by the time that has passed.
#[derive(Debug)]
pub(super) struct Bucket {
    tokens: f64,
    since: Instant,
}

impl Bucket {
    /// A full bucket; the rate is that of the connection's settings.
    pub(super) fn new(rate: Rate) -> Self {
        Self { tokens: f64::from(rate.burst), since: Instant::now() }
    }

    /// Takes a token; false when there is none.
    pub(super) fn take(&mut self, rate: Rate) -> bool {
        if self.tokens < 1.0 {
            let now = Instant::now();
            let refill = now.duration_since(self.since).as_secs_f64() * f64::from(rate.per_second);
            self.tokens = (self.tokens + refill).min(f64::from(rate.burst));
            self.since = now;
        }
        let granted = self.tokens >= 1.0;
        if granted {
            self.tokens -= 1.0;
        }
        granted
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_and_then_the_rate() {
        let rate = Rate { per_second: 10, burst: 3 };
        let mut bucket = Bucket::new(rate);
        assert_eq!((0..5).filter(|_| bucket.take(rate)).count(), 3);
        tokio::time::advance(Duration::from_millis(200)).await;
        assert_eq!((0..5).filter(|_| bucket.take(rate)).count(), 2);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!((0..5).filter(|_| bucket.take(rate)).count(), 3, "never more than the burst");
    }
}
