//! What is measured, on which servers.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::servers::{Kit, Part, SERVERS, Server};

/// A part of the benchmark with a table of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Section {
    /// Fan-out and echo.
    Table,
    /// Members, groups and joins.
    Growth,
    /// Memory of idle connections.
    Idle,
    /// Handshakes.
    Storm,
    /// A tenth of the members that does not read.
    Slow,
    /// Channel layers, from one process to another.
    Layers,
    /// Channel layers with more processes, and more groups.
    Spread,
    /// Sockets that Django sends to.
    Bridge,
}

/// Whose process sends to rooms whose sockets another one serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// Django's, with channels_redis.
    Django,
    /// One of ours.
    Ours,
}

/// One measurement that all its servers go through.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    pub(crate) name: &'static str,
    pub(crate) part: Part,
    /// What the load client is told, or those who send and receive through a layer.
    act: &'static str,
    /// The same in small, to see that all works.
    quick: &'static str,
    /// What it is told for Channels, where the cost of a join grows with the members so far.
    channels: Option<&'static str>,
    /// Which process sends to the rooms of [`Part::Bridge`].
    pub(crate) sender: Sender,
    /// Servers that do not take part, of those that can.
    without: &'static [&'static str],
    only: &'static [&'static str],
}

const CHANNELS: &[&str] = &["channels-uvicorn", "channels-daphne"];
/// Django has no NATS layer.
const NATS: &[&str] = &["ours-nats"];
/// What has no second process.
const ALONE: &[&str] = &["memory"];
const DJANGOS: &[&str] = &["uvicorn-stored", "daphne-stored", "daphne-published"];
const BRIDGE_QUICK: &str = "fanout --members 50 --rate 50 --seconds 0.2";
const GROWTH: &[&str] = &["floor", "ours", "ours-self", "uws", "axum-tuned"];

const fn work(name: &'static str, part: Part, act: &'static str, quick: &'static str) -> Work {
    Work { name, part, act, quick, channels: None, sender: Sender::Django, without: &[], only: &[] }
}

impl Work {
    const fn without(self, without: &'static [&'static str]) -> Self {
        Self { without, ..self }
    }

    const fn only(self, only: &'static [&'static str]) -> Self {
        Self { only, ..self }
    }

    const fn from(self, sender: Sender) -> Self {
        Self { sender, ..self }
    }

    const fn channels(self, act: &'static str) -> Self {
        Self { channels: Some(act), ..self }
    }

    pub(crate) fn servers(&self) -> impl Iterator<Item = Server> {
        SERVERS.iter().copied().filter(|server| {
            let asked = self.only.is_empty() || self.only.contains(&server.name);
            asked && !self.without.contains(&server.name) && server.parts.contains(&self.part)
        })
    }

    /// The servers that the figures of others are compared with in the same round, so that they run whoever else does.
    pub(crate) fn references(&self) -> &'static [&'static str] {
        match (self.name, self.part) {
            ("idle" | "all-read" | "a-tenth-does-not" | "a-tenth-sips", _) => &[],
            ("layer-paced", _) => &["stored-floor", "published-floor"],
            (_, Part::Bridge) => &["daphne-stored", "daphne-published"],
            (_, Part::Layer) => &[],
            _ => &["floor", "joined"],
        }
    }

    /// What the load client is told for this server.
    pub(crate) fn act(&self, server: Server, quick: bool) -> impl Iterator<Item = &'static str> {
        let act = match self.channels {
            _ if quick => self.quick,
            Some(act) if server.kit == Kit::Channels => act,
            _ => self.act,
        };
        act.split(' ')
    }
}

impl Section {
    pub(crate) const ALL: [Self; 8] =
        [Self::Table, Self::Growth, Self::Idle, Self::Storm, Self::Slow, Self::Layers, Self::Spread, Self::Bridge];

