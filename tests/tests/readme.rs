//! The README's program, compiled by a stranger who copies it with the dependencies that the README lists.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// This checkout.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .canonicalize()
        .expect("the tests have a directory")
        .parent()
        .expect("in the workspace")
        .to_owned()
}

/// The fenced blocks of a language, in order.
fn blocks<'a>(markdown: &'a str, language: &str) -> Vec<&'a str> {
    let mut blocks = Vec::new();
    let mut rest = markdown;
    while let Some(at) = rest.find("```") {
        let (head, body) = rest[at + 3..].split_once('\n').unwrap_or_default();
        let (block, after) = body.split_once("\n```").unwrap_or((body, ""));
        if head.split(',').next().is_some_and(|word| word.trim() == language) {
            blocks.push(block);
        }
        rest = after;
    }
    blocks
}

/// The manifest that has exactly these dependencies, with our crates taken out of this checkout.
fn manifest(dependencies: &str) -> String {
    let header = if dependencies.contains("[dependencies]") { "" } else { "[dependencies]\n" };
    let source = dependencies
        .lines()
        .filter(|line| line.trim_start().starts_with("consumer-runtime"))
        .find_map(|line| line.split_once("git = \"").and_then(|(_, rest)| rest.split_once('"')))
        .map_or("crates-io".to_owned(), |(url, _)| format!("{url:?}"));
    let crates =
        ["consumer-runtime", "consumer-macros"].map(|name| format!("{name} = {{ path = {:?} }}", root().join(name)));
    format!(
        "[package]\nname = \"stranger\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n{header}{dependencies}\n\n\
         [patch.{source}]\n{}\n\n[workspace]\n",
        crates.join("\n")
    )
}

/// Checks the package in `directory`; its target directory is one in the workspace's own, so that it is built once.
fn check(directory: &Path, offline: bool) -> Output {
    let test = env::current_exe().expect("a test is a program");
    let target = test.ancestors().nth(3).expect("`target/PROFILE/deps/readme-..`").join("readme");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.arg("check").args(offline.then_some("--offline")).current_dir(directory).env("CARGO_TARGET_DIR", target);
    // What cargo tells a test about its own package is nothing to another one.
    let own = |name: &OsStr| {
        name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
    };
    for (name, _) in env::vars_os().filter(|(name, _)| own(name)) {
        cargo.env_remove(name);
    }
    cargo.output().expect("cargo runs")
}

#[test]
fn the_readmes_program_compiles_with_the_dependencies_that_it_lists() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lists = blocks(&readme, "toml").into_iter().filter(|block| block.contains("consumer-runtime"));
    let dependencies =
        lists.next().expect("the README lists its dependencies in a `toml` block with `consumer-runtime`");
    // What later sections need besides stands there.
    let all = lists.fold(dependencies.to_owned(), |all, more| replaced(&all, more));
    let (programs, others): (Vec<_>, Vec<_>) =
        blocks(&readme, "rust").into_iter().partition(|block| block.contains("fn main"));
    let first = programs.first().expect("the README shows a whole program in a `rust` block");
    compiles(first, dependencies);
    let mut program = first.to_string();
    // Every other block continues it.
    for (index, block) in others.iter().enumerate() {
        program += &format!("\n\n#[allow(dead_code)]\nmod block_{index} {{\nuse super::*;\n\n{block}\n}}\n");
    }
    compiles(&program, &all);
}

/// A list of dependencies with the lines of another one, which come in the place of those for the same crates.
fn replaced(list: &str, more: &str) -> String {
    let name = |line: &str| line.split_once('=').map(|(name, _)| name.trim().to_owned());
    let named: Vec<_> = more.lines().filter_map(name).collect();
    let kept = list.lines().filter(|line| name(line).is_none_or(|name| !named.contains(&name)));
    kept.chain(more.lines().filter(|line| name(line).is_some())).map(|line| format!("{line}\n")).collect()
}

/// Whether a program compiles with these dependencies, without a warning.
#[track_caller]
fn compiles(program: &str, dependencies: &str) {
    let directory = tempfile::tempdir().expect("a directory outside of the workspace");
    fs::create_dir(directory.path().join("src")).unwrap();
    fs::write(directory.path().join("src/main.rs"), program).unwrap();
    fs::write(directory.path().join("Cargo.toml"), manifest(dependencies)).unwrap();
    fs::copy(root().join("Cargo.lock"), directory.path().join("Cargo.lock")).unwrap();

    let mut output = check(directory.path(), true);
    if !output.status.success() && String::from_utf8_lossy(&output.stderr).contains("--offline") {
        // A crate that the workspace itself does not use.
        output = check(directory.path(), false);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}\nwith\n{}", manifest(dependencies));
    assert!(!words.contains("warning: unused"), "the patch is used, and so is everything in the program:\n{words}");
}
