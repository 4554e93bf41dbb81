//! A Redis server of one's own.

use std::{net::TcpListener, path::Path, process::Stdio};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
};

use crate::{PATIENCE, freezing::freeze, soon};

/// A `redis-server` on a free port that stores nothing on disk; it ends with the test.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    /// Whether there is a user `admin` with the password `admin`, as whom everything is said.
    has_admin: bool,
    child: Child,
    kind: Kind,
    arguments: Vec<String>,
    /// What it writes beside its data: configurations that it changes itself.
    folder: TempDir,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    Tls,
    Cluster,
    Sentinel,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

fn start(port: u16, kind: Kind, arguments: &[String], folder: &Path) -> Child {
    let port = port.to_string();
    let mut command = Command::new("redis-server");
    match kind {
        Kind::Sentinel => command.arg(folder.join("sentinel.conf")).arg("--sentinel").args(["--port", &port]),
        Kind::Plain => command.args(["--port", &port]),
        Kind::Tls => command.args(["--port", "0", "--tls-port", &port, "--tls-auth-clients", "no"]),
        Kind::Cluster => command.args(["--port", &port, "--cluster-enabled", "yes"]),
    };
    if kind != Kind::Sentinel {
        command.args(["--save", "", "--appendonly", "no"]);
    }
    command
        .args(["--bind", "127.0.0.1"])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("`redis-server` runs; Debian has it")
}

impl RedisServer {
    /// Starts one, and waits until it answers.
    ///
    /// # Panics
    /// When there is none, or it does not answer.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// Starts one with more arguments of `redis-server`'s.
    ///
    /// # Panics
    /// When there is none, or it does not answer.
    pub async fn with(arguments: &[&str]) -> Self {
        Self::of_kind(Kind::Plain, arguments).await
    }

    /// Starts one that speaks TLS alone.
    ///
    /// # Panics
    /// When there is none, or it does not answer.
    pub async fn tls(certificate: &str, key: &str) -> Self {
        Self::of_kind(Kind::Tls, &["--tls-cert-file", certificate, "--tls-key-file", key]).await
    }

    /// Starts a node of a cluster, which is none yet.
    ///
    /// # Panics
    /// When there is none, or it does not answer.
    pub(crate) async fn node() -> (Self, u16) {
        let bus = free_port();
        // One that fails is noticed soon, and the others go on without it.
        let arguments = ["--cluster-node-timeout", "1000", "--cluster-require-full-coverage", "no", "--cluster-port"];
        (Self::of_kind(Kind::Cluster, &[&arguments[..], &[&bus.to_string()]].concat()).await, bus)
    }

    /// Starts a sentinel that watches over a master called `main`, and calls it down soon.
    ///
    /// # Panics
    /// When there is none, or it does not answer.
    pub async fn sentinel(master: &RedisServer, more: &str) -> Self {
        let port = master.port;
        let conf = format!(
            "sentinel monitor main 127.0.0.1 {port} 2\nsentinel down-after-milliseconds main 2000\n\
             sentinel failover-timeout main 2000\n{more}\n"
        );
        Self::start(Kind::Sentinel, &[], Some(&conf)).await
    }

    async fn of_kind(kind: Kind, arguments: &[&str]) -> Self {
        Self::start(kind, arguments, None).await
    }

    async fn start(kind: Kind, arguments: &[&str], conf: Option<&str>) -> Self {
        let arguments: Vec<_> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        // Another test may take the port before the server does; then it has ended, and the next one is tried.
        for _ in 0..5 {
            let (port, folder) = (free_port(), TempDir::new().expect("a folder"));
            if let Some(conf) = conf {
                std::fs::write(folder.path().join("sentinel.conf"), conf).expect("a file");
            }
            let child = start(port, kind, &arguments, folder.path());
            let mut server = Self { port, has_admin: false, child, kind, arguments: arguments.clone(), folder };
            if server.answers().await {
                return server;
            }
        }
        panic!("no redis-server answers on any port")
    }

    /// Its port, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        let user = if self.has_admin { "admin:admin@" } else { "" };
        format!("redis://{user}127.0.0.1:{}", self.port)
    }

    /// Adds a user of the test's own, who is let in whatever becomes of others.
    ///
    /// # Panics
    /// When there can be none.
    pub async fn add_admin(&mut self) {
        assert_eq!(self.say("ACL SETUSER admin on >admin ~* &* +@all").await, "+OK");
        self.has_admin = true;
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

    /// Starts it again in the same place, with nothing in it.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn restart(&mut self) {
        self.child = start(self.port, self.kind, &self.arguments, self.folder.path());
        assert!(self.answers().await, "it has answered here before");
    }

    /// Starts it again in the same place with still more arguments, and waits for nothing.
    pub fn start_again(&mut self, arguments: &[&str]) {
        let more = arguments.iter().map(|argument| (*argument).to_owned());
        let arguments: Vec<_> = self.arguments.iter().cloned().chain(more).collect();
        self.child = start(self.port, self.kind, &arguments, self.folder.path());
    }

    /// Says a command in one line, and gives the first line of the answer.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn say(&self, line: &str) -> String {
        soon("redis-server answers", self.ask(line)).await.expect("an answer")
    }

    /// Says a command in one line, and gives the whole answer, a text.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn say_all(&self, line: &str) -> String {
        soon("redis-server answers", self.ask_whole(line)).await.expect("an answer")
    }

    /// Says a command, and gives the first line of the answer, or nothing when nobody answers.
    pub async fn try_say(&self, line: &str) -> String {
        soon("redis-server answers, or not", self.ask(line)).await.unwrap_or_default()
    }

    /// A number out of what `INFO` says.
    ///
    /// # Panics
    /// When it says no such thing.
    pub async fn info(&self, name: &str) -> u64 {
        let all = self.say_all("INFO").await;
        let found = all.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        found.and_then(|value| value.trim().parse().ok()).expect("a number of this name")
    }

    /// The last number of what it answers to a command.
    ///
    /// # Panics
    /// When there is none.
    pub async fn number(&self, line: &str) -> u64 {
        let all = self.say_all(line).await;
        let found = all.lines().rev().find_map(|line| line.strip_prefix(':'));
        found.and_then(|value| value.parse().ok()).expect("a number")
    }

    async fn ask(&self, line: &str) -> std::io::Result<String> {
        Ok(self.ask_whole(line).await?.lines().next().unwrap_or_default().to_owned())
    }

    async fn ask_whole(&self, line: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let admin = if self.has_admin { "AUTH admin admin\r\n" } else { "" };
        stream.write_all(format!("{admin}{line}\r\n").as_bytes()).await?;
        // It answers, and then hangs up; sentinels have no QUIT.
        stream.shutdown().await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let answer = String::from_utf8_lossy(&answer);
        let own = if self.has_admin { answer.strip_prefix("+OK\r\n") } else { Some(&*answer) };
        Ok(own.unwrap_or(&answer).to_owned())
    }

    async fn is_there(&self) -> bool {
        if self.kind == Kind::Tls {
            return TcpStream::connect(("127.0.0.1", self.port)).await.is_ok();
        }
        self.ask("PING").await.is_ok_and(|answer| answer == "+PONG" || answer.starts_with("-NOAUTH"))
    }

    async fn answers(&mut self) -> bool {
        let until = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            if self.is_there().await {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        false
    }
}
