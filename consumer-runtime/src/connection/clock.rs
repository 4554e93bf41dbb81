//! The time, looked at once for many things that happen at once.

use tokio::time::Instant;

/// What time it was when somebody first looked.
#[derive(Debug, Default)]
pub(super) struct Clock(Option<Instant>);

impl Clock {
    pub(super) fn now(&mut self) -> Instant {
        *self.0.get_or_insert_with(Instant::now)
    }
}
