//! Other processes of ours.

use std::{net::SocketAddr, path::Path, process::Stdio};

use consumer_runtime::RedisOptions;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::{Client, Wire, soon};

/// A process that serves the consumers of [`news`](crate::news); it ends with the test.
#[derive(Debug)]
pub struct Process {
    /// Where it listens.
    pub address: SocketAddr,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Process {
    /// Starts one of `program`, which is `env!("CARGO_BIN_EXE_process")` for whoever is a test.
    ///
    /// # Panics
    /// When it does not run.
    pub async fn new(program: impl AsRef<Path>, wire: Wire, options: &RedisOptions) -> Self {
        let options = serde_json::to_string(options).expect("JSON");
        let mut child = Command::new(program.as_ref())
            .args([wire.word(), &options])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the tests' own program");
        let (input, output) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        let mut output = BufReader::new(output).lines();
        let told = next(&mut output).await;
        let address = told["address"].as_str().and_then(|address| address.parse().ok()).expect("an address");
        Self { address, input, output, _child: child }
    }

    /// A client that is connected to `path`.
    pub async fn client(&self, path: &str) -> Client {
        Client::connect(self.address, path).await
    }

    /// Sends a piece of news to all readers.
    ///
    /// # Errors
    /// What the process says of it.
    pub async fn send(&mut self, number: u32) -> Result<(), String> {
        match self.tell(&json!({ "send": number })).await["failed"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(()),
        }
    }

    /// One of its counts.
    ///
    /// # Panics
    /// When there is none of that name.
    pub async fn count(&mut self, name: &str) -> u64 {
        self.tell(&json!({ "counts": null })).await["counts"][name].as_u64().expect("a count")
    }

    async fn tell(&mut self, what: &Value) -> Value {
        self.input.write_all(format!("{what}\n").as_bytes()).await.expect("it reads");
        next(&mut self.output).await["done"].take()
    }
}

async fn next(output: &mut Lines<BufReader<ChildStdout>>) -> Value {
    let line = soon("our process answers", output.next_line()).await.expect("a pipe");
    serde_json::from_str(&line.expect("it still runs; its error stands above")).expect("JSON")
}
