//! What takes long: a restart with everybody connected, and hours of traffic.

mod line;
mod restart;
mod server;
mod soak;

use clap::Args;

use crate::{
    figures::Figures,
    limits, machine,
    servers::{Kit, Kits, Places},
};

pub(crate) use restart::{RESTART, Restart};
pub(crate) use soak::{SOAK, Soak};

/// How to run either.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Size {
    /// Small and short, to see that all works; keeps no results.
    #[arg(long)]
    quick: bool,
}

/// Runs one of the two on a runtime of its own, and keeps what it gives.
fn run<F: Future<Output = Result<Figures, String>>>(
    name: &str,
    size: Size,
    play: impl FnOnce(Places) -> F,
) -> Result<(), String> {
    if cfg!(debug_assertions) {
        return Err("this is a debug build; use `cargo run --release -p benches -- ..`".into());
    }
    limits::raise();
    let places = Places::find()?;
    Kits::default().ready(Kit::OursAlone, &places, None)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("no runtime: {error}"))?;
    let figures = runtime.block_on(play(places.clone()))?;
    println!("{name}: {figures}");
    if size.quick {
        return Ok(());
    }
    machine::note(&places, &places.results())?;
    figures.write(&places.results(), name)
}
