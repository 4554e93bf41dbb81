//! What a consumer with many handlers costs the compiler, against as many arms of a `match` written by hand.
//!
//! ```text
//! cargo bench -p benches --bench compile-time
//! ```
//!
//! Both programs are written into a crate of their own under `target`, checked in turns, and printed expanded. The
//! hand-written one is what a user of axum would write: a tagged enum for the frames, one for the events, and a `match`
//! over each in a function that is given the socket.

mod programs;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// How often each program is checked; odd, so that the median is one of them.
const ROUNDS: usize = 9;

fn main() {
    let sizes = match env::args().skip(1).find_map(|argument| argument.parse().ok()) {
        Some(handlers) => vec![handlers],
        None => vec![10, 40, 160],
    };
    println!(
        "| handlers | `cargo check` by hand | generated | ratio | expanded tokens by hand | written tokens | expanded tokens |"
    );
    println!("|---|---|---|---|---|---|---|");
    for handlers in sizes {
        let hand = Program::new("by-hand", &programs::by_hand(handlers));
        let generated = Program::new("generated", &programs::generated(handlers));
        hand.check();
        generated.check();
        let (mut by_hand, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            by_hand.push(hand.check());
            ours.push(generated.check());
        }
        let (by_hand, ours) = (median(by_hand), median(ours));
        println!(
            "| {handlers} | {} ms | {} ms | {:.2} | {} | {} | {} |",
            by_hand.as_millis(),
            ours.as_millis(),
            ours.as_secs_f64() / by_hand.as_secs_f64(),
            programs::tokens(&hand.expanded()),
            programs::tokens(&programs::generated(handlers)),
            programs::tokens(&generated.expanded()),
        );
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// A crate of one file, with its dependencies built already after its first check.
struct Program {
    directory: PathBuf,
}

impl Program {
    fn new(name: &str, source: &str) -> Self {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let directory = workspace.join("target/compile-time").join(name);
        let runtime = workspace.join("consumer-runtime");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
             axum = {{ version = \"0.8\", features = [\"ws\"] }}\nconsumer-runtime = {{ path = {runtime:?} }}\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n"
        );
        fs::create_dir_all(directory.join("src")).expect("a directory in target");
        fs::write(directory.join("Cargo.toml"), manifest).expect("a manifest");
        fs::write(directory.join("src/main.rs"), source).expect("a source");
        let lock = workspace.join("Cargo.lock");
        if lock.exists() {
            fs::copy(lock, directory.join("Cargo.lock")).expect("the versions of the workspace");
        }
        Self { directory }
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .current_dir(&self.directory)
            .args(arguments)
            .env("CARGO_TARGET_DIR", self.directory.join("../target"))
            .env_remove("RUSTFLAGS")
            .stdin(Stdio::null());
        cargo
    }

    /// Checks it anew, and says how long that took.
    fn check(&self) -> Duration {
        let source = self.directory.join("src/main.rs");
        let text = fs::read(&source).expect("the source");
        fs::write(&source, text).expect("a newer source");
        let begin = Instant::now();
        let output = self.cargo(&["check", "--quiet"]).output().expect("cargo");
        let took = begin.elapsed();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        took
    }

    /// The program after all macros, which only rustc itself prints.
    fn expanded(&self) -> String {
        let mut cargo = self.cargo(&["rustc", "--quiet", "--profile", "check", "--", "-Zunpretty=expanded"]);
        let output = cargo.env("RUSTC_BOOTSTRAP", "1").output().expect("cargo");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("Rust is UTF-8")
    }
}
