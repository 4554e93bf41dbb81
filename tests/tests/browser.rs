//! The chat example in a real browser.

use std::{env, path::PathBuf, process::Command};

/// The chat's program, beside this test's own: `cargo build -p chat` puts it there.
fn chat() -> PathBuf {
    let name = format!("chat{}", env::consts::EXE_SUFFIX);
    let test = env::current_exe().expect("a test is a program");
    let program = test.ancestors().nth(2).map(|profile| profile.join(name)).expect("`target/PROFILE/deps/browser-..`");
    assert!(program.is_file(), "{} is missing; run `cargo build -p chat` first", program.display());
    program
}

#[test]
#[ignore = "needs chromium"]
fn the_chat_works_in_two_windows() {
    let output = Command::new("node")
        .arg("browser/chat.mjs")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CHAT_BIN", chat())
        .output()
        .expect("`node` runs; `tests/run` installs it");
    println!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "see above: {}", output.status);
}
