//! What one more member costs, by how many are there already.

use std::time::Duration;

use super::{crowd::Crowd, process::Process};
use crate::figures::Figures;

/// So many handshakes are measured at each mark.
const SAMPLE: usize = 250;

/// Fills one room up, and measures the handshakes after each of the marks.
pub(crate) fn join(
    crowd: &mut Crowd,
    marks: &[usize],
    path: impl Fn(usize) -> String,
    server: Process,
) -> Result<Figures, String> {
    let mut figures = Figures::default();
    let cannot_read = |error| format!("cannot read the server's CPU time: {error}");
    for &mark in marks {
        let missing = mark.checked_sub(crowd.members.len()).ok_or("the marks are too close to each other")?;
        crowd.connect(missing, 1, &path, None, &mut ())?;
        crowd.rest(Duration::from_millis(300))?;
        let before = server.cpu().map_err(cannot_read)?;
        crowd.connect(SAMPLE, 1, &path, None, &mut ())?;
        // What a server does only after its response belongs to the join as well.
        crowd.rest(Duration::from_millis(200))?;
        let spent = server.cpu().map_err(cannot_read)? - before;
        figures.set(&format!("at_{mark}_us"), spent.as_secs_f64() * 1e6 / SAMPLE as f64);
    }
    Ok(figures)
}
