//! `docs/benchmarks.md` and its chart, from the results that are kept.

mod chart;
mod endurance;
mod fanout;
mod growth;
mod idle;
mod layers;
mod method;
mod numbers;
mod page;
mod scaling;
mod slow;
mod storm;
mod summary;
mod table;

use std::{fs, io, path::Path};

use self::layers::Across;

use crate::{
    endurance::{RESTART, SOAK},
    figures::Figures,
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
    layers: Option<Results>,
    spread: Option<Results>,
    bridge: Option<Results>,
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
            layers: read(Section::Layers)?,
            spread: read(Section::Spread)?,
            bridge: read(Section::Bridge)?,
        })
    }

    /// What was measured in one process, section by section.
    fn engine(&self) -> impl Iterator<Item = (&'static str, &Results)> {
        let sections = [&self.table, &self.growth, &self.idle, &self.storm, &self.slow];
        Section::ALL.into_iter().zip(sections).filter_map(|(section, kept)| Some((section.name(), kept.as_ref()?)))
    }

    /// What was measured from process to process.
    fn across(&self) -> Option<Across<'_>> {
        let all = Across { layers: self.layers.as_ref(), spread: self.spread.as_ref(), bridge: self.bridge.as_ref() };
        (all.layers.is_some() || all.spread.is_some() || all.bridge.is_some()).then_some(all)
    }
}

/// Writes `benchmarks.md`, `benchmarks.svg` and the tables of `scaling.md` into the folder.
pub(crate) fn write(places: &Places, docs: &Path) -> Result<(), String> {
    let kept = Kept::read(&places.results())?;
    let (engine, across) = (kept.engine().next().is_some(), kept.across());
    let benchmarks = docs.join("benchmarks.md");
    let old = read(&benchmarks)?.unwrap_or_default();
    if !engine && across.is_none() && old.is_empty() {
        return Err("there are no results yet; run `cargo run --release -p benches -- all` first".into());
    }
    let machine = machine::read(&places.results());
    let engine = engine.then(|| engine_page(&kept, &machine));
    let across = across.map(|all| layers::across(&all, &machine));
    let text = page::joined(engine.as_deref(), across.as_deref(), &old);
    let long = [(RESTART, endurance::restart as fn(&Figures) -> String), (SOAK, endurance::soak)];
    let long: Vec<_> =
        long.into_iter().map(|(name, text)| Figures::read(&places.results(), name).map(|found| text(&found))).collect();
    let text = page::with_kept(&text, &old, endurance::HEADINGS.into_iter().zip(&long));
    save(&benchmarks, &text)?;
    if kept.engine().next().is_some() {
        save(&docs.join("benchmarks.svg"), &chart::svg(&kept))?;
    }
    let scaling = docs.join("scaling.md");
    if let Some(old) = read(&scaling)? {
        let (new, missing) = scaling::filled(&old, &text)?;
        save(&scaling, &new)?;
        for name in missing {
            eprintln!("{}: not measured yet: {name}", scaling.display());
        }
    }
    Ok(())
}

/// A file's text, if there is one.
fn read(path: &Path) -> Result<Option<String>, String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

fn save(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    println!("wrote {}", path.display());
    Ok(())
}

/// The page of what was measured in one process.
fn engine_page(kept: &Kept, machine: &machine::Facts) -> String {
    let left_out = left_out_of(kept.engine());
    let parts = [
        Some(method::head()),
        Some(summary::summary(kept)),
        kept.table.as_ref().map(fanout::fanout),
        kept.growth.as_ref().map(growth::growth),
        kept.idle.as_ref().map(idle::idle),
        kept.storm.as_ref().map(storm::storm),
        kept.slow.as_ref().map(slow::slow),
        (!left_out.is_empty()).then(|| format!("## Left out\n\n{left_out}")),
        Some(method::machine(machine)),
        Some(method::method(kept)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// What could not be measured, and why, line by line.
fn left_out_of<'a>(sections: impl Iterator<Item = (&'static str, &'a Results)>) -> String {
    let mut lines = Vec::new();
    for (section, results) in sections {
        lines.extend(results.left_out.iter().map(|(server, why)| format!("- {section}: {server}: {why}\n")));
        for failure in &results.failures {
            lines.push(format!("- {section}, {}: {} failed: {}\n", failure.work, failure.server, failure.error));
        }
    }
    lines.dedup();
    lines.concat()
}

/// The servers with a figure in one of these works, in the order of the tables.
fn measured(results: &Results, works: &[&str]) -> Vec<Server> {
    let has = |server: &Server| works.iter().any(|work| results.has(work, server.name));
    SERVERS.iter().copied().filter(has).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{results::Run, servers::Part};

    /// Results of every work on every server that takes part in it.
    fn everything() -> Kept {
        let results = |section: Section| {
            let mut results = Results { pinned: true, ..Results::default() };
            for work in section.works() {
                for (number, server) in work.servers().enumerate() {
                    let mut figures = Figures::default();
                    for name in [
                        "per_second",
                        "cpu_us",
                        "p50_ms",
                        "p99_ms",
                        "bytes",
                        "at_100_us",
                        "deliveries",
                        "lost",
                        "broker_us",
                        "sender_us",
                        "receiver_us",
                        "join_seconds",
                        "group_bytes",
                        "broker_group_bytes",
                    ] {
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
            layers: results(Section::Layers),
            spread: results(Section::Spread),
            bridge: results(Section::Bridge),
        }
    }

    fn page(kept: &Kept, machine: &machine::Facts) -> String {
        let across = kept.across().map(|all| layers::across(&all, machine));
        page::joined(Some(&engine_page(kept, machine)), across.as_deref(), "")
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
        if let Some(bridge) = &mut kept.bridge {
            bridge.left_out.insert("daphne-stored".into(), "no python".into());
        }
        let page = page(&kept, &machine::Facts::new());
        assert!(page.contains("- table: uws: no checkout") && page.contains("- bridge: daphne-stored: no python"));
        assert_eq!(left_out_of(Kept::default().engine()), "");
    }

    #[test]
    fn a_whole_page_has_every_figure_that_scaling_quotes() {
        let page = page(&everything(), &machine::Facts::new());
        assert_eq!(scaling::tests::missing(&page), Vec::<String>::new());
    }

    #[test]
    fn a_chart_is_closed_and_has_a_bar_for_each_server() {
        let svg = chart::svg(&everything());
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
        let chats = SERVERS.iter().filter(|server| server.parts.contains(&Part::Chat)).count();
        assert_eq!(svg.matches("<rect").count(), 3 * chats);
    }
}
