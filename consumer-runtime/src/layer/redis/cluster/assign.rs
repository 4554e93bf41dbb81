//! Which node each subscription is left to, and whether it is there.

use std::sync::Arc;

use tokio::time::{Instant, timeout};

use super::{Shared, State, ears, node::Node, slots::slot};
use crate::layer::{LayerError, redis::failure::Failure};

impl Shared {
    /// Subscribes, and waits until it is done.
    pub(super) async fn subscribe(self: &Arc<Self>, name: String) -> Result<(), LayerError> {
        self.want(name.clone());
        self.confirmed(&name).await
    }

    /// Waits until what is wanted is subscribed to.
    pub(super) async fn confirmed(&self, name: &str) -> Result<(), LayerError> {
        self.until(|state| state.confirmed.contains(name)).await
    }

    /// Waits until nothing more comes of what is wanted no more: whoever wants it again then gets only what is sent from then
    /// on.
    pub(super) async fn ended(&self, name: &str) -> Result<(), LayerError> {
        self.until(|state| !state.ending.contains_key(name)).await
    }

    async fn until(&self, condition: impl Fn(&State) -> bool) -> Result<(), LayerError> {
        let fulfilled = async {
            loop {
                let told = self.has_changed.notified();
                if condition(&self.state()) {
                    return;
                }
                told.await;
            }
        };
        let patience = self.patience;
        timeout(patience, fulfilled).await.map_err(|_| Failure::Late(patience).into())
    }

    /// Subscribes as soon as it can be done; it is wanted from now on.
    pub(super) fn want(self: &Arc<Self>, name: String) {
        let mut state = self.state();
        state.ending.remove(&name);
        state.wanted.entry(name.clone()).or_default();
        drop(state);
        self.has_changed.notify_waiters();
        self.place(&name);
    }

    pub(super) fn unwant(&self, name: &str) {
        let mut state = self.state();
        let left_to = state.wanted.remove(name).flatten();
        let was_confirmed = state.confirmed.remove(name);
        if let Some(node) = left_to.and_then(|address| state.nodes.get(&address)).cloned() {
            if was_confirmed {
                state.ending.insert(name.to_owned(), node.address.clone());
            }
            node.remove(name);
        }
        drop(state);
        self.settle();
    }

    /// A node says that it is not subscribed to something any more.
    pub(super) fn end(&self, node: &Node, name: &str) {
        let mut state = self.state();
        if state.ending.get(name) == Some(&node.address) {
            state.ending.remove(name);
        }
        drop(state);
        self.has_changed.notify_waiters();
    }

    /// Leaves a subscription to the node that has its slot by now.
    pub(super) fn place(self: &Arc<Self>, name: &str) {
        let mut state = self.state();
        let target = state.slots.of(slot(name)).cloned();
        let Some(left_to) = state.wanted.get_mut(name) else { return };
        if target.is_none() {
            self.stirred.notify_one();
        }
        if *left_to == target {
            return;
        }
        let before = std::mem::replace(left_to, target.clone());
        if state.confirmed.remove(name) {
            state.gap.get_or_insert_with(Instant::now);
        }
        // All of it under one lock, so that a name is left to one node whoever comes in between.
        if let Some(before) = before.and_then(|address| state.nodes.get(&address)) {
            before.remove(name);
        }
        let Some(target) = target else { return };
        match self.node_in(&mut state, &target) {
            Ok(node) if node.add(name) => {}
            Ok(node) => {
                let shared = Arc::downgrade(self);
                tokio::spawn(async move { node.over.clone().run_until_cancelled(ears::listen(shared, node)).await });
            }
            Err(error) => tracing::warn!(%error, %target, "a node of the cluster cannot be listened to"),
        }
    }

    /// A node says that it is subscribed to something.
    pub(super) fn confirm(&self, node: &Node, name: &str) {
        let mut state = self.state();
        if state.wanted.get(name).is_none_or(|left_to| left_to.as_ref() != Some(&node.address)) {
            return;
        }
        state.confirmed.insert(name.to_owned());
        drop(state);
        self.has_changed.notify_waiters();
        self.settle();
    }

    /// A node is subscribed to nothing any more; what came since then is missed.
    pub(super) fn lost_all(&self, node: &Node, names: impl IntoIterator<Item = String>, since: Instant) {
        self.state().ending.retain(|_, address| *address != node.address);
        self.has_changed.notify_waiters();
        self.lost(node, names, since);
    }

    /// What a node was subscribed to, and is no more; what came since then is missed.
    pub(super) fn lost(&self, node: &Node, names: impl IntoIterator<Item = String>, since: Instant) {
        let mut state = self.state();
        for name in names {
            let is_its = state.wanted.get(&name).is_some_and(|left_to| left_to.as_ref() == Some(&node.address));
            if is_its && state.confirmed.remove(&name) {
                state.gap = Some(state.gap.map_or(since, |gap| gap.min(since)));
            }
        }
        if state.gap.is_some() && state.absence.is_none() {
            let reason = || format!("the connection to {} of the cluster is lost", node.address);
            state.absence = self.local().map(|local| local.away(reason(), since));
        }
        drop(state);
        self.stirred.notify_one();
    }

    /// Tells that something was missed, when it is missed no more.
    fn settle(&self) {
        let mut state = self.state();
        if state.wanted.len() > state.confirmed.len() {
            return;
        }
        state.absence = None;
        let gap = state.gap.take();
        drop(state);
        if let Some((since, local)) = gap.zip(self.local()) {
            local.restored(since);
        }
    }
}
