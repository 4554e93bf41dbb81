//! Whoever a channel name of this process belongs to.

use std::{
    borrow::Borrow,
    hash::{Hash, Hasher},
    sync::Arc,
};

use super::Queue;
use crate::{connection::Connection, names::ChannelName};

/// Whoever a channel name of this process belongs to.
#[derive(Clone)]
pub(super) enum Channel {
    Connection(Arc<Connection>),
    Queue(Arc<Queue>),
}

impl Borrow<ChannelName> for Channel {
    fn borrow(&self) -> &ChannelName {
        match self {
            Self::Connection(connection) => connection.name(),
            Self::Queue(queue) => queue.name(),
        }
    }
}

/// As its name, so that a set of channels needs no second copy of it.
impl Hash for Channel {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Borrow::<ChannelName>::borrow(self).hash(state);
    }
}

impl PartialEq for Channel {
    fn eq(&self, other: &Self) -> bool {
        Borrow::<ChannelName>::borrow(self) == Borrow::<ChannelName>::borrow(other)
    }
}

impl Eq for Channel {}
