//! Messages through a channel layer alone: one process sends, others receive, and none of them has a socket.

mod peer;

use std::{
    thread,
    time::{Duration, Instant},
};

use clap::Parser;

use self::peer::{Peer, Sent, Task};
use crate::{
    figures::Figures,
    load::{Process, cpu_of, machine_cpu},
    servers::{Broker, Carrier, Places, Server},
};

/// How long nothing comes before nothing more will.
const QUIET: Duration = Duration::from_secs(1);

/// How long receivers may lag behind, in all.
const GRACE: Duration = Duration::from_secs(15);

/// What is measured.
#[derive(Clone, Copy, Debug, Parser)]
#[command(no_binary_name = true)]
struct Act {
    /// How many processes receive.
    #[arg(long, default_value_t = 1)]
    receivers: usize,
    /// How many groups each of them is in.
    #[arg(long, default_value_t = 1)]
    groups: usize,
    /// How many sends wait for their answers at once.
    #[arg(long, default_value_t = 1)]
    in_flight: usize,
    /// Sends a second; as many as it can when there is none.
    #[arg(long)]
    rate: Option<f64>,
    #[arg(long)]
    seconds: f64,
}

/// CPU time up to a moment.
#[derive(Clone, Copy, Debug)]
struct Spent {
    broker: Duration,
    sender: Duration,
    receivers: Duration,
    own: Duration,
    machine: Duration,
}

/// The processes of one measurement; the last of `peers` sends, and all receive but for the last where there are several.
struct Round {
    /// Before the broker, so that none of them misses it when all is over.
    peers: Vec<Peer>,
    receivers: usize,
    broker: Broker,
}

/// Starts what is needed, sends as `words` say, and answers what was measured.
///
/// The receivers and what carries the messages are on the first core, the sender on the second.
pub(crate) fn measure(
    words: &[&str],
    server: Server,
    places: &Places,
    [first, second]: [Option<u32>; 2],
) -> Result<Figures, String> {
    let act = Act::try_parse_from(words).map_err(|error| error.to_string())?;
    let broker = Broker::start(server.carrier, first)?;
    let command = server.peer(&broker.url(), places);
    let mut peers = (0..act.receivers).map(|_| Peer::start(&command, first)).collect::<Result<Vec<_>, _>>()?;
    if server.carrier != Carrier::Memory {
        peers.push(Peer::start(&command, second)?);
    }
    peers.iter().try_for_each(Peer::ready)?;
    let mut round = Round { peers, receivers: act.receivers, broker };
    let mut figures = Figures::default();
    round.join(act, &mut figures)?;
    let task = Task { groups: act.groups, in_flight: act.in_flight, rate: act.rate, seconds: act.seconds };
    round.send(Task { seconds: task.seconds.min(0.2), ..task })?;
    round.heard()?;
    round.measure(task, &mut figures)?;
    Ok(figures)
}

impl Round {
    fn sender(&mut self) -> Result<&mut Peer, String> {
        self.peers.last_mut().ok_or_else(|| "nobody sends".into())
    }

    /// Every receiver joins; with many groups it is told what one takes.
    fn join(&mut self, act: Act, figures: &mut Figures) -> Result<(), String> {
        let one = self.peers.first().ok_or("nobody receives")?.process();
        let memory = || one.memory().map_err(|error| format!("cannot read a receiver's memory: {error}"));
        let (before, broker_before) = (memory()?, self.broker.memory()?);
        for peer in &mut self.peers[..self.receivers] {
            figures.set("join_seconds", peer.join(act.groups)?.seconds);
        }
        if act.groups > 1 {
            let each = |before: u64, after: u64| (after as f64 - before as f64) / act.groups as f64;
            figures.set("group_bytes", each(before, memory()?));
            if let (Some(before), Some(after)) = (broker_before, self.broker.memory()?) {
                figures.set("broker_group_bytes", each(before, after));
            }
        }
        Ok(())
    }

