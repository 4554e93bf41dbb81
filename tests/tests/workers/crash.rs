//! Processes that are killed: what they had is another's, and nothing acknowledged is lost.

use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
};

use consumer_runtime::{Retry, worker};
use tokio::process::{Child, Command};

use super::*;

/// Where the processes of these tests learn what to do.
const URL: &str = "WORKERS_TEST_URL";
const FILE: &str = "WORKERS_TEST_FILE";

#[event("line.write")]
struct Line {
    number: usize,
    /// Whether the process kills itself over it.
    deadly: bool,
}

/// Writes a line into a file for each message.
#[consumer(channel = "lines", acknowledged)]
struct Lines {
    file: PathBuf,
}

#[consumer(worker)]
impl Lines {
    #[event("line.write")]
    async fn write(&self, line: &Line) -> Result {
        if line.deadly {
            std::process::abort();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        let mut file = OpenOptions::new().append(true).create(true).open(&self.file)?;
        file.write_all(format!("{}\n", line.number).as_bytes())?;
        Ok(())
    }
}

/// No test, but what the processes of these tests run.
#[tokio::test]
async fn a_process_that_works() {
    let (Ok(url), Ok(file)) = (std::env::var(URL), std::env::var(FILE)) else { return };
    let channels = process(&RedisOptions::url(url)).await;
    let lines = Lines { file: file.into() };
    let workers = worker(channels).consumer(lines).lease(Duration::from_millis(500)).retry(Retry::attempts(3));
    assert!(workers.run().await.unwrap().is_clean());
}

fn start(server: &RedisServer, file: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::a_process_that_works"])
        .env(URL, server.url())
        .env(FILE, file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

fn numbers(file: &Path) -> Vec<usize> {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().map(|line| line.parse().unwrap()).collect()
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_process_that_is_killed_loses_nothing_over_redis() {
    const ALL: usize = 600;
    let server = RedisServer::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lines");
    let channels = process(&RedisOptions::url(server.url())).await;
    let mut workers: Vec<_> = (0..3).map(|_| start(&server, &file)).collect();
    for number in 0..ALL {
        Lines::send(&channels, Line { number, deadly: false }).await.unwrap();
    }
    for at in 0..4 {
        eventually("some are written", || numbers(&file).len() > 100 * (at + 1)).await;
        // SIGKILL, in the middle of what it does.
        workers[at % 3].kill().await.unwrap();
        workers[at % 3] = start(&server, &file);
    }
    soon("all is written", async {
        while numbers(&file).into_iter().collect::<BTreeSet<_>>().len() < ALL {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    soon("nothing is left", async {
        while server.say("XLEN asgi:work:lines").await != ":0" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let written = numbers(&file);
    assert!(written.len() <= ALL + 4 * 10, "at most what was in flight is done twice: {}", written.len());
    for worker in &mut workers {
        // An orderly end, by the signal that a service manager sends.
        let id = worker.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
        assert!(soon("it ends", worker.wait()).await.unwrap().success());
    }
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_message_that_kills_its_process_becomes_a_dead_letter_over_redis() {
    let server = RedisServer::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lines");
    let channels = process(&RedisOptions::url(server.url())).await;
    Lines::send(&channels, Line { number: 0, deadly: true }).await.unwrap();
    for _ in 0..3 {
        let mut worker = start(&server, &file);
        assert!(!soon("it dies of it", worker.wait()).await.unwrap().success());
    }
    let _worker = start(&server, &file);
    let letters = Lines::dead_letters(&channels);
    let letter = soon("it is a dead letter", async {
        loop {
            if let Some(letter) = letters.list(1).await.unwrap().pop() {
                return letter;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert_eq!(letter.error, "3 attempts ended with the process that made them");
    Lines::send(&channels, Line { number: 1, deadly: false }).await.unwrap();
    eventually("others are handled", || numbers(&file) == [1]).await;
}
