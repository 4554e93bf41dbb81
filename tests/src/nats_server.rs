//! A NATS server of one's own.

use std::{net::TcpListener, path::Path, process::Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
};

use crate::{PATIENCE, freezing::freeze, soon};

/// A `nats-server` on a free port that stores nothing on disk; it ends with the test.
#[derive(Debug)]
pub struct NatsServer {
    port: u16,
    monitor: u16,
    /// What it is set up with, beside its ports.
    folder: TempDir,
    child: Child,
}

fn start(folder: &Path) -> Child {
    Command::new("nats-server")
        .arg("-c")
        .arg(folder.join("nats.conf"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("`nats-server` runs; Debian has it")
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

impl NatsServer {
    /// Starts one for everybody, and waits until it answers.
    ///
    /// # Panics
    /// When there is none, or it does not answer.
    pub async fn new() -> Self {
        Self::with("").await
    }

    /// Starts one with more in its configuration file.
    ///
    /// # Panics
    /// When there is none, or it does not answer.
    pub async fn with(config: &str) -> Self {
        // Another test may take a port before the server does; then it has ended, and the next ones are tried.
        for _ in 0..5 {
            let (port, monitor) = (free_port(), free_port());
            let folder = tempfile::tempdir().expect("a folder");
            let whole = format!("listen: \"127.0.0.1:{port}\"\nhttp: \"127.0.0.1:{monitor}\"\n{config}\n");
            std::fs::write(folder.path().join("nats.conf"), whole).expect("a file");
            let child = start(folder.path());
            let mut server = Self { port, monitor, folder, child };
            if server.answers().await {
                return server;
            }
        }
        panic!("no nats-server answers on any port")
    }

    /// Its port, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Kills it, as a crash would.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("our own child");
    }

    /// Freezes it, or lets it go on: it is there, and says nothing.
    ///
    /// # Panics
    /// When it has ended.
    pub async fn freeze(&self, frozen: bool) {
        freeze(self.child.id().expect("it runs"), frozen).await;
    }

    /// Starts it again in the same place.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn restart(&mut self) {
        self.child = start(self.folder.path());
        assert!(self.answers().await, "it has answered here before");
    }

    /// Publishes messages as somebody else would, in one go, and waits until the server has them.
    ///
    /// # Panics
    /// When the server does not take them.
    pub async fn publish(&self, messages: &[(&str, &[u8])]) {
        let mut lines = b"CONNECT {\"verbose\":false}\r\n".to_vec();
        for (subject, body) in messages {
            lines.extend(format!("PUB {subject} {}\r\n", body.len()).as_bytes());
            lines.extend(*body);
            lines.extend(b"\r\n");
        }
        lines.extend(b"PING\r\n");
        let told = soon("nats-server answers", self.ask(self.port, &lines, "PONG\r\n")).await.expect("an answer");
        assert!(!told.contains("-ERR"), "{told}");
    }

    /// How many clients are connected.
    ///
    /// # Panics
    /// When the server does not say.
    pub async fn connections(&self) -> usize {
        self.clients().await["connections"].as_array().map_or(0, Vec::len)
    }

    /// What its clients are subscribed to.
    ///
    /// # Panics
    /// When the server does not say.
    pub async fn subjects(&self) -> Vec<String> {
        let clients = self.clients().await;
        let lists = clients["connections"].as_array().into_iter().flatten();
        let subjects = lists.flat_map(|client| client["subscriptions_list"].as_array().into_iter().flatten());
        subjects.filter_map(|subject| subject.as_str().map(str::to_owned)).collect()
    }

    async fn clients(&self) -> Value {
        let request = b"GET /connz?subs=1 HTTP/1.0\r\n\r\n";
        let told = soon("nats-server tells", self.ask(self.monitor, request, "\n}")).await.expect("an answer");
        let (_, body) = told.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).expect("JSON")
    }

    /// Says something, and gives everything that comes until `end`.
    async fn ask(&self, port: u16, text: &[u8], end: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.write_all(text).await?;
        let mut told = Vec::new();
        while !String::from_utf8_lossy(&told).contains(end) {
            if stream.read_buf(&mut told).await? == 0 {
                break;
            }
        }
        Ok(String::from_utf8_lossy(&told).into_owned())
    }

    async fn answers(&mut self) -> bool {
        let until = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            // It says so by itself, before anybody is let in.
            if self.ask(self.port, b"", "\r\n").await.is_ok_and(|told| told.starts_with("INFO ")) {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        false
    }
}
