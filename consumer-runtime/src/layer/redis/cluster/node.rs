//! One node of a cluster, and what it is to be subscribed to.

use std::{
    collections::HashSet,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use redis::Client;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::layer::redis::{place::Reached, server::Server};

/// Where a node is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::layer::redis) struct Address {
    pub(in crate::layer::redis) host: String,
    pub(in crate::layer::redis) port: u16,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl Address {
    /// Where this node says that something has moved to, `host:port`, where the host may be left out.
    pub(super) fn moved_to(&self, text: &str) -> Self {
        let (host, port) = text.rsplit_once(':').unwrap_or((text, ""));
        let host = if host.is_empty() { &self.host } else { host };
        Self { host: host.to_owned(), port: port.parse().unwrap_or(self.port) }
    }
}

/// A master, as the layer and its listener share it.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) address: Address,
    pub(super) server: Server,
    work: Mutex<Work>,
    /// Told when there is something to subscribe to, or not any more.
    pub(super) changed: Notify,
    /// Ends its listener.
    pub(super) over: CancellationToken,
}

#[derive(Debug, Default)]
struct Work {
    /// What it is to be subscribed to, also while it is away.
    names: HashSet<String>,
    /// Those names that were added or removed and not looked at since.
    changed: Vec<String>,
    listening: bool,
}

impl Node {
    pub(super) fn new(address: Address, client: Client, patience: Duration, over: CancellationToken) -> Self {
        let server = Server::new(Reached::Server(client), patience);
        Self { address, server, work: Mutex::default(), changed: Notify::new(), over }
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a name, and says whether somebody listens already.
    pub(super) fn add(&self, name: &str) -> bool {
        let mut work = self.work();
        work.names.insert(name.to_owned());
        work.changed.push(name.to_owned());
        let listens = std::mem::replace(&mut work.listening, true);
        drop(work);
        self.changed.notify_one();
        listens
    }

    pub(super) fn remove(&self, name: &str) {
        let mut work = self.work();
        work.names.remove(name);
        work.changed.push(name.to_owned());
        drop(work);
        self.changed.notify_one();
    }

    /// Looks at names again.
    pub(super) fn again(&self, names: impl IntoIterator<Item = String>) {
        self.work().changed.extend(names);
        self.changed.notify_one();
    }

    /// Looks at all names again, since a connection begins with nothing.
    pub(super) fn anew(&self) {
        let mut work = self.work();
        work.changed = work.names.iter().cloned().collect();
        drop(work);
        self.changed.notify_one();
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.work().names.contains(name)
    }

    /// Up to so many names that have changed, and whether each is one that it should be subscribed to.
    pub(super) fn changes(&self, most: usize) -> Vec<(String, bool)> {
        let mut work = self.work();
        let from = work.changed.len().saturating_sub(most);
        let mut changed = work.changed.split_off(from);
        changed.sort_unstable();
        changed.dedup();
        changed
            .into_iter()
            .map(|name| (work.names.contains(&name), name))
            .map(|(wanted, name)| (name, wanted))
            .collect()
    }
}
