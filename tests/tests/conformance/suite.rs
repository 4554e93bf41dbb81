//! `wstest`, the suite's program, as a child.

use std::{collections::BTreeMap, env, fs, net::SocketAddr, path::PathBuf, process::Stdio, time::Duration};

use serde_json::{Value, json};
use tokio::process::Command;

use super::cases::{Case, Verdict};

const AGENT: &str = "consumer";

/// The program, which `tests/conformance/install` has put into the target directory, or `WSTEST`.
fn program() -> PathBuf {
    if let Some(program) = env::var_os("WSTEST") {
        return program.into();
    }
    let test = env::current_exe().expect("a test is a program");
    // `target/PROFILE/deps/conformance-..`, with the target's triple before the profile where cargo was given one.
    let found = test.ancestors().map(|folder| folder.join("autobahn/bin/wstest")).find(|program| program.is_file());
    found.expect("no `wstest`; run `tests/conformance/install` first")
}

/// Runs all cases of `groups` against the echo at `address`, for no longer than `limit`.
pub(crate) async fn run(address: SocketAddr, groups: &[&str], limit: Duration) -> BTreeMap<Case, Verdict> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // A whole case, of three numbers, matches itself alone.
    let pattern = |group: &&str| if group.split('.').count() < 3 { format!("{group}.*") } else { (*group).to_owned() };
    let cases: Vec<_> = groups.iter().map(pattern).collect();
    let specification = json!({
        "outdir": folder.path().join("reports"),
        "servers": [{"agent": AGENT, "url": format!("ws://{address}/echo/")}],
        "cases": cases,
        "exclude-cases": [],
        "exclude-agent-cases": {},
    });
    let file = folder.path().join("fuzzingclient.json");
    fs::write(&file, specification.to_string()).expect("a writable folder");
    let log = folder.path().join("log");
    let output = fs::File::create(&log).expect("a writable folder");
    let errors = output.try_clone().expect("a file handle");

    let mut child = Command::new(program())
        .args(["--mode", "fuzzingclient", "--spec"])
        .arg(&file)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .kill_on_drop(true)
        .spawn()
        .expect("`wstest` runs");
    let ended = tokio::time::timeout(limit, child.wait()).await;
    if ended.is_err() {
        child.kill().await.expect("our own child");
    }
    let log = String::from_utf8_lossy(&fs::read(&log).unwrap_or_default()).into_owned();
    let last: Vec<_> = log.lines().rev().take(20).collect();
    let last = last.into_iter().rev().collect::<Vec<_>>().join("\n");
    match ended {
        Err(_) => panic!("not done after {limit:?}; the last that wstest said:\n{last}"),
        Ok(status) => assert!(status.expect("a child").success(), "wstest failed:\n{last}"),
    }
    let index = fs::read(folder.path().join("reports/index.json"));
    let index = index.unwrap_or_else(|error| panic!("no report ({error}); the last that wstest said:\n{last}"));
    verdicts(&serde_json::from_slice(&index).expect("a report in JSON"))
}

/// What the suite's index says of each case.
fn verdicts(index: &Value) -> BTreeMap<Case, Verdict> {
    let cases = index[AGENT].as_object().expect("a report of our server");
    let word = |verdict: &Value| verdict.as_str().expect("a verdict").to_owned();
    let read = |(case, report): (&String, &Value)| {
        let verdict = Verdict { messages: word(&report["behavior"]), close: word(&report["behaviorClose"]) };
        (case.parse().expect("a case's number"), verdict)
    };
    cases.iter().map(read).collect()
}
