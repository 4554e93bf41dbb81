//! What the crates stand on: each dependency has its reason in the docs, each licence is one of those that are allowed.

use std::{collections::BTreeSet, path::Path, process::Command};

use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// What cargo resolves for this workspace.
fn metadata(arguments: &[&str]) -> Value {
    let cargo = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(arguments)
        .current_dir(ROOT)
        .output()
        .expect("cargo runs");
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    serde_json::from_slice(&cargo.stdout).expect("JSON")
}

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(path)).expect("a file of the repository")
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let metadata = metadata(&["--no-deps"]);
    let packages = metadata["packages"].as_array().expect("packages");
    let ours =
        packages.iter().filter(|package| package["name"] == "consumer-runtime" || package["name"] == "consumer-macros");
    let dependencies = ours.flat_map(|package| package["dependencies"].as_array().expect("a list"));
    let used: BTreeSet<_> = dependencies
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| dependency["name"].as_str().expect("a name").to_owned())
        .collect();
    let page = text("docs/dependencies.md");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let told: BTreeSet<_> = rows
        .flat_map(|row| row.split('|').nth(1).expect("a first cell").split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect();
    assert_eq!(used, told, "docs/dependencies.md tells of others than Cargo.toml has");
}

#[test]
fn every_licence_is_allowed() {
    let deny = text("deny.toml");
    let list = deny.split_once("allow = [").and_then(|(_, rest)| rest.split_once(']')).expect("a list of licences").0;
    let allowed: BTreeSet<_> = list.split('"').skip(1).step_by(2).collect();
    let rustc = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let rustc = String::from_utf8(rustc.stdout).expect("text");
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let metadata = metadata(&["--all-features", "--filter-platform", host]);
    let packages = metadata["packages"].as_array().expect("packages");
    let licence = |package: &Value| package["license"].as_str().unwrap_or("none").replace('/', " OR ");
    // An exception, as in `Apache-2.0 WITH LLVM-exception`, only allows more.
    let is_allowed = |term: &str| {
        let term = term.trim_matches([' ', '(', ')']);
        allowed.contains(term.split_once(" WITH ").map_or(term, |(licence, _)| licence))
    };
    let refused: Vec<_> = packages
        .iter()
        .filter(|package| !licence(package).split(" OR ").any(|choice| choice.split(" AND ").all(is_allowed)))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert!(packages.len() > 100, "cargo tells of all");
    assert!(refused.is_empty(), "not among those that deny.toml allows: {refused:#?}");
}
