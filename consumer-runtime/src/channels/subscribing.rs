//! Becoming a member: told to be one when the layer knows of it, and not before.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{runtime::Handle, sync::OnceCell};

use super::Channels;
use crate::{
    connection::Joined,
    layer::{LayerError, LayerFuture},
    names::GroupName,
};

/// The groups that the layer is being told of. Whoever becomes a member meanwhile waits too: it would miss what is sent.
#[derive(Default)]
pub(super) struct Subscriptions(Mutex<HashMap<GroupName, Arc<OnceCell<()>>>>);

impl fmt::Debug for Subscriptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Subscriptions").field(&self.under_way().len()).finish()
    }
}

impl Subscriptions {
    fn under_way(&self) -> MutexGuard<'_, HashMap<GroupName, Arc<OnceCell<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One who waits for a subscription, until it is dropped.
struct Waiting<'a> {
    subscriptions: &'a Subscriptions,
    group: &'a GroupName,
    done: Arc<OnceCell<()>>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut under_way = self.subscriptions.under_way();
        // The map's own and this one: nobody else waits for it.
        let alone = Arc::strong_count(&self.done) <= 2;
        if (alone || self.done.initialized())
            && under_way.get(self.group).is_some_and(|done| Arc::ptr_eq(done, &self.done))
        {
            under_way.remove(self.group);
        }
    }
}

impl Channels {
    /// Makes somebody a member with `join`, and waits until the layer knows. When that fails or is given up, `leave` undoes
    /// it, unless it was a member before; it says whether it was the group's last one here.
    ///
    /// # Errors
    /// [`LayerError`] when the layer could not be told.
    pub(super) async fn subscribe(
        &self,
        group: &GroupName,
        join: impl FnOnce() -> Joined,
        leave: impl Fn() -> bool,
    ) -> Result<(), LayerError> {
        let subscriptions = &self.0.subscriptions;
        let (waiting, subscribing, joining) = {
            // Under one lock, so that nobody comes between the first member and what the others wait for.
            let mut under_way = subscriptions.under_way();
            let joined = join();
            let undo = matches!(joined, Joined::First | Joined::Another);
            let joining = Joining { channels: self, group, leave, undo };
            let (done, subscribing) = if joined == Joined::First {
                let mut subscribing = self.0.layer.subscribe(group.clone());
                if let Some(result) = subscribing.take_ready() {
                    drop(under_way);
                    return joining.done(result);
                }
                let done = Arc::<OnceCell<()>>::default();
                under_way.insert(group.clone(), Arc::clone(&done));
                (done, Some(subscribing))
            } else {
                let Some(done) = under_way.get(group) else { return joining.done(Ok(())) };
                (Arc::clone(done), None)
            };
            (Waiting { subscriptions, group, done }, subscribing, joining)
        };
        // The first who waits subscribes; when it gives up or fails, the next does.
        let subscribe = || subscribing.unwrap_or_else(|| self.0.layer.subscribe(group.clone()));
        joining.done(waiting.done.get_or_try_init(subscribe).await.copied())
    }
}

impl Channels {
    /// Takes somebody out with `leave`, and the process too when that says that it was the group's last member here; there
    /// is nothing to wait for otherwise.
    pub(super) fn unsubscribe(&self, group: &GroupName, leave: impl FnOnce() -> bool) -> Option<LayerFuture> {
        // The layer is told in the order in which members come and go.
        let _under_way = self.0.subscriptions.under_way();
        leave().then(|| self.0.layer.unsubscribe(group.clone()))
    }

    /// As [`unsubscribe`](Self::unsubscribe), for a `Drop`, which cannot wait: `leave` gives the groups whose last member is
    /// out.
    pub(super) fn unsubscribe_later(&self, leave: impl FnOnce() -> Vec<GroupName>) {
        let under_way = self.0.subscriptions.under_way();
        let unsubscribing: Vec<_> = leave().into_iter().map(|group| self.0.layer.unsubscribe(group)).collect();
        drop(under_way);
        let Ok(runtime) = Handle::try_current() else { return };
        for unsubscribing in unsubscribing {
            unsubscribing.finish_on(&runtime, "a group could not be left");
        }
    }
}

/// A new member that the layer does not know of yet.
struct Joining<'a, L: Fn() -> bool> {
    channels: &'a Channels,
    group: &'a GroupName,
    leave: L,
    undo: bool,
}

impl<L: Fn() -> bool> Joining<'_, L> {
    fn done(mut self, result: Result<(), LayerError>) -> Result<(), LayerError> {
        self.undo &= result.is_err();
        result
    }
}

impl<L: Fn() -> bool> Drop for Joining<'_, L> {
    fn drop(&mut self) {
        if self.undo {
            self.channels.unsubscribe_later(|| (self.leave)().then(|| self.group.clone()).into_iter().collect());
        }
    }
}
