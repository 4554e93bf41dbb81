//! A server while it runs.

use std::{
    io::{BufRead, BufReader, Read},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use super::{Broker, Part, Places, Server};

/// How long a server may take to listen.
const START: Duration = Duration::from_secs(30);

/// How many lines of its output are kept, to be told when it fails.
const LINES: usize = 20;

/// A server's process; ends with this value.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    pub(crate) address: SocketAddr,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Running {
    /// Starts a server and waits until it listens.
    pub(crate) fn start(
        server: Server,
        part: Part,
        broker: &Broker,
        places: &Places,
        core: Option<u32>,
    ) -> Result<Self, String> {
        let (command, port) = server.command(part, &broker.url(), places)?;
        let mut child = pinned(&command, core)
            .current_dir(places.sources.join("rivals/channels"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("LAYER", broker.url())
            .env("NODE_ENV", "production")
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start `{}`: {error}", command.join(" ")))?;
        let lines = Arc::new(Mutex::new(Vec::new()));
        keep_lines(child.stdout.take(), &lines);
        keep_lines(child.stderr.take(), &lines);
        let nowhere = SocketAddr::from(([127, 0, 0, 1], port.unwrap_or(0)));
        let mut running = Self { child, address: nowhere, lines };
        running.wait_until_it_listens(port.is_some())?;
        Ok(running)
    }

    fn wait_until_it_listens(&mut self, known: bool) -> Result<(), String> {
        let start = Instant::now();
        loop {
            let printed = self.output().iter().find_map(|line| printed_address(line));
            if let Some(address) = if known { Some(self.address) } else { printed }
                && TcpStream::connect(address).is_ok()
            {
                self.address = address;
                return Ok(());
            }
            if let Some(end) = self.ended() {
                return Err(end);
            }
            if start.elapsed() > START {
                return Err(format!("it does not listen after {START:?}; {}", self.last_lines()));
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub(crate) fn ended(&mut self) -> Option<String> {
        let status = self.child.try_wait().ok()??;
        Some(format!("the server ended by itself ({status}); {}", self.last_lines()))
    }

    fn output(&self) -> Vec<String> {
        self.lines.lock().map(|lines| lines.clone()).unwrap_or_default()
    }

    fn last_lines(&self) -> String {
        let lines = self.output();
        if lines.is_empty() { "it printed nothing".into() } else { format!("it printed: {}", lines.join(" | ")) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command that ends with this program, and runs on one core alone when one is named.
pub(crate) fn pinned(command: &[String], core: Option<u32>) -> Command {
    let mut words: Vec<String> = ["setpriv", "--pdeathsig", "KILL"].map(str::to_owned).to_vec();
    words.extend(core.into_iter().flat_map(|core| ["taskset".into(), "-c".into(), core.to_string()]));
    words.extend_from_slice(command);
    let mut pinned = Command::new(&words[0]);
    pinned.args(&words[1..]);
    pinned
}

/// Reads what a server prints, so that it never waits for us.
fn keep_lines(output: Option<impl Read + Send + 'static>, lines: &Arc<Mutex<Vec<String>>>) {
    let (Some(output), lines) = (output, Arc::clone(lines)) else { return };
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Ok(mut lines) = lines.lock() {
                if lines.len() == LINES {
                    lines.remove(0);
                }
                lines.push(line);
            }
        }
    });
}

/// The address in a line such as `listening on 127.0.0.1:8000`.
fn printed_address(line: &str) -> Option<SocketAddr> {
    let from = &line[line.find("127.0.0.1:")?..];
    let end = from.find(|character: char| !character.is_ascii_digit() && !".:".contains(character));
    let address: SocketAddr = from[..end.unwrap_or(from.len())].parse().ok()?;
    (address.port() != 0).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_what_servers_print() {
        let address = |line| printed_address(line).map(|address| address.port());
        assert_eq!(address("Open http://127.0.0.1:8000/chat/ in two windows."), Some(8000));
        assert_eq!(address("listening on 127.0.0.1:41233"), Some(41233));
        assert_eq!(address("binding to 127.0.0.1:0"), None);
        assert_eq!(address("hello"), None);
    }

    #[test]
    fn a_command_is_pinned_by_taskset() {
        let words = |core| {
            let command = pinned(&["a".into(), "b".into()], core);
            let words = std::iter::once(command.get_program()).chain(command.get_args());
            words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(words(None), ["setpriv", "--pdeathsig", "KILL", "a", "b"]);
        assert_eq!(words(Some(1)), ["setpriv", "--pdeathsig", "KILL", "taskset", "-c", "1", "a", "b"]);
    }
}
