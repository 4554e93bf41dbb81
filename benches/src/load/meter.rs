//! What is measured around the part that counts.

use std::{
    fs, io,
    time::{Duration, Instant},
};

use super::{crowd::Crowd, process::Process};
use crate::figures::Figures;

/// Started before the part that counts, finished after it.
#[derive(Debug)]
pub(crate) struct Meter {
    server: Process,
    /// Processes of the measurement beside the server and the client.
    companions: Vec<Process>,
    start: Instant,
    idle: Duration,
    server_cpu: Duration,
    client_cpu: Duration,
    companions_cpu: Duration,
    machine_cpu: Duration,
}

impl Meter {
    pub(crate) fn start(server: Process, crowd: &Crowd) -> Result<Self, String> {
        let cannot_read = |error| format!("cannot read the server's CPU time: {error}");
        let companions = crowd.companions.clone();
        Ok(Self {
            server,
            companions_cpu: cpu_of(&companions).map_err(cannot_read)?,
            companions,
            client_cpu: Process(std::process::id()).cpu().map_err(cannot_read)?,
            machine_cpu: machine_cpu().map_err(cannot_read)?,
            server_cpu: server.cpu().map_err(cannot_read)?,
            start: Instant::now(),
            idle: crowd.idle(),
        })
    }

    pub(crate) fn started_at(&self) -> Instant {
        self.start
    }

    /// Sets how busy the client was and how many cores others used; answers the server's CPU time.
    pub(crate) fn finish(self, crowd: &Crowd, figures: &mut Figures) -> Result<Duration, String> {
        let gone = |error| format!("the server is gone: {error}");
        let elapsed = self.start.elapsed().as_secs_f64();
        let server = self.server.cpu().map_err(gone)? - self.server_cpu;
        let client = Process(std::process::id()).cpu().map_err(gone)? - self.client_cpu;
        let companions = cpu_of(&self.companions).map_err(gone)? - self.companions_cpu;
        let machine = machine_cpu().map_err(gone)? - self.machine_cpu;
        figures.set("client_busy", 1.0 - (crowd.idle() - self.idle).as_secs_f64() / elapsed);
        figures.set("others", machine.saturating_sub(server + client + companions).as_secs_f64() / elapsed);
        Ok(server)
    }
}

/// The CPU time of several processes together.
pub(crate) fn cpu_of(processes: &[Process]) -> io::Result<Duration> {
    processes.iter().map(|process| process.cpu()).sum()
}

/// The CPU time that all cores have spent, and what the host took from them.
pub(crate) fn machine_cpu() -> io::Result<Duration> {
    let text = fs::read_to_string("/proc/stat")?;
    busy(&text).ok_or_else(|| io::Error::other("cannot read /proc/stat"))
}

fn busy(stat: &str) -> Option<Duration> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> = line.split_whitespace().map_while(|field| field.parse().ok()).collect();
    // user, nice, system, idle, waiting for a disk, interrupts, soft interrupts, stolen; guests are in the first two.
    let [user, nice, system, _, _, interrupts, soft, stolen, ..] = ticks[..] else { return None };
    Some(Duration::from_millis((user + nice + system + interrupts + soft + stolen) * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_time_is_not_busy_time() {
        assert_eq!(busy("cpu  1 2 3 400 5 6 7 8 9 10\ncpu0 1\n"), Some(Duration::from_millis(270)));
        assert_eq!(busy("cpu  1 2 3\n"), None);
    }
}
