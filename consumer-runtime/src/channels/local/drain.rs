//! The end of a process without tears: no new connections, a close frame for each, and time to say goodbye.

use std::{sync::Arc, time::Duration};

use super::Local;
use crate::again;

/// Connections that are closed at once; more are spread over the window in as many steps.
const STEPS: usize = 50;

impl Local {
    /// Refuses new connections from now on, and closes the others spread over `window`.
    ///
    /// May be called twice; whichever call comes to a connection first closes it.
    pub(crate) fn begin_drain(self: &Arc<Self>, window: Duration) {
        self.draining.cancel();
        self.tasks.close();
        let local = Arc::clone(self);
        tokio::spawn(async move {
            let connections = local.connections();
            let step = connections.len().div_ceil(STEPS).max(1);
            let pause = if connections.len() > STEPS { window / STEPS as u32 } else { Duration::ZERO };
            for chunk in connections.chunks(step) {
                for connection in chunk {
                    connection.end(again::restarting(connections.len()));
                }
                if !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
            }
        });
    }

    /// Waits until each connection has run its `disconnect`.
    ///
    /// Whoever was in the middle of connecting is told as soon as it is there, by its own task.
    pub(crate) async fn drained(&self) {
        self.tasks.wait().await;
    }
}
