//! `docs/benchmarks.md` and its chart, from the results that are kept.

mod chart;
mod fanout;
mod growth;
mod idle;
mod method;
mod numbers;
mod slow;
mod storm;
mod summary;
mod table;

use std::{fs, path::Path};

use crate::{
    machine,
    results::Results,
    servers::{Places, SERVERS, Server},
    works::Section,
};

/// The results of all sections that were run.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    table: Option<Results>,
    growth: Option<Results>,
    idle: Option<Results>,
    storm: Option<Results>,
    slow: Option<Results>,
}

impl Kept {
    fn read(folder: &Path) -> Result<Self, String> {
        let read = |section| Results::read(folder, section);
        Ok(Self {
            table: read(Section::Table)?,
            growth: read(Section::Growth)?,
            idle: read(Section::Idle)?,
            storm: read(Section::Storm)?,
            slow: read(Section::Slow)?,
        })
    }

    fn all(&self) -> impl Iterator<Item = (&'static str, &Results)> {
        let sections = [&self.table, &self.growth, &self.idle, &self.storm, &self.slow];
        Section::ALL.into_iter().zip(sections).filter_map(|(section, kept)| Some((section.name(), kept.as_ref()?)))
    }
}

/// Writes `benchmarks.md` and `benchmarks.svg` into the folder.
pub(crate) fn write(places: &Places, docs: &Path) -> Result<(), String> {
    let kept = Kept::read(&places.results())?;
    if kept.all().next().is_none() {
        return Err("there are no results yet; run `cargo run --release -p benches -- all` first".into());
    }
    let text = page(&kept, &machine::read(&places.results()));
    for (name, content) in [("benchmarks.md", text), ("benchmarks.svg", chart::svg(&kept))] {
        let path = docs.join(name);
        fs::write(&path, content).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

/// The whole page.
fn page(kept: &Kept, machine: &machine::Facts) -> String {
    let parts = [
        Some(method::head()),
        Some(summary::summary(kept)),
        kept.table.as_ref().map(fanout::fanout),
        kept.growth.as_ref().map(growth::growth),
        kept.idle.as_ref().map(idle::idle),
        kept.storm.as_ref().map(storm::storm),
        kept.slow.as_ref().map(slow::slow),
        left_out(kept),
        Some(method::machine(machine)),
        Some(method::method(kept)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// What could not be measured, and why.
fn left_out(kept: &Kept) -> Option<String> {
    let mut lines = Vec::new();
    for (section, results) in kept.all() {
        lines.extend(results.left_out.iter().map(|(server, why)| format!("- {section}: {server}: {why}\n")));
        for failure in &results.failures {
            lines.push(format!("- {section}, {}: {} failed: {}\n", failure.work, failure.server, failure.error));
        }
    }
    lines.dedup();
    (!lines.is_empty()).then(|| format!("## Left out\n\n{}", lines.concat()))
}

/// The servers with a figure in one of these works, in the order of the tables.
fn measured(results: &Results, works: &[&str]) -> Vec<Server> {
    let has = |server: &Server| works.iter().any(|work| results.has(work, server.name));
    SERVERS.iter().copied().filter(has).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{figures::Figures, results::Run};

    /// Results of every work on every server that takes part in it.
    fn everything() -> Kept {
        let results = |section: Section| {
            let mut results = Results { pinned: true, ..Results::default() };
            for work in section.works() {
                for (number, server) in work.servers().enumerate() {
                    let mut figures = Figures::default();
                    for name in ["per_second", "cpu_us", "p50_ms", "p99_ms", "bytes", "at_100_us", "deliveries"] {
                        figures.set(name, 2.0 + number as f64);
                    }
                    let (work, server) = (work.name.to_owned(), server.name.to_owned());
                    results.runs.push(Run { work, server, round: 0, figures });
                }
            }
            Some(results)
        };
        Kept {
            table: results(Section::Table),
            growth: results(Section::Growth),
            idle: results(Section::Idle),
            storm: results(Section::Storm),
            slow: results(Section::Slow),
        }
    }

    #[test]
    fn a_page_names_every_server_and_its_tables_are_whole() {
        let page = page(&everything(), &machine::Facts::new());
        for server in SERVERS {
            assert!(page.contains(server.title), "{} is missing", server.title);
        }
        let mut columns = None;
        for line in page.lines() {
            let count = line.starts_with('|').then(|| line.matches('|').count());
            assert!(columns.is_none() || count.is_none() || columns == count, "a row of another length: {line}");
            columns = count;
        }
        assert!(!page.contains("NaN"));
    }

    #[test]
    fn a_page_has_only_what_was_measured() {
        let page = page(&Kept { idle: everything().idle, ..Kept::default() }, &machine::Facts::new());
        assert!(page.contains("## Memory"));
        assert!(!page.contains("## Growth") && !page.contains("fan-out, one"));
    }

    #[test]
    fn what_is_left_out_is_told() {
        let mut kept = everything();
        if let Some(table) = &mut kept.table {
            table.left_out.insert("uws".into(), "no checkout".into());
        }
        assert!(page(&kept, &machine::Facts::new()).contains("- table: uws: no checkout"));
        assert_eq!(left_out(&Kept::default()), None);
    }

    #[test]
    fn a_chart_is_closed_and_has_a_bar_for_each_server() {
        let svg = chart::svg(&everything());
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
        assert_eq!(svg.matches("<rect").count(), 3 * SERVERS.len());
    }
}
