//! Processes of Django Channels.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::soon;

/// The Pythons that `tests/interop/install` has made, each with another redis-py.
///
/// # Panics
/// When there are none.
#[must_use]
pub fn pythons() -> Vec<PathBuf> {
    let test = std::env::current_exe().expect("a test is a program");
    // `target/PROFILE/deps/layers-..`, with the target's triple before the profile where cargo was given one.
    let found = test.ancestors().map(|folder| folder.join("interop")).find(|folder| folder.is_dir());
    let folder = found.expect("no Pythons; run `tests/interop/install` first");
    let places = folder.read_dir().expect("a readable folder").map(|place| place.expect("a readable entry").path());
    let mut pythons: Vec<_> = places.map(|place| place.join("bin/python")).filter(|python| python.exists()).collect();
    pythons.sort();
    assert!(!pythons.is_empty(), "no Pythons; run `tests/interop/install` first");
    pythons
}

/// One process with one channel; it ends with the test.
#[derive(Debug)]
pub struct Django {
    /// The name of its channel.
    pub channel: String,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    /// Told while something else was waited for.
    before: VecDeque<Value>,
    _child: Child,
}

impl Django {
    /// Starts one with a layer of channels_redis, such as `pubsub.RedisPubSubChannelLayer`, and its settings.
    ///
    /// # Panics
    /// When it does not run.
    pub async fn new(python: &Path, layer: &str, config: Value) -> Self {
        let peer = concat!(env!("CARGO_MANIFEST_DIR"), "/interop/peer.py");
        let wanted = json!({ "layer": format!("channels_redis.{layer}"), "config": config });
        let mut child = Command::new(python)
            .arg(peer)
            .arg(wanted.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("Python runs");
        let (input, output) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        let output = BufReader::new(output).lines();
        let mut django = Self { channel: String::new(), input, output, before: VecDeque::new(), _child: child };
        let Value::String(channel) = django.next("channel").await else { panic!("a name") };
        django.channel = channel;
        django
    }

    /// Calls a method of the layer, and waits until it has returned; `"<own>"` is its own channel.
    ///
    /// # Panics
    /// When it fails.
    pub async fn call(&mut self, method: &str, arguments: Value) {
        self.try_call(method, arguments).await.unwrap_or_else(|error| panic!("{method}: {error}"));
    }

    /// Calls a method of the layer, and waits until it has returned.
    ///
    /// # Errors
    /// What it has raised.
    ///
    /// # Panics
    /// When the process has ended.
    pub async fn try_call(&mut self, method: &str, arguments: Value) -> Result<(), String> {
        self.input.write_all(format!("{}\n", json!({ method: arguments })).as_bytes()).await.expect("it reads");
        match self.next("done").await.as_str() {
            Some("") => Ok(()),
            error => Err(error.unwrap_or_default().to_owned()),
        }
    }

    /// How often it could not receive, which its own layer has raised.
    ///
    /// # Panics
    /// When the process has ended.
    pub async fn failures(&mut self) -> u64 {
        self.input.write_all(b"{}\n").await.expect("it reads");
        self.next("failures").await.as_u64().expect("a number")
    }

    /// The next message that its channel gets.
    ///
    /// # Panics
    /// When none comes.
    pub async fn hear(&mut self) -> Value {
        self.next("heard").await
    }

    async fn next(&mut self, what: &str) -> Value {
        if let Some(at) = self.before.iter().position(|told| told.get(what).is_some()) {
            return self.before.remove(at).map(|mut told| told[what].take()).expect("it is there");
        }
        loop {
            let line = soon(&format!("Python tells {what}"), self.output.next_line()).await;
            let line = line.expect("a pipe").expect("it still runs; its error stands above");
            let mut told: Value = serde_json::from_str(&line).expect("JSON");
            if told.get(what).is_some() {
                return told[what].take();
            }
            self.before.push_back(told);
        }
    }
}

/// Django's `manage.py runworker`, which ends with the test.
#[derive(Debug)]
pub struct Runworker {
    _child: Child,
}

impl Runworker {
    /// Starts one for a channel, with a layer of channels_redis and its settings; the project is `interop/project`. What
    /// is sent before it is ready waits for it.
    ///
    /// # Panics
    /// When it does not run.
    #[must_use]
    pub fn new(python: &Path, layer: &str, config: Value, channel: &str) -> Self {
        let layer = json!({ "BACKEND": format!("channels_redis.{layer}"), "CONFIG": config });
        let child = Command::new(python)
            .arg("manage.py")
            .args(["runworker", channel])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/interop/project"))
            .env("LAYER", layer.to_string())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Python runs");
        Self { _child: child }
    }
}
