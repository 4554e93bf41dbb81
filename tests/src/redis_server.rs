//! A Redis server of one's own.

use std::{net::TcpListener, process::Stdio};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
};

use crate::{PATIENCE, soon};

/// A `redis-server` on a free port that stores nothing on disk; it ends with the test.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    arguments: Vec<String>,
    /// Whether there is a user `admin` with the password `admin`, as whom everything is said.
    has_admin: bool,
    child: Child,
}

fn start(port: u16, arguments: &[String]) -> Child {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .args(arguments)
        .current_dir(std::env::temp_dir())
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

    /// Starts one with more arguments, `--dir` and the like, and waits until it answers.
    ///
    /// # Panics
    /// When there is none, or it does not answer.
    pub async fn with(arguments: &[&str]) -> Self {
        let arguments: Vec<_> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        // Another test may take the port before the server does; then it has ended, and the next one is tried.
        for _ in 0..5 {
            let port =
                TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
            let mut server =
                Self { port, arguments: arguments.clone(), has_admin: false, child: start(port, &arguments) };
            if server.answers().await {
                return server;
            }
        }
        panic!("no redis-server answers on any port")
    }

    /// The port that it is on.
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
        let signal = if frozen { "-STOP" } else { "-CONT" };
        let id = self.child.id().expect("it runs").to_string();
        let told = Command::new("kill").args([signal, &id]).status().await;
        assert!(told.is_ok_and(|status| status.success()), "our own child");
    }

    /// Starts it again in the same place, with nothing in it.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn restart(&mut self) {
        self.start_again(&[]);
        assert!(self.answers().await, "it has answered here before");
    }

    /// Starts it again in the same place with still more arguments, and waits for nothing.
    pub fn start_again(&mut self, arguments: &[&str]) {
        let more = arguments.iter().map(|argument| (*argument).to_owned());
        let arguments: Vec<_> = self.arguments.iter().cloned().chain(more).collect();
        self.child = start(self.port, &arguments);
    }

    /// Says a command in one line, and gives the first line of the answer.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn say(&self, line: &str) -> String {
        soon("redis-server answers", self.ask(line)).await.expect("an answer")
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
        let all = soon("redis-server answers", self.ask_whole("INFO")).await.expect("an answer");
        let found = all.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        found.and_then(|value| value.trim().parse().ok()).expect("a number of this name")
    }

    /// The last number of what it answers to a command.
    ///
    /// # Panics
    /// When there is none.
    pub async fn number(&self, line: &str) -> u64 {
        let all = soon("redis-server answers", self.ask_whole(line)).await.expect("an answer");
        let found = all.lines().rev().find_map(|line| line.strip_prefix(':'));
        found.and_then(|value| value.parse().ok()).expect("a number")
    }

    async fn ask(&self, line: &str) -> std::io::Result<String> {
        Ok(self.ask_whole(line).await?.lines().next().unwrap_or_default().to_owned())
    }

    async fn ask_whole(&self, line: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let admin = if self.has_admin { "AUTH admin admin\r\n" } else { "" };
        stream.write_all(format!("{admin}{line}\r\nQUIT\r\n").as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let answer = String::from_utf8_lossy(&answer);
        let own = if self.has_admin { answer.strip_prefix("+OK\r\n") } else { Some(&*answer) };
        Ok(own.unwrap_or(&answer).to_owned())
    }

    async fn answers(&mut self) -> bool {
        let until = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            if self.ask("PING").await.is_ok_and(|answer| answer == "+PONG") {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        false
    }
}
