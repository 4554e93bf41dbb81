//! Measures the engine beside its rivals; see `benches/README.md`.

mod figures;
mod limits;
mod load;
mod machine;
mod results;
mod runner;
mod servers;
mod works;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{runner::Plan, servers::Kits, works::Section};

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
    /// All of the above.
    All(Plan),
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
        What::All(plan) => runner::run_all(&plan),
        What::Load(load) => {
            let figures = load::play(&load)?;
            println!("{}", serde_json::to_string(&figures).map_err(|error| error.to_string())?);
            Ok(())
        }
    }
}
