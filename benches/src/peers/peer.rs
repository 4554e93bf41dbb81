//! One process that sends and receives through a channel layer, and does what it is told line by line.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{load::Process, servers::pinned};

/// How long it may take to answer: 10 000 joins one after the other are the longest.
const PATIENCE: Duration = Duration::from_secs(60);

/// What one is told to send.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Task {
    /// Messages go to one group after the other, by leaps.
    pub(super) groups: usize,
    /// How many sends wait for their answers at once.
    pub(super) in_flight: usize,
    /// How many sends a second, one at a time; as many as it can when there is none.
    pub(super) rate: Option<f64>,
    pub(super) seconds: f64,
}

/// What it says of it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Sent {
    pub(super) sent: usize,
    pub(super) failed: usize,
    pub(super) seconds: f64,
}

/// How long its joins took.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Joined {
    pub(super) seconds: f64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Count {
    count: usize,
}

/// From send to arrival, in nanoseconds, of each message since it was last asked.
#[derive(Debug, Deserialize)]
struct Heard {
    nanoseconds: Vec<i64>,
}

/// A process; ends with this value.
#[derive(Debug)]
pub(super) struct Peer {
    child: Child,
    tell: ChildStdin,
    lines: Receiver<String>,
}

impl Peer {
    /// Starts one; [`ready`](Self::ready) waits for it.
    pub(super) fn start(words: &[String], core: Option<u32>) -> Result<Self, String> {
        let mut child = pinned(words, core)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("RUST_LOG", "warn")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start `{}`: {error}", words.join(" ")))?;
        let (Some(tell), Some(out)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("a process of the layer has no pipes".into());
        };
        let (told, lines) = mpsc::channel();
        thread::spawn(move || {
            // Ends with the process, or when nobody listens any more.
            let _ = BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| told.send(line));
        });
        Ok(Self { child, tell, lines })
    }

    fn line(&self) -> Result<String, String> {
        self.lines.recv_timeout(PATIENCE).map_err(|error| format!("a process of the layer says nothing: {error}"))
    }

    /// Waits until it can be told something.
    pub(super) fn ready(&self) -> Result<(), String> {
        self.line().map(drop)
    }

    fn ask<T: DeserializeOwned>(&mut self, command: &str) -> Result<T, String> {
        writeln!(self.tell, "{command}").map_err(|error| format!("a process of the layer is gone: {error}"))?;
        let line = self.line()?;
        serde_json::from_str(&line).map_err(|error| format!("{error} in what it answers to `{command}`"))
    }

    /// Joins so many groups, one after the other.
    pub(super) fn join(&mut self, groups: usize) -> Result<Joined, String> {
        self.ask(&format!("join {groups}"))
    }

    pub(super) fn send(&mut self, task: Task) -> Result<Sent, String> {
        let task = serde_json::to_string(&task).map_err(|error| error.to_string())?;
        self.ask(&format!("send {task}"))
    }

    /// How many messages came since [`heard`](Self::heard) was last asked.
    pub(super) fn count(&mut self) -> Result<usize, String> {
        self.ask::<Count>("count").map(|count| count.count)
    }

    /// How long each message took that came since the last time.
    pub(super) fn heard(&mut self) -> Result<Vec<Duration>, String> {
        let heard: Heard = self.ask("heard")?;
        times(&heard.nanoseconds)
    }

    pub(super) fn process(&self) -> Process {
        Process(self.child.id())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Both ends read the machine's clock, which somebody may set meanwhile.
fn times(nanoseconds: &[i64]) -> Result<Vec<Duration>, String> {
    let times = nanoseconds.iter().map(|&time| u64::try_from(time).map(Duration::from_nanos));
    times.collect::<Result<_, _>>().map_err(|_| "a message came before it was sent: the clock was set".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Peer {
        Peer::start(&["sh", "-c", script].map(str::to_owned), None).unwrap()
    }

    #[test]
    fn a_process_answers_line_by_line() {
        let mut peer =
            sh(r#"echo ready; read join; echo '{"seconds": 0.5}'; read heard; echo '{"nanoseconds": [1500, 2]}'"#);
        peer.ready().unwrap();
        assert_eq!(peer.join(3).unwrap().seconds, 0.5);
        assert_eq!(peer.heard().unwrap(), [Duration::from_nanos(1500), Duration::from_nanos(2)]);
    }

    #[test]
    fn a_process_that_ends_or_babbles_is_an_error() {
        assert!(sh("exit 1").ready().unwrap_err().contains("says nothing"));
        let mut peer = sh("echo ready; read count; echo hello");
        peer.ready().unwrap();
        assert!(peer.count().unwrap_err().contains("in what it answers to `count`"));
    }

    #[test]
    fn a_message_cannot_come_before_it_is_sent() {
        assert!(times(&[5, -1]).is_err());
    }
}
