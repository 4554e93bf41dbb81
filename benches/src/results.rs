//! What was measured, kept as JSON, and what follows from it.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{figures::Figures, works::Section};

/// A run beside which others used more cores than this does not count, as long as there are quieter ones.
const QUIET: f64 = 0.3;

/// One measurement of one server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) work: String,
    pub(crate) server: String,
    /// Runs of one round stood side by side.
    pub(crate) round: u32,
    pub(crate) figures: Figures,
}

/// A measurement that gave no figures.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Failure {
    pub(crate) work: String,
    pub(crate) server: String,
    pub(crate) error: String,
}

/// All of one section.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) runs: Vec<Run>,
    pub(crate) failures: Vec<Failure>,
    /// Servers that could not be had, and why.
    pub(crate) left_out: BTreeMap<String, String>,
    /// Whether the server and the client each had a core.
    pub(crate) pinned: bool,
}

impl Results {
    fn path(folder: &Path, section: Section) -> PathBuf {
        folder.join(section.name()).with_extension("json")
    }

    /// What is kept of a section, if anything.
    pub(crate) fn read(folder: &Path, section: Section) -> Result<Option<Self>, String> {
        let path = Self::path(folder, section);
        match fs::read(&path) {
            Ok(bytes) => {
                let results = serde_json::from_slice(&bytes);
                results.map(Some).map_err(|error| format!("{}: {error}; delete it", path.display()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("{}: {error}", path.display())),
        }
    }

    pub(crate) fn write(&self, folder: &Path, section: Section) -> Result<(), String> {
        let path = Self::path(folder, section);
        let written = fs::create_dir_all(folder)
            .and_then(|()| serde_json::to_vec_pretty(self).map_err(io::Error::other))
            .and_then(|bytes| fs::write(&path, bytes));
        written.map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Forgets earlier runs of this server; those that other servers are compared with stay when `keep` says so.
    pub(crate) fn forget(&mut self, work: &str, server: &str, keep: bool) {
        self.failures.retain(|failure| failure.work != work || failure.server != server);
        self.left_out.remove(server);
        if !keep {
            self.runs.retain(|run| run.work != work || run.server != server);
        }
    }

    /// The first round that no run has.
    pub(crate) fn next_round(&self) -> u32 {
        self.runs.iter().map(|run| run.round + 1).max().unwrap_or(0)
    }

    /// The runs that count.
    fn quiet(&self, work: &str, server: &str) -> Vec<&Run> {
        let runs: Vec<_> = self.runs.iter().filter(|run| run.work == work && run.server == server).collect();
        let quiet: Vec<_> =
            runs.iter().copied().filter(|run| run.figures.get("others").unwrap_or(0.0) <= QUIET).collect();
        if quiet.is_empty() { runs } else { quiet }
    }

    /// Whether this server was measured at this work.
    pub(crate) fn has(&self, work: &str, server: &str) -> bool {
        self.runs.iter().any(|run| run.work == work && run.server == server)
    }

    /// The median of a figure over the rounds.
    pub(crate) fn median(&self, work: &str, server: &str, figure: &str) -> Option<f64> {
        median(self.quiet(work, server).iter().filter_map(|run| run.figures.get(figure)).collect())
    }

    /// The median of a figure's ratios to the same figure of another server in the same round.
    pub(crate) fn ratio(&self, work: &str, server: &str, figure: &str, to: &str) -> Option<f64> {
        let pairs = self.pairs(work, server, figure, to);
        median(pairs.into_iter().map(|(value, reference)| value / reference).collect())
    }

    /// The same to the largest that any of several other servers reached in whichever work of the same round.
    pub(crate) fn ratio_to_best(&self, work: &str, server: &str, figure: &str, to: &[&str]) -> Option<f64> {
        let ratios = self.quiet(work, server).into_iter().filter_map(|run| {
            let reference = |other: &&Run| other.round == run.round && to.contains(&&*other.server);
            let reached = self.runs.iter().filter(reference).filter_map(|other| other.figures.get(figure));
            let best = reached.fold(0.0, f64::max);
            (best > 0.0).then_some(run.figures.get(figure)? / best)
        });
        median(ratios.collect())
    }

    /// The median of what a figure is more than that of another server in the same round.
    pub(crate) fn difference(&self, work: &str, server: &str, figure: &str, to: &str) -> Option<f64> {
        let pairs = self.pairs(work, server, figure, to);
        median(pairs.into_iter().map(|(value, reference)| value - reference).collect())
    }

    /// A figure and its reference, round by round.
    fn pairs(&self, work: &str, server: &str, figure: &str, to: &str) -> Vec<(f64, f64)> {
        let reference = self.quiet(work, to);
        let pairs = self.quiet(work, server).into_iter().filter_map(|run| {
            let same_round = reference.iter().find(|reference| reference.round == run.round)?;
            Some((run.figures.get(figure)?, same_round.figures.get(figure)?))
        });
        pairs.collect()
    }

    /// How many rounds there are, and how many runs were disturbed.
    pub(crate) fn rounds(&self) -> (usize, usize) {
        let mut rounds: Vec<_> = self.runs.iter().map(|run| run.round).collect();
        rounds.sort_unstable();
        rounds.dedup();
        let disturbed = self.runs.iter().filter(|run| run.figures.get("others").unwrap_or(0.0) > QUIET).count();
        (rounds.len(), disturbed)
    }
}

/// The middle of some numbers; between the two in the middle when they are even.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(values[middle]),
        _ => Some((values[middle - 1] + values[middle]) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(server: &str, round: u32, cpu: f64, others: f64) -> Run {
        let mut figures = Figures::default();
        figures.set("cpu_us", cpu);
        figures.set("others", others);
        Run { work: "one".into(), server: server.into(), round, figures }
    }

    #[test]
    fn medians_are_in_the_middle() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }

    #[test]
    fn ratios_are_of_the_same_round() {
        let runs = [("floor", 0, 4.0), ("floor", 1, 8.0), ("floor", 2, 2.0), ("ours", 0, 4.0), ("ours", 1, 16.0)];
        let runs = runs.map(|(server, round, cpu)| run(server, round, cpu, 0.0));
        let results = Results { runs: runs.to_vec(), ..Results::default() };
        assert_eq!(results.ratio("one", "ours", "cpu_us", "floor"), Some(1.5));
        assert_eq!(results.median("one", "ours", "cpu_us"), Some(10.0));
        assert_eq!(results.ratio("two", "ours", "cpu_us", "floor"), None);
        assert_eq!(results.difference("one", "ours", "cpu_us", "floor"), Some(4.0));
    }

    #[test]
    fn the_best_of_a_round_is_taken_over_all_works() {
        let of = |work: &str, server, round, cpu| Run { work: work.into(), ..run(server, round, cpu, 0.0) };
        let runs = vec![
            of("one", "ours", 0, 12.0),
            of("one", "slow", 0, 0.0),
            of("two", "slow", 0, 3.0),
            of("two", "slow", 1, 9.0),
        ];
        let results = Results { runs, ..Results::default() };
        assert_eq!(results.ratio_to_best("one", "ours", "cpu_us", &["slow", "none"]), Some(4.0));
        assert_eq!(results.ratio_to_best("one", "ours", "cpu_us", &["none"]), None);
    }

    #[test]
    fn disturbed_runs_count_only_when_there_are_no_others() {
        let mut results = Results { runs: vec![run("ours", 0, 9.0, 1.5)], ..Results::default() };
        assert_eq!(results.median("one", "ours", "cpu_us"), Some(9.0));
        results.runs.push(run("ours", 1, 4.0, 0.1));
        assert_eq!(results.median("one", "ours", "cpu_us"), Some(4.0));
        assert_eq!(results.rounds(), (2, 1));
    }

    #[test]
    fn a_new_run_replaces_an_old_one_but_for_the_floors() {
        let runs = vec![run("floor", 0, 4.0, 0.0), run("ours", 0, 4.0, 0.0)];
        let mut results = Results { runs, ..Results::default() };
        results.forget("one", "ours", false);
        results.forget("one", "floor", true);
        assert_eq!(results.runs.iter().map(|run| run.server.as_str()).collect::<Vec<_>>(), ["floor"]);
        assert_eq!(results.next_round(), 1);
    }
}
