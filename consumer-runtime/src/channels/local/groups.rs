//! All groups with members in this process, by name.

use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::BuildHasher,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use super::{group::Group, queue::Queue};
use crate::{
    connection::{Connection, Joined},
    names::{ChannelName, GroupName},
};

/// How many maps the names are spread over, so that joins and sends of different groups seldom meet.
const SHARDS: usize = 32;

type Map = HashMap<GroupName, Arc<Group>>;

/// Groups by name. A map's lock is held to find a group, or to add or remove one; who is in a group is the group's own.
pub(super) struct Groups {
    shards: [RwLock<Map>; SHARDS],
    hasher: RandomState,
}

impl Default for Groups {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| RwLock::default()), hasher: RandomState::new() }
    }
}

impl Groups {
    fn shard(&self, name: &GroupName) -> &RwLock<Map> {
        // The upper bits, since the maps go by the lower ones of a hash of their own.
        &self.shards[(self.hasher.hash_one(name) >> 32) as usize % SHARDS]
    }

    fn read(&self, name: &GroupName) -> RwLockReadGuard<'_, Map> {
        self.shard(name).read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, name: &GroupName) -> RwLockWriteGuard<'_, Map> {
        self.shard(name).write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn find(&self, name: &GroupName) -> Option<Arc<Group>> {
        self.read(name).get(name).cloned()
    }

    fn find_or_add(&self, name: &GroupName) -> Arc<Group> {
        if let Some(group) = self.find(name) {
            return group;
        }
        let mut map = self.write(name);
        let group = map.entry(name.clone()).or_insert_with(|| Arc::new(Group::new(name.clone())));
        Arc::clone(group)
    }

    /// What became of it: never [`Joined::Closed`].
    pub(super) fn join(&self, name: &GroupName, connection: &Arc<Connection>) -> Joined {
        loop {
            let group = self.find_or_add(name);
            match connection.join(&group) {
                joined @ (Joined::First | Joined::Another) => return joined,
                joined @ (Joined::Not | Joined::TooMany | Joined::TooFast) => {
                    // A group that was added for one who does not come.
                    self.remove_if_empty(&group);
                    return joined;
                }
                // Its last member left a moment ago; the next look finds it gone, or a new one.
                Joined::Closed => std::thread::yield_now(),
            }
        }
    }

    /// True when it was the group's last member.
    pub(super) fn leave(&self, name: &GroupName, connection: &Connection) -> bool {
        self.find(name).is_some_and(|group| connection.leave(&group) && self.remove_if_empty(&group))
    }

    /// Takes a connection out of all its groups, and gives the names of those whose last member it was.
    pub(super) fn leave_all(&self, connection: &Connection) -> Vec<GroupName> {
        let emptied = connection.leave_all().into_iter().filter(|group| self.remove_if_empty(group));
        emptied.map(|group| group.name().clone()).collect()
    }

    /// Whether it is the group's first member.
    pub(super) fn join_queue(&self, name: &GroupName, channel: &ChannelName, queue: &Arc<Queue>) -> Joined {
        loop {
            match self.find_or_add(name).add_queue(channel, queue) {
                Some(true) => return Joined::First,
                Some(false) => return Joined::Another,
                None => std::thread::yield_now(),
            }
        }
    }

    /// True when it was the group's last member.
    pub(super) fn leave_queue(&self, name: &GroupName, channel: &ChannelName) -> bool {
        self.find(name).is_some_and(|group| group.remove_queue(channel) && self.remove_if_empty(&group))
    }

    /// All that there are.
    #[cfg(any(feature = "inspector", feature = "metrics"))]
    pub(super) fn all(&self) -> Vec<Arc<Group>> {
        let shards = self.shards.iter().map(|shard| shard.read().unwrap_or_else(PoisonError::into_inner));
        shards.flat_map(|shard| shard.values().cloned().collect::<Vec<_>>()).collect()
    }

    /// Forgets a group that nobody is in; false when somebody is, or has removed it already.
    fn remove_if_empty(&self, group: &Arc<Group>) -> bool {
        let mut map = self.write(group.name());
        if !map.get(group.name()).is_some_and(|known| Arc::ptr_eq(known, group)) || !group.close_if_empty() {
            return false;
        }
        map.remove(group.name());
        if map.is_empty() {
            map.shrink_to_fit();
        }
        true
    }
}
