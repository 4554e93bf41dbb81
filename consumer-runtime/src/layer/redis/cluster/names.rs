//! What things are published on in a cluster.

use crate::names::{ChannelName, GroupName};

/// Names for sharded publish and subscribe. There are no patterns, so all channels of a process share one.
#[derive(Clone, Debug)]
pub(super) struct ClusterNames {
    prefix: String,
}

/// What a name stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named<'n> {
    Group(&'n str),
    Process,
    General(&'n str),
}

impl ClusterNames {
    pub(super) fn new(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into() }
    }

    pub(super) fn group(&self, group: &GroupName) -> String {
        format!("{}__group__{group}", self.prefix)
    }

    /// Of a process, by what the names of its channels begin with.
    pub(super) fn process(&self, process: &str) -> String {
        format!("{}__process__{process}", self.prefix)
    }

    pub(super) fn general(&self, channel: &ChannelName) -> String {
        format!("{}__channel__{channel}", self.prefix)
    }

    pub(super) fn read<'n>(&self, name: &'n str) -> Option<Named<'n>> {
        let (kind, rest) = name.strip_prefix(&self.prefix)?.strip_prefix("__")?.split_once("__")?;
        match kind {
            "group" => Some(Named::Group(rest)),
            "process" => Some(Named::Process),
            "channel" => Some(Named::General(rest)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_read_as_what_it_is() {
        let names = ClusterNames::new("a__b");
        assert_eq!(names.read(&names.group(&GroupName::new("x__y").unwrap())), Some(Named::Group("x__y")));
        assert_eq!(names.read(&names.process("specific.abc!")), Some(Named::Process));
        assert_eq!(names.read(&names.general(&ChannelName::new("work").unwrap())), Some(Named::General("work")));
        assert_eq!(names.read("other__group__x"), None);
    }
}
