//! A server that is replaced while thousands are connected.

use std::{
    cell::Cell,
    net::{Ipv4Addr, SocketAddr},
    rc::Rc,
    time::Duration,
};

use clap::Args;
use tokio::{
    task::LocalSet,
    time::{Instant, sleep, timeout},
};

use super::{
    Size,
    line::{Attempts, End, Line},
    run,
    server::{PATIENCE, Server},
};
use crate::{figures::Figures, servers::Places};

/// The name of its results.
pub(crate) const RESTART: &str = "restart";

/// How to restart.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Restart {
    /// How many clients are connected.
    #[arg(long, default_value_t = 5000)]
    clients: u32,
    #[command(flatten)]
    size: Size,
}

/// How far all clients are.
#[derive(Debug, Default)]
struct Stand {
    connected: Cell<u32>,
    back: Cell<u32>,
    /// When the server was told to end.
    told: Cell<Option<Instant>>,
}

/// What one client has seen.
#[derive(Debug)]
struct Seen {
    end: End,
    /// How long after the signal it was back.
    back: Duration,
    first: Attempts,
    second: Attempts,
}

impl Restart {
    pub(crate) fn run(self) -> Result<(), String> {
        run(RESTART, self.size, async |places| LocalSet::new().run_until(self.play(places)).await)
    }

    async fn play(self, places: Places) -> Result<Figures, String> {
        let clients = if self.size.quick { 500 } else { self.clients };
        crate::limits::allow_connections(clients as usize)?;
        let old = Server::start(&places, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let (address, stand) = (old.address, Rc::new(Stand::default()));
        let start = Instant::now();
        let tasks: Vec<_> =
            (0..clients).map(|number| tokio::task::spawn_local(client(address, number, Rc::clone(&stand)))).collect();
        reach(&stand.connected, clients, "connected").await?;
        let connected = start.elapsed();
        let told = Instant::now();
        stand.told.set(Some(told));
        old.terminate()?;
        let new = Server::start(&places, address).await?;
        let listening = told.elapsed();
        old.ended().await?;
        let drained = told.elapsed();
        reach(&stand.back, clients, "back").await?;
        let mut seen = Vec::new();
        for task in tasks {
            seen.push(
                timeout(PATIENCE, task).await.map_err(|_| "a client hangs")?.map_err(|error| error.to_string())??,
            );
        }
        new.terminate()?;
        new.ended().await?;
        Ok(figures(&seen, [connected, listening, drained]))
    }
}

/// Waits until so many clients are that far.
async fn reach(count: &Cell<u32>, goal: u32, what: &str) -> Result<(), String> {
    let mut last = (count.get(), Instant::now());
    while count.get() < goal {
        sleep(Duration::from_millis(5)).await;
        if count.get() > last.0 {
            last = (count.get(), Instant::now());
        } else if last.1.elapsed() > PATIENCE {
            return Err(format!("{} of {goal} are {what}, then no more", last.0));
        }
    }
    Ok(())
}

/// Connects, is sent away, comes back, and closes.
async fn client(address: SocketAddr, number: u32, stand: Rc<Stand>) -> Result<Seen, String> {
    let source = Ipv4Addr::new(127, 0, 0, 1 + (number / 5000) as u8).into();
    let (mut first, mut second) = (Attempts::default(), Attempts::default());
    let mut line = Line::connect(address, source, "/echo/", &mut first).await?;
    line = echoed(line).await?;
    stand.connected.set(stand.connected.get() + 1);
    let end = line.end().await?;
    sleep(end.hint.unwrap_or_default()).await;
    line = echoed(Line::connect(address, source, "/echo/", &mut second).await?).await?;
    stand.back.set(stand.back.get() + 1);
    let back = stand.told.get().map(|told| told.elapsed()).ok_or("sent away before the server was told to end")?;
    line.close().await;
    Ok(Seen { end, back, first, second })
}

/// Sees that it is served.
async fn echoed(mut line: Line) -> Result<Line, String> {
    line.say(b"hello").await;
    let mut heard = false;
    while !heard {
        if line.read(|text| heard = text == b"hello").await?.is_some() {
            return Err("closed instead of an echo".into());
        }
    }
    Ok(line)
}

fn figures(seen: &[Seen], [connected, listening, drained]: [Duration; 3]) -> Figures {
    let mut figures = Figures::default();
    let count = |condition: fn(&Seen) -> bool| seen.iter().filter(|seen| condition(seen)).count() as f64;
    let mut back: Vec<_> = seen.iter().map(|seen| seen.back).collect();
    figures.set_times(&mut back);
    figures.set("clients", seen.len() as f64);
    figures.set("connected_s", connected.as_secs_f64());
    figures.set("listening_s", listening.as_secs_f64());
    figures.set("drained_s", drained.as_secs_f64());
    figures.set("last_s", back.last().map_or(0.0, Duration::as_secs_f64));
    figures.set("told", count(|seen| seen.end.code == 1012 && seen.end.hint.is_some()));
    figures.set("unanswered", seen.iter().map(|seen| f64::from(seen.second.unanswered)).sum());
    figures.set("put_off", seen.iter().map(|seen| f64::from(seen.first.put_off + seen.second.put_off)).sum());
    figures
}
