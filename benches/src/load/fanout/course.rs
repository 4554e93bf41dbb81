//! How messages are sent, and what came of it.

use std::time::{Duration, Instant};

use super::{
    super::{
        crowd::{Crowd, PATIENCE},
        meter::Meter,
        process::Process,
        speech::message,
    },
    Deliveries, Voice,
};
use crate::figures::Figures;

/// When the next message is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// As soon as fewer than so many have not reached everybody.
    Window(usize),
    /// So many a second, whatever becomes of them.
    Rate(f64),
    /// As fast as the sender's process sends, for which so many messages wait, whatever becomes of them.
    Flood(usize),
}

/// One measurement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course {
    pub(crate) pace: Pace,
    pub(crate) groups: usize,
    /// How long a message's JSON is.
    pub(crate) size: usize,
    /// At most so many messages, and at most so long.
    pub(crate) messages: u32,
    pub(crate) seconds: f64,
}

impl Course {
    /// Probes until every member has got a message, sends a few more, and measures; `voice` is who sends.
    pub(crate) fn run(
        self,
        crowd: &mut Crowd,
        books: &mut Deliveries,
        voice: &mut Voice,
        server: Process,
    ) -> Result<Figures, String> {
        self.find_everybody(crowd, books, voice)?;
        let warm_up = Self { messages: (5 * self.groups).min(500) as u32, pace: Pace::Window(1), ..self };
        warm_up.send_all(crowd, books, voice)?;
        if books.lost() > 0 {
            return Err(format!("{} deliveries did not come in the warm-up", books.lost()));
        }
        books.start();
        let meter = Meter::start(server, crowd)?;
        let (start, said) = (meter.started_at(), voice.said());
        let last = self.send_all(crowd, books, voice)?;
        let seconds = (books.finished_at().max(last) - start).as_secs_f64();
        let mut figures = Figures::default();
        if matches!(self.pace, Pace::Flood(_)) {
            figures.set("sends_per_second", (voice.said() - said) as f64 / self.seconds);
        }
        let spent = meter.finish(crowd, &mut figures)?;
        if let Some(text) = books.wrong() {
            return Err(format!("a member got what nobody sent: {text}"));
        }
        if matches!(self.pace, Pace::Window(_)) && books.lost() > 0 {
            return Err(format!("{} deliveries did not come, with no more under way than was asked", books.lost()));
        }
        let received = books.received() as f64;
        figures.set("deliveries", received);
        figures.set("per_second", received / seconds);
        figures.set("cpu_us", spent.as_secs_f64() * 1e6 / received);
        figures.set("lost", books.lost() as f64);
        figures.set("reordered", books.reordered() as f64);
        figures.set("disconnected", books.disconnected() as f64);
        let latencies = books.latencies();
        figures.set("messages", latencies.len() as f64);
        figures.set_times(latencies);
        Ok(figures)
    }

    /// A handshake may be done before its member is in the room, so that messages are sent until all have got one.
    fn find_everybody(self, crowd: &mut Crowd, books: &mut Deliveries, voice: &mut Voice) -> Result<(), String> {
        let start = Instant::now();
        while books.probes_missing() > 0 {
            let probe = books.probe();
            for group in 0..self.groups {
                let sender = self.sender(crowd, group).ok_or("a room is empty")?;
                voice.say(&mut crowd.members[sender], crowd.door.speech, &probe)?;
            }
            let (mut missing, mut progress) = (books.probes_missing(), Instant::now());
            while missing > 0 && progress.elapsed() < Duration::from_millis(500) {
                crowd.turn(Duration::from_millis(20), books)?;
                if books.probes_missing() < missing {
                    (missing, progress) = (books.probes_missing(), Instant::now());
                }
            }
            if let Some(text) = books.wrong() {
                return Err(format!("a member got what nobody sent: {text}"));
            }
            if start.elapsed() > PATIENCE * 2 {
                return Err(format!("{missing} of {} members get no message", crowd.members.len()));
            }
        }
        // Whatever of the probes is still under way.
        let rest = Instant::now();
        while rest.elapsed() < Duration::from_millis(100) {
            crowd.turn(Duration::from_millis(20), books)?;
        }
        Ok(())
    }

    /// The first member of the group that is still there.
    fn sender(self, crowd: &Crowd, group: usize) -> Option<usize> {
        (group..crowd.members.len()).step_by(self.groups).find(|&member| crowd.members[member].is_ready())
    }

    /// Sends, and waits for what was sent; answers when the last delivery but those of the end came.
    fn send_all(self, crowd: &mut Crowd, books: &mut Deliveries, voice: &mut Voice) -> Result<Instant, String> {
        let (start, first) = (Instant::now(), books.upcoming());
        let end = start + Duration::from_secs_f64(self.seconds);
        let mut progress = (books.received(), start);
        loop {
            let now = Instant::now();
            if now > end + self.grace() {
                return Ok(progress.1);
            }
            let mut more = now < end;
            let mut pause = Duration::from_millis(20);
            while more {
                let sent = books.upcoming() - first;
                if sent >= self.messages {
                    more = false;
                    break;
                }
                let due = match self.pace {
                    Pace::Window(window) if books.unfinished() >= window => break,
                    Pace::Flood(window) if voice.waiting() >= window => {
                        // Nothing of the crowd's tells when that changes.
                        pause = Duration::from_millis(1);
                        break;
                    }
                    Pace::Window(_) | Pace::Flood(_) => now,
                    Pace::Rate(rate) => start + Duration::from_secs_f64(f64::from(sent) / rate),
                };
                if due > now {
                    pause = pause.min(due - now);
                    break;
                }
                let group = books.upcoming() as usize % self.groups;
                let Some(sender) = self.sender(crowd, group) else { return Ok(progress.1) };
                let number = books.send(due);
                voice.say(&mut crowd.members[sender], crowd.door.speech, &message(number, self.size))?;
            }
            if !more && books.unfinished() == 0 {
                return Ok(progress.1);
            }
            crowd.turn(pause, books)?;
            if books.received() > progress.0 {
                progress = (books.received(), now);
            } else if now - progress.1 > self.patience() {
                return Ok(progress.1);
            }
        }
    }

    /// How long a server may be behind at the end.
    fn grace(self) -> Duration {
        match self.pace {
            Pace::Window(_) => 4 * PATIENCE,
            Pace::Rate(_) | Pace::Flood(_) => Duration::from_secs(5),
        }
    }

    /// An open loop may lose messages, so that it is not waited for them as long.
    fn patience(self) -> Duration {
        match self.pace {
            Pace::Window(_) => PATIENCE,
            Pace::Rate(_) | Pace::Flood(_) => Duration::from_secs(3),
        }
    }
}
