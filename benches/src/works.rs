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
}

/// One measurement that all its servers go through.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    pub(crate) name: &'static str,
    pub(crate) part: Part,
    /// What the load client is told.
    act: &'static str,
    /// The same in small, to see that all works.
    quick: &'static str,
    /// What it is told for Channels, where the cost of a join grows with the members so far.
    channels: Option<&'static str>,
    /// Servers that do not take part; no server without an echo takes part in an echo.
    without: &'static [&'static str],
    only: &'static [&'static str],
}

const CHANNELS: &[&str] = &["channels-uvicorn", "channels-daphne"];
const GROWTH: &[&str] = &["floor", "ours", "ours-self", "uws", "axum-tuned"];

const fn work(name: &'static str, part: Part, act: &'static str, quick: &'static str) -> Work {
    Work { name, part, act, quick, channels: None, without: &[], only: &[] }
}

impl Work {
    const fn without(self, without: &'static [&'static str]) -> Self {
        Self { without, ..self }
    }

    const fn only(self, only: &'static [&'static str]) -> Self {
        Self { only, ..self }
    }

    const fn channels(self, act: &'static str) -> Self {
        Self { channels: Some(act), ..self }
    }

    pub(crate) fn servers(&self) -> impl Iterator<Item = Server> {
        SERVERS.iter().copied().filter(|server| {
            let asked = self.only.is_empty() || self.only.contains(&server.name);
            asked && !self.without.contains(&server.name) && (self.part == Part::Chat || server.echo)
        })
    }

    /// Whether its figures are compared with a floor's of the same round.
    pub(crate) fn has_ratios(&self) -> bool {
        !matches!(self.name, "idle" | "all-read" | "a-tenth-does-not" | "a-tenth-sips")
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
    pub(crate) const ALL: [Self; 5] = [Self::Table, Self::Growth, Self::Idle, Self::Storm, Self::Slow];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Growth => "growth",
            Self::Idle => "idle",
            Self::Storm => "storm",
            Self::Slow => "slow",
        }
    }

    /// How many rounds are enough.
    pub(crate) fn rounds(self) -> u32 {
        match self {
            Self::Table => 5,
            Self::Growth | Self::Storm => 3,
            Self::Slow => 2,
            Self::Idle => 1,
        }
    }

    pub(crate) fn works(self) -> Vec<Work> {
        use Part::{Chat, Echo};
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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_work_names_servers_that_exist() {
        for work in Section::ALL.into_iter().flat_map(Section::works) {
            for name in work.only.iter().chain(work.without) {
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
