//! Telling the connections of this process that the layer was away.

use std::{
    any::TypeId,
    collections::HashMap,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio::{runtime::Handle, time::Instant};

use super::Local;
use crate::{
    channels::fanout::Prepared,
    connection::{Connection, Waiting},
    event::Event,
    layer::LayerRestored,
    message::Message,
};

/// How many connections are told before others have their turn.
const AT_ONCE: usize = 128;

/// How long it waits for a consumer that is busy: who has missed something wants to know it, however late.
const WORTH: Duration = Duration::from_secs(86_400);

impl Local {
    /// The layer's server was away since then, and is back: what was sent meanwhile may be lost, which is counted, and
    /// told to the consumers that have a handler for [`LayerRestored`].
    ///
    /// To be called when the process is a member of its groups again.
    pub fn restored(self: &Arc<Self>, lost_since: Instant) {
        self.counters.layer_outage();
        let away = lost_since.elapsed();
        tracing::warn!(?away, "the channel layer is back; what other processes have sent meanwhile may be lost");
        let restored_at = SystemTime::now();
        let event = LayerRestored { lost_since: restored_at.checked_sub(away).unwrap_or(restored_at), restored_at };
        let concerned: Vec<_> = self.connections();
        let concerned: Vec<_> =
            concerned.into_iter().filter(|connection| connection.kind().handles(LayerRestored::NAME)).collect();
        if concerned.is_empty() {
            return;
        }
        let (local, message) = (Arc::clone(self), Message::event(event));
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(async move { tell_all(&local, concerned, &message).await })),
            Err(_) => tracing::error!("a layer tells outside of a runtime that it is back; consumers are not told"),
        }
    }
}

async fn tell_all(local: &Local, connections: Vec<Arc<Connection>>, message: &Message) {
    let mut by_kind: HashMap<TypeId, Prepared> = HashMap::new();
    for some in connections.chunks(AT_ONCE) {
        for connection in some {
            let kind = connection.kind();
            let prepared = by_kind.entry(kind.id()).or_insert_with(|| kind.prepare(message, 1, local));
            // What came from the groups before must not be overtaken.
            connection.catch_up();
            let expires = Instant::now() + WORTH;
            let nudge = match prepared {
                // A consumer with a full channel has all the more reason to know.
                Prepared::Event(event) => {
                    connection.accept_notice(Waiting { event: Arc::clone(event), owed: None }, expires)
                }
                frame => frame.hand_to(connection, None, expires).1,
            };
            connection.give(nudge);
        }
        tokio::task::yield_now().await;
    }
}
