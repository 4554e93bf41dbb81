//! rust-analyzer as a child process that speaks the Language Server Protocol.

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::project::Project;

/// How long the whole check may take, once the program's dependencies are compiled.
const PATIENCE: Duration = Duration::from_secs(300);

/// The codes of answers that say "ask again": the content was modified, or the server cancelled.
const ASK_AGAIN: [i64; 2] = [-32801, -32802];

pub(crate) struct Server {
    child: Child,
    input: ChildStdin,
    /// What it says, read by a thread, so that waiting can end.
    messages: Receiver<Value>,
    deadline: Instant,
    requests: u64,
}

impl Server {
    /// Starts rust-analyzer, `$RUST_ANALYZER` or the one in the path, and waits until it knows the project.
    pub(crate) fn start(project: &Project) -> Self {
        let program = env::var_os("RUST_ANALYZER").unwrap_or_else(|| "rust-analyzer".into());
        let mut child = Command::new(program)
            .current_dir(project.root())
            .env("CARGO_TARGET_DIR", project.target())
            .env("RA_LOG", "error")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`rust-analyzer` runs; `tests/run` installs it");
        let input = child.stdin.take().expect("its input is a pipe");
        let output = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        let (sender, messages) = channel();
        thread::spawn(move || read(output, &sender));
        let mut server = Self { child, input, messages, deadline: Instant::now() + PATIENCE, requests: 0 };
        server.initialize(project);
        server
    }

    fn initialize(&mut self, project: &Project) {
        let root = format!("file://{}", project.root().display());
        let answer = self.request(
            "initialize",
            json!({
                "processId": std::process::id(),
                "rootUri": root,
                "workspaceFolders": [{"uri": root, "name": "editor"}],
                "capabilities": {
                    "general": {"positionEncodings": ["utf-8"]},
                    "workspace": {"workspaceEdit": {"documentChanges": true}},
                    "textDocument": {
                        "diagnostic": {},
                        "hover": {"contentFormat": ["markdown"]},
                        "definition": {"linkSupport": false},
                    },
                    "experimental": {"serverStatusNotification": true},
                },
                // The compiler's own errors are not the question, and nothing is asked twice: no check, no cache.
                "initializationOptions": {"checkOnSave": false, "cachePriming": {"enable": false}},
            }),
        );
        println!("{}", answer["serverInfo"]);
        self.notify("initialized", json!({}));
        self.wait_until("the project is loaded", |message| {
            let status = &message["params"];
            (message["method"] == "experimental/serverStatus" && status["quiescent"] == true).then(|| {
                // Without the standard library's source the types of half of the program are unknown.
                assert_eq!(status["health"], "ok", "rust-analyzer could not load the project: {}", status["message"]);
            })
        });
    }

    /// Asks, and waits for the answer.
    ///
    /// # Panics
    /// When the answer is an error, or does not come in time.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        loop {
            self.requests += 1;
            let id = self.requests;
            self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
            let mut answer = self.wait_until(method, |message| {
                (message["id"] == id && message.get("method").is_none()).then(|| message.clone())
            });
            match answer["error"]["code"].as_i64() {
                Some(code) if ASK_AGAIN.contains(&code) => {}
                Some(_) => panic!("rust-analyzer answers {method} with {}", answer["error"]),
                None => return answer["result"].take(),
            }
        }
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// The first message that `wanted` takes; the server's own requests are answered on the way.
    fn wait_until<T>(&mut self, what: &str, wanted: impl Fn(&Value) -> Option<T>) -> T {
        loop {
            let left = self.deadline.saturating_duration_since(Instant::now());
            let message = match self.messages.recv_timeout(left) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => panic!("not within {PATIENCE:?}: {what}"),
                Err(RecvTimeoutError::Disconnected) => panic!("rust-analyzer ended before this: {what}"),
            };
            if let Some(found) = wanted(&message) {
                return found;
            }
            if let (Some(id), Some(_)) = (message.get("id"), message.get("method")) {
                self.send(&json!({"jsonrpc": "2.0", "id": id, "result": null}));
            }
        }
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len())
            .and_then(|()| self.input.flush())
            .expect("rust-analyzer reads its input");
    }

    /// Ends the server as an editor does.
    pub(crate) fn stop(mut self) {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        while !matches!(self.messages.recv_timeout(Duration::from_secs(10)), Err(RecvTimeoutError::Disconnected)) {
            assert!(Instant::now() < self.deadline, "rust-analyzer does not exit");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After a failure it still runs; it may also be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Passes on messages until the server's output ends.
fn read(mut output: BufReader<ChildStdout>, messages: &Sender<Value>) {
    while let Some(message) = next(&mut output) {
        if messages.send(message).is_err() {
            return;
        }
    }
}

fn next(output: &mut BufReader<ChildStdout>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
