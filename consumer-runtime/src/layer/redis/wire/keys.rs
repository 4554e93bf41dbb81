//! What things are called in Redis.

use crate::names::{ChannelName, GroupName};

/// What the key of a process that runs ends with; no channel's name has a `$`.
pub(crate) const ALIVE: &str = "$alive";

/// The names of channels_redis' `RedisChannelLayer`.
#[derive(Clone, Debug)]
pub(crate) struct CoreKeys {
    prefix: String,
}

impl CoreKeys {
    pub(crate) fn new(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into() }
    }

    /// The sorted set with the messages of a channel: all channels of one process share one.
    pub(crate) fn messages(&self, channel: &ChannelName) -> String {
        format!("{}{}", self.prefix, channel.process_part())
    }

    /// What says that the process of a queue runs: ours alone have it.
    pub(crate) fn alive(queue: &str) -> String {
        format!("{queue}{ALIVE}")
    }

    /// The sorted set with the members of a group.
    pub(crate) fn group(&self, group: &GroupName) -> String {
        format!("{}:group:{group}", self.prefix)
    }

    /// The stream with what is not done of an acknowledged channel; two more keys begin with its name.
    pub(crate) fn work(&self, channel: &ChannelName) -> String {
        format!("{}:work:{channel}", self.prefix)
    }

    /// What the keys of all acknowledged channels begin with.
    pub(crate) fn all_work(&self) -> String {
        format!("{}:work:", self.prefix)
    }

    /// What the keys of all groups begin with.
    pub(crate) fn groups(&self) -> String {
        format!("{}:group:", self.prefix)
    }

    /// A pattern for everything of this prefix.
    pub(crate) fn everything(&self) -> String {
        format!("{}*", self.prefix)
    }
}

/// The names of channels_redis' `RedisPubSubChannelLayer`.
#[derive(Clone, Debug)]
pub(crate) struct PubSubKeys {
    prefix: String,
}

impl PubSubKeys {
    pub(crate) fn new(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into() }
    }

    /// What a group is published on.
    pub(crate) fn group(&self, group: &GroupName) -> String {
        format!("{}__group__{group}", self.prefix)
    }

    /// The group whose messages are published under a name, if it is one of these.
    pub(crate) fn group_of<'n>(&self, name: &'n str) -> Option<&'n str> {
        name.strip_prefix(&self.prefix)?.strip_prefix("__group__")
    }
}
