//! Measures the engine beside its rivals; see `benches/README.md`.

mod endurance;
mod figures;
mod limits;
mod load;
mod machine;
mod peers;
mod report;
mod results;
mod runner;
mod servers;
mod works;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    runner::Plan,
    servers::{Kits, Places},
    works::Section,
};

/// Measures the engine beside its rivals.
#[derive(Debug, Parser)]
struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Fan-out and echo, closed and open loop.
    Table(Plan),
    /// More members, more groups, more joins.
    Growth(Plan),
    /// Memory of idle connections.
    Idle(Plan),
    /// Handshakes, many at once.
    Storm(Plan),
    /// What a tenth of the members that does not read does to the others.
    Slow(Plan),
    /// Channel layers, from one process to another.
    Layers(Plan),
    /// Channel layers with more processes, and more groups.
    Spread(Plan),
    /// Sockets that Django sends to.
    Bridge(Plan),
    /// All that goes from process to process: the last three.
    Across(Plan),
    /// All of the above.
    All(Plan),
    /// Writes `docs/benchmarks.md`, its chart and the tables of `docs/scaling.md` from the results that are kept.
    ///
    /// What there are no results of stays on the page as it is.
    Write {
        /// The folder to write into, instead of the project's `docs`.
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
    },
    /// A server that is replaced while 5 000 clients are connected.
    Restart(endurance::Restart),
    /// 10 000 idle sockets and 1 000 talkers for ten minutes: memory, and what is left in the end.
    Soak(endurance::Soak),
    Load(load::Load),
}

fn main() -> ExitCode {
    match done(Options::parse().what) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn done(what: What) -> Result<(), String> {
    match what {
        What::Table(plan) => runner::run(Section::Table, &plan, &mut Kits::default()),
        What::Growth(plan) => runner::run(Section::Growth, &plan, &mut Kits::default()),
        What::Idle(plan) => runner::run(Section::Idle, &plan, &mut Kits::default()),
        What::Storm(plan) => runner::run(Section::Storm, &plan, &mut Kits::default()),
        What::Slow(plan) => runner::run(Section::Slow, &plan, &mut Kits::default()),
        What::Layers(plan) => runner::run(Section::Layers, &plan, &mut Kits::default()),
        What::Spread(plan) => runner::run(Section::Spread, &plan, &mut Kits::default()),
        What::Bridge(plan) => runner::run(Section::Bridge, &plan, &mut Kits::default()),
        What::Across(plan) => runner::run_all(&Section::ACROSS, &plan),
        What::All(plan) => runner::run_all(&Section::ALL, &plan),
        What::Write { into } => {
            let places = Places::find()?;
            let docs = into.unwrap_or_else(|| places.sources.join("../docs"));
            report::write(&places, &docs)
        }
        What::Restart(restart) => restart.run(),
        What::Soak(soak) => soak.run(),
        What::Load(load) => {
            let figures = load::play(&load)?;
            println!("{}", serde_json::to_string(&figures).map_err(|error| error.to_string())?);
            Ok(())
        }
    }
}
