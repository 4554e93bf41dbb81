//! What carries messages between processes, while it runs.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{free_port, pinned};
use crate::load::Process;

/// How long a broker may take to listen.
const START: Duration = Duration::from_secs(10);

/// How messages go from process to process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// Not at all: one process.
    Memory,
    /// Stored in Redis until they are fetched.
    Stored,
    /// Published in Redis.
    Published,
    /// Published in NATS.
    Nats,
}

impl Carrier {
    /// The program behind it.
    fn program(self) -> Option<&'static str> {
        match self {
            Self::Memory => None,
            Self::Stored | Self::Published => Some("redis-server"),
            Self::Nats => Some("nats-server"),
        }
    }

    /// Why it cannot be used, if it cannot.
    pub(crate) fn missing(self) -> Option<String> {
        let program = self.program()?;
        let ran = Command::new(program).arg("--version").stdout(Stdio::null()).status();
        (!ran.is_ok_and(|status| status.success())).then(|| format!("needs `{program}`, which Debian has"))
    }

    fn url(self, port: u16) -> String {
        match self {
            Self::Memory => "memory".into(),
            Self::Stored => format!("redis://127.0.0.1:{port}"),
            Self::Published => format!("redis+pubsub://127.0.0.1:{port}"),
            Self::Nats => format!("nats://127.0.0.1:{port}"),
        }
    }

    fn arguments(self, port: u16) -> Vec<String> {
        match self {
            Self::Memory => vec![],
            Self::Nats => ["--addr", "127.0.0.1", "--port", &port.to_string()].map(str::to_owned).to_vec(),
            Self::Stored | Self::Published => {
                let options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port"];
                options.map(str::to_owned).into_iter().chain([port.to_string()]).collect()
            }
        }
    }
}

/// A server for one measurement, with nothing in it; ends with this value.
#[derive(Debug)]
pub(crate) struct Broker {
    carrier: Carrier,
    port: u16,
    /// None where there is nothing to run.
    child: Option<Child>,
}

impl Broker {
    /// Starts what the carrier needs, and waits until it listens.
    pub(crate) fn start(carrier: Carrier, core: Option<u32>) -> Result<Self, String> {
        let Some(program) = carrier.program() else { return Ok(Self { carrier, port: 0, child: None }) };
        let port = free_port()?;
        let words = [vec![program.to_owned()], carrier.arguments(port)].concat();
        let child = pinned(&words, core)
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("cannot start `{program}`: {error}"))?;
        let mut broker = Self { carrier, port, child: Some(child) };
        let start = Instant::now();
        while TcpStream::connect(broker.address()).is_err() {
            if let Some(Ok(Some(status))) = broker.child.as_mut().map(Child::try_wait) {
                return Err(format!("`{program}` ended by itself ({status})"));
            }
            if start.elapsed() > START {
                return Err(format!("`{program}` does not listen after {START:?}"));
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(broker)
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    /// Where a layer finds it.
    pub(crate) fn url(&self) -> String {
        self.carrier.url(self.port)
    }

    pub(crate) fn process(&self) -> Option<Process> {
        self.child.as_ref().map(|child| Process(child.id()))
    }

    /// The bytes that it has allocated for what it holds.
    pub(crate) fn memory(&self) -> Result<Option<u64>, String> {
        match self.carrier {
            Carrier::Memory => Ok(None),
            // It has no figure of its own for it.
            Carrier::Nats => self
                .process()
                .map(|process| process.memory())
                .transpose()
                .map_err(|error| format!("cannot read the memory of NATS: {error}")),
            Carrier::Stored | Carrier::Published => redis_memory(self.address())
                .map(Some)
                .map_err(|error| format!("cannot ask Redis for its memory: {error}")),
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended already; then there is nothing to end.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn redis_memory(address: SocketAddr) -> std::io::Result<u64> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(START))?;
    stream.write_all(b"INFO memory\r\n")?;
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    reader.read_line(&mut head)?;
    let length = head.trim().strip_prefix('$').and_then(|length| length.parse().ok());
    let length: usize = length.ok_or_else(|| std::io::Error::other(format!("it says `{}`", head.trim())))?;
    let mut info = vec![0; length];
    reader.read_exact(&mut info)?;
    let used = used_memory(&String::from_utf8_lossy(&info));
    used.ok_or_else(|| std::io::Error::other("it does not say `used_memory`"))
}

fn used_memory(info: &str) -> Option<u64> {
    info.lines().find_map(|line| line.strip_prefix("used_memory:")?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_what_redis_says() {
        assert_eq!(used_memory("# Memory\r\nused_memory:1045624\r\nused_memory_human:1021.12K\r\n"), Some(1_045_624));
        assert_eq!(used_memory("# Memory\r\nused_memory_rss:1\r\n"), None);
    }

    #[test]
    fn a_carrier_is_named_as_the_chat_names_it() {
        assert_eq!(Carrier::Memory.url(0), "memory");
        assert_eq!(Carrier::Stored.url(6379), "redis://127.0.0.1:6379");
        assert_eq!(Carrier::Published.url(6379), "redis+pubsub://127.0.0.1:6379");
        assert_eq!(Carrier::Nats.url(4222), "nats://127.0.0.1:4222");
    }

    #[test]
    fn where_nothing_runs_nothing_is_started() {
        let broker = Broker::start(Carrier::Memory, None).unwrap();
        assert!(broker.process().is_none() && broker.memory().unwrap().is_none());
    }
}