    /// Sends, and waits until all have got it, or nothing more comes.
    fn send(&mut self, task: Task) -> Result<Sent, String> {
        let sent = self.sender()?.send(task)?;
        let (start, mut progress) = (Instant::now(), (0, Instant::now()));
        loop {
            let receivers = self.peers[..self.receivers].iter_mut();
            let count = receivers.map(Peer::count).sum::<Result<usize, _>>()?;
            if count > progress.0 {
                progress = (count, Instant::now());
            }
            if count >= sent.sent * self.receivers || progress.1.elapsed() > QUIET || start.elapsed() > GRACE {
                return Ok(sent);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn heard(&mut self) -> Result<Vec<Duration>, String> {
        let heard = self.peers[..self.receivers].iter_mut().map(Peer::heard).collect::<Result<Vec<_>, _>>()?;
        Ok(heard.concat())
    }

    fn measure(&mut self, task: Task, figures: &mut Figures) -> Result<(), String> {
        let (before, start) = (self.spent()?, Instant::now());
        let sent = self.send(task)?;
        let (after, elapsed) = (self.spent()?, start.elapsed());
        let mut times = self.heard()?;
        if sent.sent == 0 {
            return Err(format!("nothing was sent, {} sends failed", sent.failed));
        }
        let expected = (sent.sent * self.receivers) as f64;
        figures.set("sends", sent.sent as f64);
        figures.set("failed", sent.failed as f64);
        figures.set("per_second", sent.sent as f64 / sent.seconds);
        figures.set("deliveries", times.len() as f64);
        figures.set("lost", expected - times.len() as f64);
        figures.set_times(&mut times);
        let us = |after: Duration, before: Duration, of: f64| after.saturating_sub(before).as_secs_f64() * 1e6 / of;
        figures.set("sender_us", us(after.sender, before.sender, sent.sent as f64));
        if self.broker.process().is_some() {
            figures.set("broker_us", us(after.broker, before.broker, sent.sent as f64));
            figures.set("receiver_us", us(after.receivers, before.receivers, times.len() as f64));
        }
        let ours = |spent: Spent| spent.broker + spent.sender + spent.receivers + spent.own;
        let others =
            after.machine.saturating_sub(before.machine).saturating_sub(ours(after).saturating_sub(ours(before)));
        figures.set("others", others.as_secs_f64() / elapsed.as_secs_f64());
        Ok(())
    }

    fn spent(&self) -> Result<Spent, String> {
        let gone = |error| format!("a process is gone: {error}");
        let of = |processes: Vec<Process>| cpu_of(&processes).map_err(gone);
        // In memory one process is both, and counts once.
        let receivers = if self.peers.len() > self.receivers { &self.peers[..self.receivers] } else { &[] };
        Ok(Spent {
            machine: machine_cpu().map_err(gone)?,
            broker: of(self.broker.process().into_iter().collect())?,
            sender: of(self.peers.last().map(Peer::process).into_iter().collect())?,
            receivers: of(receivers.iter().map(Peer::process).collect())?,
            own: of(vec![Process(std::process::id())])?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{servers::Part, works::Section};

    #[test]
    fn every_work_through_a_layer_is_understood() {
        for work in Section::ALL.into_iter().flat_map(Section::works).filter(|work| work.part == Part::Layer) {
            for server in work.servers() {
                for quick in [false, true] {
                    let act = Act::try_parse_from(work.act(server, quick)).unwrap();
                    assert!(act.receivers > 0 && act.groups > 0 && act.in_flight > 0, "{}", work.name);
                }
            }
        }
    }

    /// A peer in a shell: it sends 4 messages, of which 3 arrive.
    const SHELL: &str = r#"echo ready; while read what rest; do case $what in
        join) echo '{"seconds": 0.25}';; send) echo '{"sent": 4, "failed": 1, "seconds": 2.0}';;
        count) echo '{"count": 3}';; heard) echo '{"nanoseconds": [1000000, 3000000, 2000000]}';; esac; done"#;

    #[test]
    fn what_does_not_arrive_is_lost() {
        let command = ["sh", "-c", SHELL].map(str::to_owned);
        let peers = vec![Peer::start(&command, None).unwrap(), Peer::start(&command, None).unwrap()];
        peers.iter().try_for_each(Peer::ready).unwrap();
        let broker = Broker::start(Carrier::Memory, None).unwrap();
        let mut round = Round { peers, receivers: 1, broker };
        let mut figures = Figures::default();
        let act = Act { receivers: 1, groups: 1, in_flight: 1, rate: None, seconds: 2.0 };
        round.join(act, &mut figures).unwrap();
        round.measure(Task { groups: 1, in_flight: 1, rate: None, seconds: 2.0 }, &mut figures).unwrap();
        let told =
            ["join_seconds", "per_second", "deliveries", "lost", "failed", "p50_ms"].map(|name| figures.get(name));
        assert_eq!(told, [0.25, 2.0, 3.0, 1.0, 1.0, 2.0].map(Some));
        assert!(figures.get("group_bytes").is_none());
    }
}
