//! A layer whose server is not always there.

use std::sync::{Arc, Mutex, PoisonError};

use consumer_runtime::{
    ChannelLayer, ChannelName, GroupName, LayerError, LayerFuture, Local, MemoryLayer, Message, Reach,
};
use tokio::{sync::watch, time::Instant};

/// A memory layer as somebody else may have written one, without acknowledged channels: it can be said to have been away, does
/// with joins what it is told, and may not know who listens.
#[derive(Clone, Debug)]
pub struct FlakyLayer {
    layer: MemoryLayer,
    local: Arc<Mutex<Option<Arc<Local>>>>,
    joins: watch::Sender<Joins>,
    blind: bool,
    /// What became known to it, in order.
    told: Arc<Mutex<Vec<String>>>,
}

/// What becomes of joins, also of those under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joins {
    /// They succeed.
    Succeed,
    /// They wait.
    Wait,
    /// They fail.
    Fail,
}

impl Default for FlakyLayer {
    fn default() -> Self {
        Self {
            layer: MemoryLayer::new(),
            local: Arc::default(),
            joins: watch::channel(Joins::Succeed).0,
            blind: false,
            told: Arc::default(),
        }
    }
}

impl FlakyLayer {
    /// One on such a layer that does not know who listens, as with publish and subscribe.
    #[must_use]
    pub fn blind(layer: MemoryLayer) -> Self {
        Self { layer, blind: true, ..Self::default() }
    }

    /// It was away since then.
    ///
    /// # Panics
    /// When no channels were built on it.
    pub fn was_away(&self, since: Instant) {
        let local = self.local.lock().unwrap_or_else(PoisonError::into_inner).clone();
        local.expect("channels are built on it").restored(since);
    }

    /// What becomes of joins from now on.
    pub fn joins(&self, joins: Joins) {
        self.joins.send_replace(joins);
    }

    /// `+group` for each subscription, `-group` for each end of one, since it was last asked.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, sign: char, group: &GroupName) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{sign}{group}"));
    }
}

impl ChannelLayer for FlakyLayer {
    fn attach(&self, local: Arc<Local>) {
        *self.local.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&local));
        self.layer.attach(local);
    }

    fn subscribe(&self, group: GroupName) -> LayerFuture {
        self.note('+', &group);
        let mut joins = self.joins.subscribe();
        LayerFuture::boxed(async move {
            match joins.wait_for(|joins| *joins != Joins::Wait).await.map(|joins| *joins) {
                Ok(Joins::Succeed) => Ok(()),
                _ => Err(LayerError::Away { reason: "it is told to be".into() }),
            }
        })
    }

    fn unsubscribe(&self, group: GroupName) -> LayerFuture {
        self.note('-', &group);
        self.layer.unsubscribe(group)
    }

    fn group_send(&self, group: GroupName, message: Message) -> LayerFuture<Reach> {
        let sending = self.layer.group_send(group, message);
        if !self.blind {
            return sending;
        }
        LayerFuture::boxed(async { sending.await.map(|_| Reach::Unknown) })
    }

    fn send(&self, channel: ChannelName, message: Message) -> LayerFuture {
        self.layer.send(channel, message)
    }

    fn receive(&self, channel: ChannelName) -> LayerFuture<Message> {
        self.layer.receive(channel)
    }

    fn flush(&self) -> LayerFuture {
        self.layer.flush()
    }
}
