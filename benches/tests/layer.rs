//! The programs that send and receive through a layer do what they are told, and say so.
#![cfg(target_os = "linux")]

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(30);

/// Tries until it is so.
fn soon(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "not so after {PATIENCE:?}");
        std::thread::yield_now();
    }
}

/// A process that ends with the test.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Peer {
    tell: ChildStdin,
    lines: BufReader<ChildStdout>,
    _process: Ends,
}

impl Peer {
    fn start(program: &str, layer: &str) -> Self {
        let mut child = Command::new(program).arg(layer).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (tell, lines) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut peer = Self { tell, lines, _process: Ends(child) };
        assert_eq!(peer.line(), "ready");
        peer
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    fn ask(&mut self, command: &str) -> Value {
        writeln!(self.tell, "{command}").unwrap();
        serde_json::from_str(&self.line()).unwrap()
    }

    fn send(&mut self, groups: usize, in_flight: usize) -> usize {
        let task = json!({"groups": groups, "in_flight": in_flight, "rate": 100.0, "seconds": 0.1});
        let sent = self.ask(&format!("send {task}"));
        assert_eq!(sent["failed"], 0);
        assert!(sent["seconds"].as_f64().unwrap() >= 0.1);
        sent["sent"].as_u64().unwrap() as usize
    }

    fn hears(&mut self, count: usize) {
        soon(|| self.ask("count")["count"] == count);
        let heard = self.ask("heard");
        let times = heard["nanoseconds"].as_array().unwrap();
        assert_eq!(times.len(), count);
        let limit = PATIENCE.as_nanos() as i64;
        assert!(times.iter().all(|time| (0..limit).contains(&time.as_i64().unwrap())), "{heard}");
        assert_eq!(self.ask("count")["count"], 0);
    }
}

/// A `redis-server` on a free port.
fn redis() -> (Ends, String) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let options = ["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    let child =
        Command::new("redis-server").args(options).current_dir(std::env::temp_dir()).stdout(Stdio::null()).spawn();
    let server = Ends(child.unwrap());
    let address = format!("127.0.0.1:{port}");
    soon(|| TcpStream::connect(&address).is_ok());
    (server, address)
}

#[test]
fn in_memory_one_process_sends_and_hears() {
    let mut peer = Peer::start(env!("CARGO_BIN_EXE_layer"), "memory");
    assert!(peer.ask("join 3")["seconds"].is_number());
    let sent = peer.send(3, 2);
    assert!(sent > 2, "{sent} sent");
    peer.hears(sent);
    assert_eq!(peer.ask("say chat_r0 hello"), json!({}));
}

#[test]
#[ignore = "needs redis-server"]
fn one_process_hears_what_another_sends_over_redis() {
    let (_server, address) = redis();
    for program in [env!("CARGO_BIN_EXE_layer"), env!("CARGO_BIN_EXE_redis-floor")] {
        for scheme in ["redis", "redis+pubsub"] {
            let layer = format!("{scheme}://{address}");
            let [mut sender, mut one, mut other] = [(); 3].map(|()| Peer::start(program, &layer));
            for peer in [&mut one, &mut other] {
                peer.ask("join 5");
            }
            let sent = sender.send(5, 3);
            assert!(sent > 3, "{sent} sent");
            one.hears(sent);
            other.hears(sent);
        }
    }
}
