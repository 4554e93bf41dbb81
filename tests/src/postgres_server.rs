//! A PostgreSQL server of one's own.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
};

use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::{PATIENCE, soon};

/// A PostgreSQL server on a free port with an empty database `app`, whose superuser `app` needs no password; it ends with
/// the test.
#[derive(Debug)]
pub struct PostgresServer {
    port: u16,
    child: Child,
    folder: TempDir,
}

/// Debian keeps its programs where only its own wrappers look.
fn program(name: &str) -> PathBuf {
    let versions = Path::new("/usr/lib/postgresql").read_dir().into_iter().flatten().flatten();
    let found = versions.map(|version| version.path().join("bin").join(name)).filter(|path| path.exists()).max();
    found.unwrap_or_else(|| name.into())
}

/// It refuses to run as root, so there it runs as the user that Debian's package makes.
fn command(name: &str) -> Command {
    let program = program(name);
    if !rustix::process::geteuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--"]).arg(program);
    command
}

impl PostgresServer {
    /// Makes a database, and starts its server.
    ///
    /// # Panics
    /// When there is none, or it does not answer.
    pub async fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        if rustix::process::geteuid().is_root() {
            let owned = Command::new("chown").arg("postgres").arg(folder.path()).status().await;
            assert!(owned.expect("`chown` runs").success(), "a user `postgres`, as Debian's package makes it");
        }
        let made = command("initdb")
            .args([
                "--username",
                "app",
                "--auth",
                "trust",
                "--no-sync",
                "--encoding",
                "UTF8",
                "--locale",
                "C",
                "--pgdata",
            ])
            .arg(folder.path().join("data"))
            .current_dir("/")
            .output()
            .await
            .expect("`initdb` runs; Debian's package is `postgresql`");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let child = start(folder.path(), port);
        let server = Self { port, child, folder };
        server.answers().await;
        let made = Command::new(program("createdb"))
            .args(["-h", "127.0.0.1", "-U", "app", "-p"])
            .arg(port.to_string())
            .arg("app")
            .status();
        assert!(made.await.expect("`createdb` runs").success(), "a database");
        server
    }

    async fn answers(&self) {
        let asking = async {
            loop {
                let mut asked = Command::new(program("pg_isready"));
                asked.args(["-q", "-h", "127.0.0.1", "-U", "app", "-p"]).arg(self.port.to_string());
                if asked.status().await.expect("`pg_isready` runs").success() {
                    return;
                }
                tokio::time::sleep(PATIENCE / 500).await;
            }
        };
        soon("PostgreSQL answers", asking).await;
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://app@127.0.0.1:{}/app", self.port)
    }

    /// Where it is, as Django's `DATABASES` has it.
    #[must_use]
    pub fn django(&self) -> serde_json::Value {
        let (engine, port) = ("django.db.backends.postgresql", self.port.to_string());
        serde_json::json!({"ENGINE": engine, "NAME": "app", "USER": "app", "HOST": "127.0.0.1", "PORT": port})
    }

    /// Ends it without a farewell to anybody, as a crash would, and with it the processes of its connections, which a plain
    /// kill would leave for a moment.
    ///
    /// # Panics
    /// When it cannot be ended.
    pub async fn kill(&mut self) {
        let pid = self.child.id().and_then(|pid| rustix::process::Pid::from_raw(pid.cast_signed())).expect("it runs");
        rustix::process::kill_process(pid, rustix::process::Signal::QUIT).expect("it is ours");
        soon("PostgreSQL is gone", self.child.wait()).await.expect("it is ours");
    }

    /// Starts it again after [`kill`](Self::kill).
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn restart(&mut self) {
        self.child = start(self.folder.path(), self.port);
        self.answers().await;
    }
}

fn start(folder: &Path, port: u16) -> Child {
    command("postgres")
        .arg("-D")
        .arg(folder.join("data"))
        .args(["-p", &port.to_string(), "-h", "127.0.0.1", "-c", "fsync=off", "-c", "unix_socket_directories="])
        .args(["-c", "max_connections=20", "-c", "shared_buffers=16MB"])
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("`postgres` runs; Debian's package is `postgresql`")
}
