//! A Redis server of one's own.

use std::{net::TcpListener, path::Path, process::Stdio};

use tempfile::TempDir;
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
            "sentinel monitor main 127.0.0.1 {port} 2\nsentinel down-after-milliseconds main 300\n\
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
            let mut server = Self { port, child, kind, arguments: arguments.clone(), folder };
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
        format!("redis://127.0.0.1:{}", self.port)
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
        self.child = start(self.port, self.kind, &self.arguments, self.folder.path());
        assert!(self.answers().await, "it has answered here before");
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
        let asked = async {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
            stream.write_all(format!("{line}\r\n").as_bytes()).await?;
            // It answers, and then hangs up; sentinels have no QUIT.
            stream.shutdown().await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await?;
            std::io::Result::Ok(answer)
        };
        soon("redis-server answers", asked).await.expect("an answer")
    }

    async fn ask(&self, line: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        let mut answer = [0; 256];
        let len = stream.read(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer[..len]).lines().next().unwrap_or_default().to_owned())
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
