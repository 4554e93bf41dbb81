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
    println!("`cargo check` from nothing, and after an edit of one handler; tokens before and after expansion\n");
    println!(
        "| handlers | by hand | generated | ratio | edit by hand | generated | ratio | tokens by hand | generated |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for handlers in sizes {
        let hand = Program::new("by-hand", &programs::by_hand(handlers));
        let generated = Program::new("generated", &programs::generated(handlers));
        let programs = [&hand, &generated];
        let [by_hand, ours] = in_turns(programs, Mode::Whole);
        let [by_hand_edited, ours_edited] = in_turns(programs, Mode::Edit);
        println!(
            "| {handlers} | {} ms | {} ms | {:.2} | {} ms | {} ms | {:.2} | {} → {} | {} → {} |",
            by_hand.as_millis(),
            ours.as_millis(),
            ours.as_secs_f64() / by_hand.as_secs_f64(),
            by_hand_edited.as_millis(),
            ours_edited.as_millis(),
            ours_edited.as_secs_f64() / by_hand_edited.as_secs_f64(),
            programs::tokens(&programs::by_hand(handlers)),
            programs::tokens(&hand.expanded()),
            programs::tokens(&programs::generated(handlers)),
            programs::tokens(&generated.expanded()),
        );
    }
}

/// How a program is checked.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// Without anything that an earlier check has left.
    Whole,
    /// As an editor does: incrementally, after a change in one handler's body.
    Edit,
}

/// The medians of checks in turns, so that both programs meet the same moods of the machine.
fn in_turns(programs: [&Program; 2], mode: Mode) -> [Duration; 2] {
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        for (program, times) in programs.into_iter().zip(&mut times) {
            let took = program.check(mode, round);
            // The first builds the dependencies, and what the next ones reuse.
            if round > 0 {
                times.push(took);
            }
        }
    }
    times.map(median)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// A crate of one file, with its dependencies built already after its first check.
struct Program {
    directory: PathBuf,
    source: String,
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
        Self { directory, source: source.to_owned() }
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
    fn check(&self, mode: Mode, round: usize) -> Duration {
        let edited = self.source.replacen(".number;", &format!(".number + {round};"), 1);
        fs::write(self.directory.join("src/main.rs"), edited).expect("a newer source");
        let mut cargo = self.cargo(&["check", "--quiet"]);
        cargo.env("CARGO_INCREMENTAL", if mode == Mode::Edit { "1" } else { "0" });
        let begin = Instant::now();
        let output = cargo.output().expect("cargo");
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
