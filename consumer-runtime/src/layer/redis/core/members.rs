//! This process's entries in groups: one a group, whatever the number of its members here.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::Shared;
use crate::{layer::LayerError, names::GroupName};

/// How many groups are entered, or left, in one round trip.
const AT_ONCE: usize = 500;

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
    /// Names that groups may still have, though this process has left them: it is being told, or the server was away.
    left: HashMap<String, GroupName>,
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

    /// The name that a group is to forget, until it is known to [have done so](Self::forgotten).
    pub(super) fn remove(&self, group: &GroupName) -> Option<String> {
        let mut state = self.state();
        let name = state.by_group.remove(group)?;
        state.by_name.remove(&name);
        state.left.insert(name.clone(), group.clone());
        Some(name)
    }

    fn forgotten(&self, name: &str) {
        self.state().left.remove(name);
    }

    fn all_left(&self) -> Vec<(GroupName, String)> {
        self.state().left.iter().map(|(name, group)| (group.clone(), name.clone())).collect()
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
        for host in 0..shared.servers.len() {
            if let Err(error) = shared.return_to_groups(host).await {
                tracing::warn!(%error, "groups cannot be told that this process is still a member; trying again later");
            }
        }
    }
}

impl Shared {
    /// Makes a group forget a name; where that fails, or is given up, it is done when the server is back.
    pub(super) async fn leave(&self, group: &GroupName, member: &str) -> Result<(), LayerError> {
        self.leave_some(self.ring.host(group.as_str()), &[(group.clone(), member.to_owned())]).await
    }

    async fn leave_some(&self, host: usize, members: &[(GroupName, String)]) -> Result<(), LayerError> {
        self.remove_members(host, members).await?;
        members.iter().for_each(|(_, member)| self.members.forgotten(member));
        Ok(())
    }

    /// Leaves what groups of one server have not forgotten yet.
    async fn leave_left(&self, host: usize) -> Result<(), LayerError> {
        let mut left = self.members.all_left();
        left.retain(|(group, _)| self.ring.host(group.as_str()) == host);
        for some in left.chunks(AT_ONCE) {
            self.leave_some(host, some).await?;
        }
        Ok(())
    }

    /// Takes this process out of all groups, and waits until what was asked of the servers before is done. A server that is
    /// away keeps it in no group of another.
    ///
    /// # Errors
    /// That of the last server which could not be told.
    pub(super) async fn leave_all(&self) -> Result<(), LayerError> {
        for (group, _) in self.members.all() {
            self.members.remove(&group);
        }
        let mut told = Ok(());
        for (host, server) in self.servers.iter().enumerate() {
            let left = async {
                self.leave_left(host).await?;
                server.ask::<()>(&redis::cmd("PING")).await
            };
            told = left.await.and(told);
        }
        told
    }

    /// Makes this process a member of all its groups on one server, and of no other ones there.
    pub(super) async fn return_to_groups(&self, host: usize) -> Result<(), LayerError> {
        self.leave_left(host).await?;
        let mut members = self.members.all();
        members.retain(|(group, _)| self.ring.host(group.as_str()) == host);
        for some in members.chunks(AT_ONCE) {
            self.add_members(host, some).await?;
            // Whoever has left a group meanwhile may have done so before it was entered again.
            let gone: Vec<_> = some.iter().filter(|(_, member)| !self.members.is_current(member)).cloned().collect();
            if !gone.is_empty() {
                self.remove_members(host, &gone).await?;
            }
        }
        Ok(())
    }
}
