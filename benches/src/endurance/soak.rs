//! Many sockets for a long while: is the server's memory flat, and does it give everything back?

use std::{
    cell::Cell,
    net::{Ipv4Addr, SocketAddr},
    rc::Rc,
    time::Duration,
};

use clap::Args;
use tokio::{
    task::LocalSet,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};

use super::{
    Size,
    line::{Attempts, Line, below},
    run,
    server::{PATIENCE, Server},
};
use crate::{figures::Figures, servers::Places};

/// The name of its results.
pub(crate) const SOAK: &str = "soak";

/// How many talkers share a room.
const ROOM: u32 = 10;

/// How often a talker says something.
const PACE: Duration = Duration::from_secs(1);

/// How to soak.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Soak {
    /// For how many minutes.
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// How many sockets say nothing.
    #[arg(long, default_value_t = 10_000)]
    idle: u32,
    /// How many say something every second, to ten of them.
    #[arg(long, default_value_t = 1000)]
    talkers: u32,
    #[command(flatten)]
    size: Size,
}

/// What all clients have seen so far.
#[derive(Debug, Default)]
struct Stand {
    connected: Cell<u32>,
    said: Cell<u64>,
    heard: Cell<u64>,
    /// Connections that ended by themselves.
    lost: Cell<u32>,
    /// No more is said.
    quiet: Cell<bool>,
    over: tokio::sync::Notify,
}

fn add<T: Copy + std::ops::Add<Output = T>>(cell: &Cell<T>, more: T) {
    cell.set(cell.get() + more);
}

impl Soak {
    pub(crate) fn run(self) -> Result<(), String> {
        run(SOAK, self.size, async |places| LocalSet::new().run_until(self.play(places)).await)
    }

    async fn play(self, places: Places) -> Result<Figures, String> {
        let (idle, talkers, minutes) =
            if self.size.quick { (400, 100, 0.2) } else { (self.idle, self.talkers, self.minutes) };
        crate::limits::allow_connections((idle + talkers) as usize)?;
        let server = Server::start(&places, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let (process, stand) = (server.process()?, Rc::new(Stand::default()));
        let unread = |error| format!("cannot read what the server has: {error}");
        let (files, before) = (process.files().map_err(unread)?, process.memory().map_err(unread)?);
        let tasks: Vec<_> = (0..idle + talkers)
            .map(|number| {
                let room = number.checked_sub(idle).map(|talker| talker / ROOM);
                tokio::task::spawn_local(client(server.address, number, room, Rc::clone(&stand)))
            })
            .collect();
        timeout(2 * PATIENCE, async {
            while stand.connected.get() < idle + talkers {
                sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .map_err(|_| format!("{} of {} connected", stand.connected.get(), idle + talkers))?;
        let (start, cpu) = (Instant::now(), process.cpu().map_err(unread)?);
        let mut samples = Vec::new();
        let mut ticks = interval(Duration::from_secs(1));
        while start.elapsed().as_secs_f64() < minutes * 60.0 {
            ticks.tick().await;
            samples.push((start.elapsed().as_secs_f64() / 60.0, process.memory().map_err(unread)? as f64));
        }
        let cpu = (process.cpu().map_err(unread)? - cpu).as_secs_f64() / start.elapsed().as_secs_f64();
        stand.quiet.set(true);
        // What is under way arrives.
        sleep(Duration::from_secs(3)).await;
        stand.over.notify_waiters();
        for task in tasks {
            timeout(PATIENCE, task).await.map_err(|_| "a client hangs")?.map_err(|error| error.to_string())??;
        }
        // The server's halves of the sockets go a moment later.
        let gone = timeout(PATIENCE, async {
            while process.files().is_ok_and(|now| now > files) {
                sleep(Duration::from_millis(20)).await;
            }
        });
        let left = gone.await.err().and_then(|_| process.files().ok()).map_or(0, |now| now - files);
        let after = process.memory().map_err(unread)?;
        server.terminate()?;
        server.ended().await?;
        let mut figures = Figures::default();
        figures.set("minutes", minutes);
        figures.set("idle", f64::from(idle));
        figures.set("talkers", f64::from(talkers));
        figures.set("before_bytes", before as f64);
        figures.set("first_bytes", samples.first().map_or(f64::NAN, |sample| sample.1));
        figures.set("last_bytes", samples.last().map_or(f64::NAN, |sample| sample.1));
        figures.set("most_bytes", samples.iter().map(|sample| sample.1).fold(0.0, f64::max));
        figures.set("slope_bytes", slope(&samples[samples.len() / 2..]));
        figures.set("after_bytes", after as f64);
        figures.set("cpu", cpu);
        figures.set("said", stand.said.get() as f64);
        figures.set("missing", (stand.said.get() * u64::from(ROOM)) as f64 - stand.heard.get() as f64);
        figures.set("lost", f64::from(stand.lost.get()));
        figures.set("left", left as f64);
        Ok(figures)
    }
}

/// Stays until all is over; one in a room says something every second.
async fn client(address: SocketAddr, number: u32, room: Option<u32>, stand: Rc<Stand>) -> Result<(), String> {
    let source = Ipv4Addr::new(127, 0, 0, 1 + (number / 5000) as u8).into();
    let path = room.map_or_else(|| "/echo/".to_owned(), |room| format!("/ws/chat/r{room}/"));
    let mut line = Line::connect(address, source, &path, &mut Attempts::default()).await?;
    add(&stand.connected, 1);
    let over = stand.over.notified();
    let mut over = std::pin::pin!(over);
    over.as_mut().enable();
    // Not all at once, and nobody before the last one of a room is there.
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pace.reset_after(Duration::from_secs(5) + below(PACE));
    loop {
        tokio::select! {
            () = &mut over => break,
            _ = pace.tick(), if room.is_some() && !stand.quiet.get() => {
                line.say(format!(r#"{{"message":"hello from {number}"}}"#).as_bytes()).await;
                add(&stand.said, 1);
            }
            end = line.read(|_| add(&stand.heard, 1)) => if end?.is_some() {
                add(&stand.lost, 1);
                return Ok(());
            },
        }
    }
    line.close().await;
    Ok(())
}

/// How steep the straight line through these points is that fits them best.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let (over, under) = points
        .iter()
        .fold((0.0, 0.0), |(over, under), point| (over + (point.0 - x) * (point.1 - y), under + (point.0 - x).powi(2)));
    over / under
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_is_that_of_the_line() {
        let points: Vec<_> = (0..10).map(|x| (f64::from(x), 3.0 * f64::from(x) + 7.0)).collect();
        assert!((slope(&points) - 3.0).abs() < 1e-9);
        assert!(slope(&[(0.0, 5.0), (1.0, 5.0)]).abs() < 1e-9);
        assert!(slope(&[]).is_nan());
    }
}
