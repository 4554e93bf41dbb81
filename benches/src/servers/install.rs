//! Builds and installs what servers need, below the target folder.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Kit, Places};

/// What was made ready, or why it could not be.
#[derive(Debug, Default)]
pub(crate) struct Kits(BTreeMap<Kit, Result<(), String>>);

impl Kits {
    /// Makes a kit ready, unless that was tried before.
    pub(crate) fn ready(&mut self, kit: Kit, places: &Places, uws: Option<&Path>) -> Result<(), String> {
        self.0.entry(kit).or_insert_with(|| install(kit, places, uws)).clone()
    }
}

/// Makes a kit ready; the error says what is missing.
fn install(kit: Kit, places: &Places, uws: Option<&Path>) -> Result<(), String> {
    eprintln!("making ready: {kit:?}");
    match kit {
        Kit::Ours => {
            // One after the other: together, cargo would also link this program anew, while it runs.
            let manifest = places.sources.join("../Cargo.toml");
            cargo(places, &["-p", "chat"], &manifest, None)?;
            cargo(
                places,
                &["-p", "benches", "--bin", "ours", "--bin", "layer", "--bin", "redis-floor"],
                &manifest,
                None,
            )
        }
        Kit::OursAlone => {
            cargo(places, &["-p", "benches", "--bin", "ours"], &places.sources.join("../Cargo.toml"), None)
        }
        Kit::Rivals => cargo(places, &[], &places.sources.join("rivals/Cargo.toml"), Some(places.work.join("rivals"))),
        Kit::Node => node(places),
        Kit::Channels => channels(places),
        Kit::Uws => uwebsockets(places, uws),
    }
}

/// Release builds as users have them, all alike.
fn cargo(places: &Places, what: &[&str], manifest: &Path, target: Option<PathBuf>) -> Result<(), String> {
    let own_target = places.release.parent().map(Path::to_owned).unwrap_or_default();
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    command.args(["build", "--release", "--locked"]).args(what).arg("--manifest-path").arg(manifest);
    run(command.env("CARGO_TARGET_DIR", target.unwrap_or(own_target)))
}

fn node(places: &Places) -> Result<(), String> {
    let folder = places.work.join("node");
    copy(
        &places.sources.join("rivals/node"),
        &folder,
        &["package.json", "package-lock.json", "socket-io.js", "ws.js"],
    )?;
    let (lock, installed) = (folder.join("package-lock.json"), folder.join("node_modules/.installed"));
    if !same(&lock, &installed) {
        run(Command::new("npm").arg("ci").current_dir(&folder))?;
        fs::copy(lock, installed).map_err(|error| format!("cannot note what npm installed: {error}"))?;
    }
    Ok(())
}

fn channels(places: &Places) -> Result<(), String> {
    let folder = places.work.join("channels");
    let (wanted, installed) = (places.sources.join("rivals/channels/requirements.txt"), folder.join("installed.txt"));
    if !same(&wanted, &installed) {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        run(Command::new(folder.join("bin/pip")).args(["install", "--quiet", "-r"]).arg(&wanted))?;
        fs::copy(wanted, installed).map_err(|error| format!("cannot note what pip installed: {error}"))?;
    }
    Ok(())
}

/// Compiles our program against a checkout, which no registry has.
fn uwebsockets(places: &Places, checkout: Option<&Path>) -> Result<(), String> {
    let folder = places.work.join("uws");
    let Some(checkout) = checkout else {
        // What an earlier run built is good as long as it is there.
        let built = folder.join("uws").exists();
        return built.then_some(()).ok_or_else(|| "needs `--uws <checkout of uWebSockets with its uSockets>`".into());
    };
    let checkout = checkout.canonicalize().map_err(|error| format!("{}: {error}", checkout.display()))?;
    let (sources, sockets) = (checkout.join("src"), checkout.join("uSockets/src"));
    for file in [sources.join("App.h"), sockets.join("libusockets.h")] {
        if !file.exists() {
            return Err(format!("{} is missing; is uSockets checked out inside uWebSockets?", file.display()));
        }
    }
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut objects = Vec::new();
    for file in [c_files(&sockets)?, c_files(&sockets.join("eventing"))?].concat() {
        let object = folder.join(file.file_name().unwrap_or_default()).with_extension("o");
        let mut cc = Command::new("cc");
        cc.args(["-O3", "-DLIBUS_NO_SSL", "-c", "-I"]).arg(&sockets).arg(&file).arg("-o").arg(&object);
        run(&mut cc)?;
        objects.push(object);
    }
    let mut cxx = Command::new("c++");
    cxx.args(["-O3", "-std=c++20", "-DLIBUS_NO_SSL", "-DUWS_NO_ZLIB", "-I"]).arg(&sources).arg("-I").arg(&sockets);
    run(cxx.arg(places.sources.join("rivals/uws/main.cpp")).args(objects).arg("-o").arg(folder.join("uws")))?;
    fs::write(folder.join("version.txt"), commit(&checkout))
        .map_err(|error| format!("cannot note its version: {error}"))
}

fn c_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let paths = entries.map_while(Result::ok).map(|entry| entry.path());
    Ok(paths.filter(|path| path.extension().is_some_and(|extension| extension == "c")).collect())
}

fn commit(checkout: &Path) -> String {
    let output = Command::new("git").args(["rev-parse", "--short", "HEAD"]).current_dir(checkout).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

fn copy(from: &Path, to: &Path, names: &[&str]) -> Result<(), String> {
    fs::create_dir_all(to).map_err(|error| format!("{}: {error}", to.display()))?;
    for name in names {
        fs::copy(from.join(name), to.join(name)).map_err(|error| format!("cannot copy {name}: {error}"))?;
    }
    Ok(())
}

fn same(one: &Path, other: &Path) -> bool {
    matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one == other)
}

fn run(command: &mut Command) -> Result<(), String> {
    let words = format!("{command:?}");
    let output = command.output().map_err(|error| format!("cannot run {words}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&output.stderr);
    let last: Vec<_> = told.trim().lines().rev().take(5).collect();
    Err(format!("{words} failed: {}", last.into_iter().rev().collect::<Vec<_>>().join(" | ")))
}
