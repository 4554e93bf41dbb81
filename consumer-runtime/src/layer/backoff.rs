//! How long to wait for a server that went away.

use std::time::Duration;

use rand::Rng;
use tokio::time::sleep;

const FIRST: Duration = Duration::from_millis(50);
const LAST: Duration = Duration::from_secs(5);

/// Each wait is up to twice as long as the one before it, of any length below that, so that many processes do not come
/// back at once.
#[derive(Debug)]
pub(super) struct Backoff(Duration);

impl Default for Backoff {
    fn default() -> Self {
        Self(FIRST)
    }
}

impl Backoff {
    pub(super) async fn wait(&mut self) {
        let some = below(self.0);
        self.0 = (self.0 * 2).min(LAST);
        sleep(some).await;
    }
}

/// Any time up to this one.
pub(super) fn below(most: Duration) -> Duration {
    rand::rng().random_range(Duration::ZERO..=most)
}
