//! The groups that a connection is in.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering};

use smallvec::SmallVec;

use super::{Connection, joins::Joins};
use crate::channels::Group;
#[cfg(feature = "inspector")]
use crate::names::GroupName;

/// Groups and the seats there, sorted by the groups' addresses.
#[derive(Debug, Default)]
pub(super) struct Groups {
    list: Mutex<SmallVec<[Seated; 1]>>,
    /// What the joins so far have used up of `join_rate`; written under the list's lock.
    joins: Joins,
}

#[derive(Debug)]
struct Seated {
    group: Arc<Group>,
    seat: u32,
}

impl Groups {
    fn list(&self) -> MutexGuard<'_, SmallVec<[Seated; 1]>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find(list: &[Seated], group: &Arc<Group>) -> Result<usize, usize> {
    list.binary_search_by_key(&Arc::as_ptr(group), |seated| Arc::as_ptr(&seated.group))
}

/// What became of a join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joined {
    /// It is the group's first member.
    First,
    /// There were others.
    Another,
    /// It was in already, or has left for good.
    Not,
    /// It is in as many as it may be.
    TooMany,
    /// It has joined as many in this time as it may.
    TooFast,
    /// The group is closed; there is a new one of its name by now.
    Closed,
}

impl Connection {
    /// Takes a seat in a group.
    pub(crate) fn join(self: &Arc<Self>, group: &Arc<Group>) -> Joined {
        let mut list = self.groups.list();
        if self.left.load(Ordering::Relaxed) {
            return Joined::Not;
        }
        let Err(at) = find(&list, group) else { return Joined::Not };
        if list.len() >= self.settings.max_groups {
            return Joined::TooMany;
        }
        if !self.groups.joins.take(self.settings.join_rate) {
            return Joined::TooFast;
        }
        self.grouped.store(true, Ordering::Release);
        let Some((seat, first)) = group.seat(self) else { return Joined::Closed };
        list.insert(at, Seated { group: Arc::clone(group), seat });
        if first { Joined::First } else { Joined::Another }
    }

    /// Gives up its seat in a group; true when it was the last member.
    pub(crate) fn leave(&self, group: &Arc<Group>) -> bool {
        let mut list = self.groups.list();
        let Ok(at) = find(&list, group) else { return false };
        let seated = list.remove(at);
        seated.group.unseat(seated.seat)
    }

    /// The names of its groups, `most` at most, and how many they are.
    #[cfg(feature = "inspector")]
    pub(crate) fn group_names(&self, most: usize) -> (Vec<GroupName>, usize) {
        let list = self.groups.list();
        (list.iter().take(most).map(|seated| seated.group.name().clone()).collect(), list.len())
    }

    /// Whether it is in a group whose name is as wanted.
    #[cfg(feature = "inspector")]
    pub(crate) fn is_in(&self, wanted: impl Fn(&str) -> bool) -> bool {
        self.groups.list().iter().any(|seated| wanted(seated.group.name().as_str()))
    }

    /// Leaves all groups for good, and gives those whose last member it was.
    pub(crate) fn leave_all(&self) -> Vec<Arc<Group>> {
        let mut list = self.groups.list();
        self.left.store(true, Ordering::Relaxed);
        let left = std::mem::take(&mut *list);
        drop(list);
        left.into_iter().filter_map(|Seated { group, seat }| group.unseat(seat).then_some(group)).collect()
    }

    /// Takes what was sent to its groups before now and has not reached it, so that what comes next does not overtake it.
    #[inline]
    pub(crate) fn catch_up(&self) {
        if self.grouped.load(Ordering::Acquire) {
            self.catch_up_in_groups();
        }
    }

    fn catch_up_in_groups(&self) {
        let list = self.groups.list();
        for Seated { group, seat } in list.iter() {
            if group.is_under_way() {
                group.catch_up(*seat);
            }
        }
    }
}
