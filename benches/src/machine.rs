//! What the figures were measured on, and which versions of everything.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use crate::servers::Places;

/// The machine and the versions, by name.
pub(crate) type Facts = BTreeMap<String, String>;

/// Keeps what this machine is beside the results.
pub(crate) fn note(places: &Places, folder: &Path) -> Result<(), String> {
    let text = serde_json::to_vec_pretty(&facts(places)).map_err(|error| error.to_string())?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(folder.join("machine.json"), text))
        .map_err(|error| format!("{}: {error}", folder.display()))
}

/// What was kept.
pub(crate) fn read(folder: &Path) -> Facts {
    fs::read(folder.join("machine.json")).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

fn facts(places: &Places) -> Facts {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, model)| model);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes =
        memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse().ok());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let cores = cpus.lines().filter(|line| line.starts_with("processor")).count();
    let mut facts = Facts::from([
        ("cpu".into(), model.unwrap_or("unknown").to_owned()),
        ("cores".into(), cores.to_string()),
        ("memory".into(), format!("{} GiB", kilobytes.unwrap_or(0u64).div_ceil(1024 * 1024))),
        ("kernel".into(), kernel.trim().to_owned()),
        ("rustc".into(), said("rustc", &["--version"])),
        ("node".into(), said("node", &["--version"]).replace('v', "")),
        (
            "python".into(),
            said(&places.work.join("channels/bin/python").to_string_lossy(), &["--version"]).replace("Python ", ""),
        ),
        ("redis-server".into(), redis_version(&said("redis-server", &["--version"])).unwrap_or_default()),
        ("nats-server".into(), said("nats-server", &["--version"]).replace("nats-server: v", "")),
        ("uWebSockets".into(), fs::read_to_string(places.work.join("uws/version.txt")).unwrap_or_default()),
    ]);
    let lock = fs::read_to_string(places.sources.join("rivals/Cargo.lock")).unwrap_or_default();
    for name in ["axum", "fastwebsockets", "socketioxide", "tokio"] {
        facts.insert(name.into(), locked(&lock, name).unwrap_or_default());
    }
    for name in ["ws", "socket.io"] {
        let package = fs::read(places.work.join("node/node_modules").join(name).join("package.json"));
        let package: Option<serde_json::Value> = package.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let version = package.and_then(|package| Some(package.get("version")?.as_str()?.to_owned()));
        facts.insert(name.into(), version.unwrap_or_default());
    }
    let python = fs::read_to_string(places.work.join("channels/installed.txt")).unwrap_or_default();
    for (name, version) in python.lines().filter_map(|line| line.split_once("==")) {
        facts.insert(name.trim_end_matches("[standard]").to_lowercase(), version.to_owned());
    }
    facts.retain(|_, fact| !fact.is_empty());
    facts
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

/// The version in a line such as `Redis server v=7.0.15 sha=00000000:0`.
fn redis_version(line: &str) -> Option<String> {
    line.split_whitespace().find_map(|word| word.strip_prefix("v=")).map(str::to_owned)
}

/// The version of a package in a `Cargo.lock`.
fn locked(lock: &str, name: &str) -> Option<String> {
    let from = lock.find(&format!("name = \"{name}\"\n"))?;
    let version = lock[from..].lines().nth(1)?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_a_lock() {
        let lock =
            "[[package]]\nname = \"axum\"\nversion = \"0.8.9\"\n\n[[package]]\nname = \"axum-core\"\nversion = \"1\"\n";
        assert_eq!(locked(lock, "axum").as_deref(), Some("0.8.9"));
        assert_eq!(locked(lock, "tokio"), None);
    }

    #[test]
    fn redis_says_its_version() {
        assert_eq!(redis_version("Redis server v=7.0.15 sha=00000000:0 bits=64").as_deref(), Some("7.0.15"));
    }
}
