//! Who was last seen in groups, so that a send need not ask first.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use super::{Shared, members::is_process};
use crate::{
    layer::redis::script::sha1_hex,
    names::{ChannelName, GroupName},
};

/// How many members are remembered, of all groups together; with more, all are forgotten, and asked for once more.
const MOST: usize = 100_000;

/// The members of groups as they were when somebody here last sent to them.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    groups: HashMap<GroupName, Arc<Seen>>,
    members: usize,
}

/// The members of one group, by their processes.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) processes: Vec<Process>,
    /// By which the server finds out whether it has others.
    pub(super) digest: String,
    /// Whether all of them are processes of ours.
    pub(super) all_ours: bool,
    members: usize,
}

/// The members of a group that share one queue.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) host: usize,
    /// The queue.
    pub(super) key: String,
    pub(super) members: Vec<String>,
}

impl Shared {
    /// The members of a group, as its server lists them.
    pub(super) fn seen(&self, members: &[String]) -> Seen {
        let mut processes: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
        let mut all_ours = true;
        for member in members {
            // What others have put there need not be a name.
            let Ok(channel) = ChannelName::new(member) else { continue };
            all_ours &= is_process(member);
            let host = self.ring.host(channel.process_part());
            processes.entry((host, self.keys.messages(&channel))).or_default().push(member.clone());
        }
        let process = |((host, key), members)| Process { host, key, members };
        Seen {
            processes: processes.into_iter().map(process).collect(),
            digest: digest(members),
            all_ours,
            members: members.len(),
        }
    }
}

impl Known {
    pub(super) fn get(&self, group: &GroupName) -> Option<Arc<Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).groups.get(group).cloned()
    }

    /// A group has been seen so.
    pub(super) fn remember(&self, group: &GroupName, seen: Seen) -> Arc<Seen> {
        let seen = Arc::new(seen);
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &mut *guard;
        // A group without members takes room too.
        if state.members + seen.members + 1 > MOST {
            *state = State::default();
        }
        state.members += seen.members + 1;
        if let Some(before) = state.groups.insert(group.clone(), Arc::clone(&seen)) {
            state.members -= before.members + 1;
        }
        seen
    }
}

/// The SHA-1 of the names with a space between them, as the script makes it of those that the server has.
fn digest(members: &[String]) -> String {
    sha1_hex(&members.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_is_remembered_and_the_room_is_bounded() {
        let known = Known::default();
        let group = |number: usize| GroupName::new(format!("group_{number}")).unwrap();
        let of = |members| Seen { members, ..Seen::default() };
        known.remember(&group(0), of(1));
        known.remember(&group(0), of(2));
        assert_eq!(known.get(&group(0)).unwrap().members, 2);
        assert_eq!(known.0.lock().unwrap().members, 3);
        for number in 1..5 {
            known.remember(&group(number), of(40_000));
        }
        assert!(known.get(&group(0)).is_none(), "there were too many");
        assert!(known.0.lock().unwrap().members <= MOST);
        assert!(known.get(&group(4)).is_some());
    }

    #[test]
    fn the_digest_is_that_of_redis() {
        // As `EVAL "return redis.sha1hex('a b')" 0` says.
        assert_eq!(digest(&["a".into(), "b".into()]), "7dbde93504122a707f849f2c12bdd9de71b41929");
    }
}