    /// What goes from process to process.
    pub(crate) const ACROSS: [Self; 3] = [Self::Layers, Self::Spread, Self::Bridge];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Growth => "growth",
            Self::Idle => "idle",
            Self::Storm => "storm",
            Self::Slow => "slow",
            Self::Layers => "layers",
            Self::Spread => "spread",
            Self::Bridge => "bridge",
        }
    }

    /// How many rounds are enough.
    pub(crate) fn rounds(self) -> u32 {
        match self {
            Self::Table => 5,
            Self::Growth | Self::Storm | Self::Layers => 3,
            Self::Slow | Self::Spread | Self::Bridge => 2,
            Self::Idle => 1,
        }
    }

    pub(crate) fn works(self) -> Vec<Work> {
        use Part::{Bridge, Chat, Echo, Layer};
        match self {
            Self::Table => vec![
                work("one", Chat, "fanout --window 1 --seconds 1.2", "fanout --members 100 --window 1 --seconds 0.2"),
                work(
                    "sixteen",
                    Chat,
                    "fanout --window 16 --seconds 1.2",
                    "fanout --members 100 --window 16 --seconds 0.2",
                ),
                work(
                    "five-thousand",
                    Chat,
                    "fanout --members 5000 --seconds 1.2",
                    "fanout --members 200 --seconds 0.2",
                )
                .without(CHANNELS),
                work("open", Chat, "fanout --rate 1000 --seconds 2", "fanout --members 100 --rate 100 --seconds 0.3")
                    .without(&["floor", "channels-uvicorn", "channels-daphne"]),
                work("echo-one", Echo, "echo --seconds 1.2", "echo --connections 20 --seconds 0.2"),
                work(
                    "echo-sixteen",
                    Echo,
                    "echo --depth 16 --seconds 1.2",
                    "echo --connections 20 --depth 16 --seconds 0.2",
                ),
            ],
            Self::Growth => vec![
                work("members-100", Chat, "fanout --members 100 --seconds 1.5", "fanout --members 10 --seconds 0.2")
                    .only(GROWTH),
                work("members-1000", Chat, "fanout --members 1000 --seconds 1.5", "fanout --members 20 --seconds 0.2")
                    .only(GROWTH),
                work("members-5000", Chat, "fanout --members 5000 --seconds 1.5", "fanout --members 50 --seconds 0.2")
                    .only(GROWTH),
                work(
                    "members-15000",
                    Chat,
                    "fanout --members 15000 --seconds 1.5",
                    "fanout --members 150 --seconds 0.2",
                )
                .only(GROWTH),
                work("groups-1", Chat, "fanout --members 10000 --seconds 1.5", "fanout --members 100 --seconds 0.2")
                    .only(GROWTH),
                work(
                    "groups-100",
                    Chat,
                    "fanout --members 10000 --groups 100 --seconds 1.5",
                    "fanout --members 100 --groups 10 --seconds 0.2",
                )
                .only(GROWTH),
                work(
                    "groups-10000",
                    Chat,
                    "fanout --members 10000 --groups 10000 --seconds 1.5",
                    "fanout --members 100 --groups 100 --seconds 0.2",
                )
                .only(GROWTH),
                work("joins", Chat, "join --marks 100,1000,5000,14000", "join --marks 100,500").only(GROWTH),
            ],
            Self::Idle => {
                vec![work("idle", Chat, "idle --members 15000", "idle --members 500").channels("idle --members 5000")]
            }
            Self::Storm => vec![
                work("storm", Chat, "storm --members 10000", "storm --members 500").channels("storm --members 2000"),
            ],
            Self::Slow => vec![
                work("all-read", Chat, "slow --all-read", "slow --all-read --members 100 --seconds 0.5")
                    .without(CHANNELS),
                work("a-tenth-does-not", Chat, "slow", "slow --members 100 --seconds 0.5").without(CHANNELS),
                work("a-tenth-sips", Chat, "slow --sips 80000", "slow --sips 80000 --members 100 --seconds 0.5")
                    .without(CHANNELS),
            ],
            Self::Layers => vec![
                work("layer-paced", Layer, "--rate 200 --seconds 1.5", "--rate 200 --seconds 0.2"),
                work("layer-one", Layer, "--in-flight 1 --seconds 1", "--in-flight 1 --seconds 0.2"),
                work("layer-many", Layer, "--in-flight 64 --seconds 1", "--in-flight 64 --seconds 0.2"),
            ],
            Self::Spread => {
                let small = "--in-flight 16 --receivers 2 --seconds 0.2";
                vec![
                    work("processes-1", Layer, "--in-flight 16 --receivers 1 --seconds 0.8", small).without(ALONE),
                    work("processes-2", Layer, "--in-flight 16 --receivers 2 --seconds 0.8", small).without(ALONE),
                    work("processes-4", Layer, "--in-flight 16 --receivers 4 --seconds 0.8", small).without(ALONE),
                    work("processes-8", Layer, "--in-flight 16 --receivers 8 --seconds 0.8", small).without(ALONE),
                    work(
                        "layer-groups",
                        Layer,
                        "--in-flight 16 --groups 10000 --seconds 1",
                        "--in-flight 16 --groups 100 --seconds 0.2",
                    )
                    .without(ALONE),
                ]
            }
            Self::Bridge => vec![
                work("rate-2", Bridge, "fanout --rate 2 --seconds 2", BRIDGE_QUICK).without(NATS),
                work("rate-10", Bridge, "fanout --rate 10 --seconds 2", BRIDGE_QUICK).without(NATS),
                work("rate-50", Bridge, "fanout --rate 50 --seconds 2", BRIDGE_QUICK).without(NATS),
                work("rate-100", Bridge, "fanout --rate 100 --seconds 2", BRIDGE_QUICK).without(NATS),
                work("rate-500", Bridge, "fanout --rate 500 --seconds 2", BRIDGE_QUICK)
                    .only(&["ours-stored", "ours-published"]),
                work("flood", Bridge, "fanout --flood 32 --seconds 2", "fanout --members 50 --flood 8 --seconds 0.2")
                    .without(NATS),
                work(
                    "flood-from-ours",
                    Bridge,
                    "fanout --flood 32 --seconds 2",
                    "fanout --members 50 --flood 8 --seconds 0.2",
                )
                .from(Sender::Ours)
                .without(DJANGOS),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_work_names_servers_that_exist() {
        for work in Section::ALL.into_iter().flat_map(Section::works) {
            for name in work.only.iter().chain(work.without).chain(work.references()) {
                assert!(crate::servers::named(name).is_ok(), "{name} in {}", work.name);
            }
            assert!(work.servers().count() > 1, "{} compares nothing", work.name);
        }
    }

    #[test]
    fn names_of_works_are_unique() {
        let mut names: Vec<_> = Section::ALL.into_iter().flat_map(Section::works).map(|work| work.name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
