//! This process's entries in groups: one a group, whatever the number of its members here.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::Shared;
use crate::{layer::LayerError, names::GroupName};

/// The groups that this process is in, each under the name of a channel that stands for all members here. What comes for
/// such a channel is for the group.
#[derive(Debug, Default)]
pub(super) struct Members(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// What the names of this process's channels begin with, `!` included.
    process: String,
    by_group: HashMap<GroupName, String>,
    by_name: HashMap<String, GroupName>,
    /// How many names there were.
    count: u64,
}

/// What a name of ours has behind the `!`: a dot, which no connection's channel has.
const OURS: &str = "!g.";

/// Whether a member of a group stands for all members of one of our processes.
pub(super) fn is_process(member: &str) -> bool {
    member.contains(OURS)
}

impl Members {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_process(&self, prefix: &str) {
        self.state().process = prefix.trim_end_matches('!').to_owned();
    }

    /// What the names of this process's members begin with.
    pub(super) fn process(&self) -> String {
        format!("{}!", self.state().process)
    }

    /// The name for a group, a new one if it had none.
    pub(super) fn add(&self, group: &GroupName) -> String {
        let mut state = self.state();
        if let Some(name) = state.by_group.get(group) {
            return name.clone();
        }
        let name = format!("{}{OURS}{}", state.process, state.count);
        state.count += 1;
        state.by_group.insert(group.clone(), name.clone());
        state.by_name.insert(name.clone(), group.clone());
        name
    }

    pub(super) fn remove(&self, group: &GroupName) -> Option<String> {
        let mut state = self.state();
        let name = state.by_group.remove(group)?;
        state.by_name.remove(&name);
        Some(name)
    }

    /// The group that a name stands for.
    pub(super) fn group_of(&self, name: &str) -> Option<GroupName> {
        self.state().by_name.get(name).cloned()
    }

    /// True while a name stands for a group.
    pub(super) fn is_current(&self, name: &str) -> bool {
        self.state().by_name.contains_key(name)
    }

    pub(super) fn all(&self) -> Vec<(GroupName, String)> {
        self.state().by_group.iter().map(|(group, name)| (group.clone(), name.clone())).collect()
    }
}

/// Says again, well before groups forget it, that this process is a member.
pub(super) async fn refresh(shared: &Shared) {
    loop {
        tokio::time::sleep(shared.group_expiry / 3).await;
        for (group, member) in shared.members.all() {
            if let Err(error) = shared.say_again(&group, &member).await {
                tracing::warn!(%error, "a group cannot be told that this process is still a member; trying again later");
            }
        }
    }
}

impl Shared {
    /// Says again that this process is a member of a group, unless it has left meanwhile.
    pub(super) async fn say_again(&self, group: &GroupName, member: &str) -> Result<(), LayerError> {
        if !self.members.is_current(member) {
            return Ok(());
        }
        self.add_member(group, member).await?;
        // Whoever leaves gives the name up before it is removed; if that was before we came, so is this.
        if self.members.is_current(member) { Ok(()) } else { self.remove_member(group, member).await }
    }
}
