//! A tenth of the members that reads nothing, or slowly, and what the others notice of it.

use std::time::{Duration, Instant};

use super::{
    crowd::Crowd,
    fanout::{Course, Deliveries, Voice},
    process::Process,
};
use crate::figures::Figures;

/// Small enough to be full soon.
const RECEIVE_BUFFER: usize = 4096;

/// How long a server may take to part with members it has cut off: it waits for their answer to its farewell.
const FAREWELL: Duration = Duration::from_secs(6);

/// How every tenth member reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tenth {
    /// As the others.
    Reads,
    /// Nothing.
    ReadsNothing,
    /// So many bytes a second.
    Sips(usize),
}

/// Connects the members, lets every tenth read as `tenth` says, and measures all the others.
pub(crate) fn slow(
    crowd: &mut Crowd,
    members: usize,
    tenth: Tenth,
    course: Course,
    server: Process,
) -> Result<Figures, String> {
    let speech = crowd.door.speech;
    let mut books = Deliveries::new(speech, members, 1);
    // The slow ones come last, so that the sender is not among them.
    let fast = members - if tenth == Tenth::Reads { 0 } else { members / 10 };
    crowd.connect(fast, 1, |room| speech.path(room), None, &mut books)?;
    crowd.connect(members - fast, 1, |room| speech.path(room), Some(RECEIVE_BUFFER), &mut books)?;
    // All of them are members first: what is measured is not whether they are.
    let probes = Course { messages: 0, ..course };
    probes.run(crowd, &mut books, &mut Voice::Members, server)?;
    for member in fast..members {
        books.ignore(member);
        crowd.neglect(member).map_err(|error| error.to_string())?;
    }
    if let Tenth::Sips(per_second) = tenth {
        crowd.let_sip((fast..members).collect(), per_second);
    }
    let cannot_read = |error| format!("cannot read the server's memory or files: {error}");
    let before = server.memory().map_err(cannot_read)?;
    let files = server.files().map_err(cannot_read)?;
    let mut figures = course.run(crowd, &mut books, &mut Voice::Members, server)?;
    let after = server.memory().map_err(cannot_read)?;
    figures.set("grown_bytes", after as f64 - before as f64);
    let disconnected = figures.get("disconnected").unwrap_or(0.0);
    figures.set("cut_off", closed(crowd, files, members - fast, server)? - disconnected);
    Ok(figures)
}

/// Waits until the server has closed as many files as there are slow members, but not for long; answers how many.
fn closed(crowd: &mut Crowd, files: usize, slow: usize, server: Process) -> Result<f64, String> {
    let start = Instant::now();
    loop {
        let left = server.files().map_err(|error| format!("the server is gone: {error}"))?;
        let closed = files.saturating_sub(left);
        if closed >= slow || start.elapsed() > FAREWELL {
            return Ok(closed as f64);
        }
        crowd.rest(Duration::from_millis(100))?;
    }
}
