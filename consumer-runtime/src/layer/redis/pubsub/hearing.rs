//! What is published, handed to this process.

use std::sync::{Arc, Weak};

use tokio::time::Instant;

use super::Shared;
use crate::{
    channels::{Absence, Local},
    layer::{LayerError, redis::listener::Hear},
    names::{ChannelName, GroupName},
};

/// Hands what a listener hears to the process, as long as there is one.
pub(super) struct Hearing(Weak<Shared>);

impl Hearing {
    pub(super) fn new(shared: &Arc<Shared>) -> Self {
        Self(Arc::downgrade(shared))
    }

    fn ends(&self) -> Option<(Arc<Shared>, Arc<Local>)> {
        let shared = self.0.upgrade()?;
        let local = shared.local.get()?.upgrade()?;
        Some((shared, local))
    }
}

impl Hear for Hearing {
    async fn hear(&self, name: &str, body: &[u8]) {
        let Some((shared, local)) = self.ends() else { return };
        let message = match shared.body.read(body) {
            Ok(addressed) => addressed.message,
            Err(error) => return local.unreadable(&error),
        };
        if let Some(group) = shared.keys.group_of(name) {
            if let Ok(group) = GroupName::new(group) {
                // Not for the members' sockets, but for the process that serves them: it must not be outrun.
                local.deliver_to_group(&group, &message).await;
            }
            return;
        }
        let Ok(channel) = ChannelName::new(name) else { return };
        if local.owns(&channel) {
            match local.deliver_to_channel(&channel, &message) {
                // Counted there: nobody else hears of it.
                Ok(()) | Err(LayerError::ChannelFull { .. }) => {}
                Err(error) => tracing::warn!(%error, "a message to one channel is dropped"),
            }
        } else {
            shared.general.put(&channel, message, &local);
        }
    }

    fn away(&self, lost_since: Instant) -> Option<Absence> {
        self.ends().map(|(_, local)| local.away("the connection to Redis is lost", lost_since))
    }

    fn restored(&self, lost_since: Instant) {
        if let Some((_, local)) = self.ends() {
            local.restored(lost_since);
        }
    }
}
