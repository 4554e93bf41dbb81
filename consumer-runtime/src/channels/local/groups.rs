//! Who is a member of which group, in this process.

use std::{
    any::TypeId,
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use super::{Local, asks::Owed, queue::Queue};
use crate::{
    channels::fanout::{Kind, Prepared},
    connection::Connection,
    message::Message,
    names::{ChannelName, GroupName},
};

/// All groups with members here.
///
/// The map's lock is held to find a group or to change who is in it, a group's own while its members take a message:
/// so two messages reach all members in one order. No user code runs under either, nor a layer's: answers that are
/// there already leave by tasks of their own.
#[derive(Default)]
pub(super) struct Groups(RwLock<HashMap<GroupName, Arc<Group>>>);

#[derive(Default)]
struct Group(Mutex<Members>);

#[derive(Default)]
struct Members {
    /// One cohort per consumer type, since each decodes a message and runs its shared handlers once.
    cohorts: Vec<Cohort>,
    queues: HashMap<ChannelName, Arc<Queue>>,
}

struct Cohort {
    kind: &'static dyn Kind,
    members: HashMap<ChannelName, Arc<Connection>>,
}

impl Members {
    fn is_empty(&self) -> bool {
        self.cohorts.is_empty() && self.queues.is_empty()
    }

    /// How many connections a question goes to.
    fn asked(&self, prepared: &[(TypeId, Prepared)], except: &HashSet<&ChannelName>) -> usize {
        let asked = self.cohorts.iter().filter(|cohort| prepared.iter().any(|(id, _)| *id == cohort.kind.id()));
        asked.map(|cohort| cohort.members.keys().filter(|name| !except.contains(name)).count()).sum()
    }
}

impl Group {
    fn members(&self) -> MutexGuard<'_, Members> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Groups {
    /// True when it is the first member.
    pub(super) fn join(&self, group: &GroupName, connection: &Arc<Connection>) -> bool {
        self.add(group, |members| {
            let (kind, name) = (connection.kind(), connection.name().clone());
            let at = members.cohorts.iter().position(|cohort| cohort.kind.id() == kind.id());
            let at = at.unwrap_or_else(|| {
                members.cohorts.push(Cohort { kind, members: HashMap::new() });
                members.cohorts.len() - 1
            });
            members.cohorts[at].members.insert(name, Arc::clone(connection));
        })
    }

    /// True when it is the first member.
    pub(super) fn join_queue(&self, group: &GroupName, name: &ChannelName, queue: &Arc<Queue>) -> bool {
        self.add(group, |members| {
            members.queues.insert(name.clone(), Arc::clone(queue));
        })
    }

    fn add(&self, group: &GroupName, add: impl FnOnce(&mut Members)) -> bool {
        let mut groups = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let group = groups.entry(group.clone()).or_default();
        let mut members = group.members();
        let first = members.is_empty();
        add(&mut members);
        first
    }

    /// True when it was the last member.
    pub(super) fn leave(&self, group: &GroupName, channel: &ChannelName) -> bool {
        let mut groups = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = groups.get(group) else { return false };
        let mut members = found.members();
        for cohort in &mut members.cohorts {
            cohort.members.remove(channel);
        }
        members.cohorts.retain(|cohort| !cohort.members.is_empty());
        members.queues.remove(channel);
        let last = members.is_empty();
        drop(members);
        if last {
            groups.remove(group);
        }
        last
    }

    pub(super) fn deliver(&self, group: &GroupName, message: &Message, local: &Local) {
        let asks = local.asks();
        let group = self.0.read().unwrap_or_else(PoisonError::into_inner).get(group).cloned();
        let Some(group) = group else {
            if let Some(to) = message.reply_to() {
                asks.members(to, 0);
            }
            return;
        };
        let kinds: Vec<_> = group.members().cohorts.iter().map(|cohort| (cohort.kind, cohort.members.len())).collect();
        let prepared: Vec<(TypeId, Prepared)> =
            kinds.into_iter().map(|(kind, members)| (kind.id(), kind.prepare(message, members, local))).collect();
        let members = group.members();
        // Empty for most messages, and then it costs nothing.
        let except: HashSet<_> = message.except().iter().collect();
        if let Some(to) = message.reply_to() {
            asks.members(to, members.asked(&prepared, &except));
        }
        for cohort in &members.cohorts {
            let Some((_, prepared)) = prepared.iter().find(|(id, _)| *id == cohort.kind.id()) else { continue };
            for (name, connection) in &cohort.members {
                if !except.contains(name) {
                    let owed = message.reply_to().map(|to| Owed::new(asks, to, name));
                    // A full channel has counted what it did not take.
                    let _ = prepared.hand_to(connection, owed);
                }
            }
        }
        for (name, queue) in &members.queues {
            if !except.contains(name) {
                let _ = queue.put(message.clone(), local.counters());
            }
        }
    }
}
