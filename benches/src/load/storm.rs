//! Many clients that connect at once.

use super::{crowd::Crowd, meter::Meter, process::Process};
use crate::figures::Figures;

/// Connects so many members as fast as the server takes them.
pub(crate) fn storm(
    crowd: &mut Crowd,
    members: usize,
    path: impl Fn(usize) -> String,
    server: Process,
) -> Result<Figures, String> {
    let meter = Meter::start(server, crowd)?;
    let start = meter.started_at();
    crowd.connect(members, 1, path, None, &mut ())?;
    let seconds = start.elapsed().as_secs_f64();
    let mut figures = Figures::default();
    let spent = meter.finish(crowd, &mut figures)?;
    figures.set("handshakes", members as f64);
    figures.set("per_second", members as f64 / seconds);
    figures.set("cpu_us", spent.as_secs_f64() * 1e6 / members as f64);
    Ok(figures)
}
