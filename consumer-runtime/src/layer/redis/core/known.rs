//! Who was last seen in groups, so that a send need not ask first.

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use sha1::{Digest, Sha1};

use crate::names::GroupName;

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

/// The members of one group.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) members: Vec<String>,
    /// By which the server finds out whether it has others.
    pub(super) digest: String,
}

impl Known {
    pub(super) fn get(&self, group: &GroupName) -> Option<Arc<Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).groups.get(group).cloned()
    }

    /// A group has been seen with these members.
    pub(super) fn see(&self, group: &GroupName, members: Vec<String>) -> Arc<Seen> {
        let seen = Arc::new(Seen { digest: digest(&members), members });
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &mut *guard;
        // A group without members takes room too.
        if state.members + seen.members.len() + 1 > MOST {
            *state = State::default();
        }
        state.members += seen.members.len() + 1;
        if let Some(before) = state.groups.insert(group.clone(), Arc::clone(&seen)) {
            state.members -= before.members.len() + 1;
        }
        seen
    }
}

/// The SHA-1 of the names with a space between them, as the script makes it of those that the server has.
fn digest(members: &[String]) -> String {
    Sha1::digest(members.join(" ")).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|number| format!("specific.{number}!a")).collect()
    }

    #[test]
    fn the_last_is_remembered_and_the_room_is_bounded() {
        let known = Known::default();
        let group = |number: usize| GroupName::new(format!("group_{number}")).unwrap();
        known.see(&group(0), names(1));
        known.see(&group(0), names(2));
        assert_eq!(known.get(&group(0)).unwrap().members.len(), 2);
        assert_eq!(known.0.lock().unwrap().members, 3);
        for number in 1..5 {
            known.see(&group(number), names(40_000));
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
