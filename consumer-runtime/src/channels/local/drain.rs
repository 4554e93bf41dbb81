//! The end of a process without tears: no new connections, a close frame for each, and time to say goodbye.

use std::time::Duration;

use super::Local;
use crate::close::{Cause, Disconnect};

/// Connections that are closed at once; more are spread over the window in as many steps.
const STEPS: usize = 50;

impl Local {
    /// Refuses new connections from now on, closes the others spread over `window`, and waits until each has run its
    /// `disconnect`; false when that took longer than `patience`.
    ///
    /// May be called twice; the second call waits for the same end.
    pub(crate) async fn drain(&self, window: Duration, patience: Duration) -> bool {
        self.draining.cancel();
        self.tasks.close();
        let drained = async {
            let connections = self.connections();
            let step = connections.len().div_ceil(STEPS).max(1);
            let pause = if connections.len() > STEPS { window / STEPS as u32 } else { Duration::ZERO };
            for chunk in connections.chunks(step) {
                for connection in chunk {
                    connection.end(Disconnect::new(1012, "the server restarts", Cause::Shutdown));
                }
                if !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
            }
            // Whoever was in the middle of connecting is told as soon as it is there, by its own task.
            self.tasks.wait().await;
        };
        tokio::time::timeout(patience, drained).await.is_ok()
    }
}
