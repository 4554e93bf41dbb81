//! A tenth of the members that does not read, and what the others notice of it.

use std::{
    io::{ErrorKind, Read},
    ops::Range,
    thread,
    time::{Duration, Instant},
};

use super::{
    crowd::Crowd,
    fanout::{Course, Deliveries},
    process::Process,
};
use crate::figures::Figures;

/// Small enough to be full soon.
const RECEIVE_BUFFER: usize = 4096;

/// Connects the members, lets every tenth read nothing when `neglect` is set, and measures all the others.
pub(crate) fn slow(
    crowd: &mut Crowd,
    members: usize,
    neglect: bool,
    course: Course,
    server: Process,
) -> Result<Figures, String> {
    let speech = crowd.door.speech;
    let mut books = Deliveries::new(speech, members, 1);
    // The slow ones come last, so that the sender is not among them.
    let fast = members - if neglect { members / 10 } else { 0 };
    crowd.connect(fast, 1, |room| speech.path(room), None, &mut books)?;
    crowd.connect(members - fast, 1, |room| speech.path(room), Some(RECEIVE_BUFFER), &mut books)?;
    // All of them are members first: what is measured is not whether they are.
    let probes = Course { messages: 0, ..course };
    probes.run(crowd, &mut books, server)?;
    for member in fast..members {
        books.ignore(member);
        crowd.neglect(member).map_err(|error| error.to_string())?;
    }
    let cannot_read = |error| format!("cannot read the server's memory: {error}");
    let before = server.memory().map_err(cannot_read)?;
    let mut figures = course.run(crowd, &mut books, server)?;
    let after = server.memory().map_err(cannot_read)?;
    figures.set("grown_bytes", after as f64 - before as f64);
    figures.set("cut_off", cut_off(crowd, fast..members) as f64);
    Ok(figures)
}

/// Reads what was kept for neglected members for a while, and answers how many connections the server has ended.
fn cut_off(crowd: &mut Crowd, members: Range<usize>) -> usize {
    let (start, mut left) = (Instant::now(), members.clone().collect::<Vec<_>>());
    let mut buffer = vec![0; 256 * 1024];
    while start.elapsed() < Duration::from_secs(2) && !left.is_empty() {
        left.retain(|&member| !has_ended(&mut crowd.members[member].stream, &mut buffer));
        thread::sleep(Duration::from_millis(10));
    }
    members.len() - left.len()
}

fn has_ended(stream: &mut impl Read, buffer: &mut [u8]) -> bool {
    match stream.read(buffer) {
        Ok(length) => length == 0,
        Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted),
    }
}
