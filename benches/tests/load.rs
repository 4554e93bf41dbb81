//! The load client against the engine: it counts every delivery, and says when a server is not what it expects.
#![cfg(target_os = "linux")]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

/// A server that ends with the test.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ours")).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        Self { child, address }
    }

    fn load(&self, arguments: &str) -> Output {
        let mut client = Command::new(env!("CARGO_BIN_EXE_benches"));
        client.args(["load", "--address", &self.address, "--pid", &self.child.id().to_string()]);
        client.args(arguments.split(' ')).output().unwrap()
    }

    fn figures(&self, arguments: &str) -> Value {
        let output = self.load(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn every_delivery_is_counted() {
    let figures = Server::start().figures("fanout --members 20 --window 4 --messages 50 --seconds 30");
    assert_eq!(figures["deliveries"], 1000.0);
    assert_eq!(figures["messages"], 50.0);
    assert_eq!(figures["lost"], 0.0);
    assert_eq!(figures["reordered"], 0.0);
}

#[test]
fn a_message_goes_to_its_own_room_alone() {
    let figures = Server::start().figures("fanout --members 30 --groups 10 --window 3 --messages 100 --seconds 30");
    assert_eq!(figures["deliveries"], 300.0);
    assert_eq!(figures["lost"], 0.0);
}

#[test]
fn texts_come_back() {
    let figures = Server::start().figures("echo --connections 5 --depth 4 --seconds 0.2");
    assert!(figures["echoes"].as_f64() > Some(0.0));
}

#[test]
fn handshakes_with_a_browsers_headers_are_taken() {
    assert_eq!(Server::start().figures("storm --members 50")["handshakes"], 50.0);
}

#[test]
fn another_kind_of_server_is_told() {
    let output = Server::start().load("--speech socket-io fanout --members 1");
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("the server refused the handshake: HTTP/1.1 404"), "{error}");
}

#[test]
fn a_flood_needs_somebody_who_sends() {
    let output = Server::start().load("fanout --members 2 --flood 8 --seconds 1");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("`--flood` needs a `--sender`"));
}
