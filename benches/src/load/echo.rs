//! Texts that come back.

use std::time::{Duration, Instant};

use super::{
    crowd::{Crowd, PATIENCE, Watch},
    meter::Meter,
    process::Process,
};
use crate::figures::Figures;

/// Counts what each member got since it was last asked.
#[derive(Debug, Default)]
struct Echoes {
    /// Members that got something, and how much.
    fresh: Vec<(usize, usize)>,
    received: u64,
    size: usize,
    wrong: bool,
    closed: bool,
}

impl Watch for Echoes {
    fn text(&mut self, member: usize, text: &[u8]) {
        self.received += 1;
        self.wrong |= text.len() != self.size;
        match self.fresh.last_mut() {
            // All texts of one read come one after the other.
            Some((last, count)) if *last == member => *count += 1,
            _ => self.fresh.push((member, 1)),
        }
    }

    fn closed(&mut self, _: usize) {
        self.closed = true;
    }
}

/// Keeps `depth` texts of 64 bytes under way on each connection, and measures for so long.
pub(crate) fn echo(crowd: &mut Crowd, depth: usize, seconds: f64, server: Process) -> Result<Figures, String> {
    let text = [b'x'; 64];
    let mut echoes = Echoes { size: text.len(), ..Echoes::default() };
    for member in &mut crowd.members {
        member.say_times(&text, depth);
    }
    let warm_up = Instant::now();
    while warm_up.elapsed() < Duration::from_millis(200) {
        turn(crowd, &mut echoes, &text)?;
    }
    let meter = Meter::start(server, crowd)?;
    let (start, before) = (meter.started_at(), echoes.received);
    let mut progress = (echoes.received, start);
    while start.elapsed().as_secs_f64() < seconds {
        turn(crowd, &mut echoes, &text)?;
        if echoes.received > progress.0 {
            progress = (echoes.received, Instant::now());
        } else if progress.1.elapsed() > PATIENCE {
            return Err("nothing comes back any more".into());
        }
    }
    let elapsed = start.elapsed().as_secs_f64();
    let received = (echoes.received - before) as f64;
    let mut figures = Figures::default();
    let spent = meter.finish(crowd, &mut figures)?;
    figures.set("echoes", received);
    figures.set("per_second", received / elapsed);
    figures.set("cpu_us", spent.as_secs_f64() * 1e6 / received);
    Ok(figures)
}

fn turn(crowd: &mut Crowd, echoes: &mut Echoes, text: &[u8]) -> Result<(), String> {
    crowd.turn(Duration::from_millis(20), echoes)?;
    if echoes.wrong {
        return Err("a text came back with another length".into());
    }
    if echoes.closed {
        return Err("the server closed a connection".into());
    }
    for (member, count) in echoes.fresh.drain(..) {
        crowd.members[member].say_times(text, count);
    }
    Ok(())
}
