//! The chat, board and bridge examples in a real browser.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

use tests::{NatsServer, RedisServer, python::pythons};

/// An example's program, beside this test's own: `cargo build -p NAME` puts it there.
fn program(name: &str) -> PathBuf {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let test = env::current_exe().expect("a test is a program");
    let program = test.ancestors().nth(2).map(|profile| profile.join(file)).expect("`target/PROFILE/deps/browser-..`");
    assert!(program.is_file(), "{} is missing; run `cargo build -p {name}` first", program.display());
    program
}

/// Runs a script of the folder `browser`, with what it finds in its environment.
fn run(script: &str, environment: &[(&str, &Path)]) {
    // A browser takes a machine for itself, and the scripts have deadlines.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let output = Command::new("node")
        .arg(script)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/browser"))
        .envs(environment.iter().copied())
        .output()
        .expect("`node` runs; `tests/run` installs it");
    println!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "see above: {}", output.status);
}

#[test]
#[ignore = "needs chromium"]
fn the_chat_works_in_two_windows() {
    run("chat.mjs", &[("CHAT_BIN", &program("chat"))]);
}

#[test]
#[ignore = "needs chromium"]
fn the_chat_works_by_events_for_its_own_pages_alone_in_two_windows() {
    run("events.mjs", &[("CHAT_BIN", &program("chat"))]);
}

#[test]
#[ignore = "needs chromium"]
fn the_board_heals_and_falls_back_on_its_generated_client_in_two_windows() {
    run("board.mjs", &[("BOARD_BIN", &program("board"))]);
}

#[test]
#[ignore = "needs chromium"]
fn the_inspector_shows_who_talks_in_two_windows() {
    run("inspector.mjs", &[("CHAT_BIN", &program("chat"))]);
}

#[tokio::test]
#[ignore = "needs chromium and redis-server"]
async fn two_processes_are_one_room_in_two_windows_over_redis() {
    let redis = RedisServer::new().await;
    two_windows(&[redis.url(), redis.url().replace("redis://", "redis+pubsub://")]);
}

#[tokio::test]
#[ignore = "needs chromium and nats-server"]
async fn two_processes_are_one_room_in_two_windows_over_nats() {
    let nats = NatsServer::new().await;
    two_windows(&[nats.url()]);
}

/// Two chats on one layer, for each of these values of `--layer`.
fn two_windows(layers: &[String]) {
    run("layers.mjs", &[("CHAT_BIN", &program("chat")), ("LAYERS", Path::new(&layers.join(" ")))]);
}

#[test]
#[ignore = "needs chromium, redis-server and channels_redis"]
fn djangos_consumer_and_ours_are_one_room_in_two_windows_with_django() {
    // Where `tests/interop/install` has put Python's packages, the example's `run` finds them again.
    let python = pythons().pop().expect("at least one");
    let target = python.ancestors().nth(4).expect("`TARGET/interop/redis-../bin/python`");
    run("bridge.mjs", &[("DJANGO_BRIDGE_BIN", &program("django-bridge")), ("CARGO_TARGET_DIR", target)]);
}
