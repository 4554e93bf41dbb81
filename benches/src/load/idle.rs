//! The memory of connections that nothing happens on.

use std::time::Duration;

use super::{crowd::Crowd, process::Process};
use crate::figures::Figures;

/// Connects so many members to one room, waits, and answers what each costs the server's process.
pub(crate) fn idle(
    crowd: &mut Crowd,
    members: usize,
    path: impl Fn(usize) -> String,
    server: Process,
) -> Result<Figures, String> {
    let cannot_read = |error| format!("cannot read the server's memory: {error}");
    let before = server.memory().map_err(cannot_read)?;
    crowd.connect(members, 1, path, None, &mut ())?;
    crowd.rest(Duration::from_secs(3))?;
    let after = server.memory().map_err(cannot_read)?;
    let mut figures = Figures::default();
    figures.set("members", members as f64);
    figures.set("bytes", (after as f64 - before as f64) / members as f64);
    figures.set("process_bytes", before as f64);
    Ok(figures)
}
