//! The program that the editor opens: written out as a crate, and checked by the compiler first.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

const PROGRAM: &str = include_str!("../../editor/chat.rs");

/// A crate with one file, away from the workspace, so that rust-analyzer loads nothing else.
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// Writes the crate and compiles what it depends on.
    ///
    /// # Panics
    /// When the program is not valid: then there is nothing to ask an editor.
    pub(crate) fn checked() -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor");
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are in the workspace");
        let runtime = workspace.join("consumer-runtime");
        let manifest = format!(
            "[package]\nname = \"editor\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nconsumer-runtime = {{ path = {runtime:?} }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\n\n\
             [workspace]\n"
        );
        fs::create_dir_all(root.join("src")).expect("the target directory can be written");
        fs::write(root.join("Cargo.toml"), manifest).expect("the manifest can be written");
        fs::write(root.join("src/main.rs"), PROGRAM).expect("the program can be written");
        // The same versions as the workspace's, which are on this machine.
        fs::copy(workspace.join("Cargo.lock"), root.join("Cargo.lock")).expect("the lock file can be copied");
        let project = Self { root };
        let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["check", "--quiet", "--all-targets"])
            .current_dir(&project.root)
            .env("CARGO_TARGET_DIR", project.target())
            .status()
            .expect("cargo runs");
        assert!(status.success(), "editor/chat.rs does not compile: {status}");
        project
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo builds this crate's dependencies, for the compiler and for rust-analyzer.
    pub(crate) fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    pub(crate) fn main(&self) -> PathBuf {
        self.root.join("src/main.rs")
    }

    pub(crate) fn program(&self) -> Program {
        Program(PROGRAM.to_owned())
    }
}

/// What stands in the editor.
#[derive(Clone)]
pub(crate) struct Program(String);

/// A line and a byte in it, both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) line: u64,
    pub(crate) character: u64,
}

impl Program {
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// The program with other words in one place.
    pub(crate) fn with(&self, old: &str, new: &str) -> Self {
        self.only(old);
        Self(self.0.replace(old, new))
    }

    /// Where `^` stands in a piece of the program, such as `fn ^receive`.
    pub(crate) fn at(&self, piece: &str) -> Position {
        let (before, after) = piece.split_once('^').expect("a piece has a `^`");
        let offset = self.only(&format!("{before}{after}")) + before.len();
        let before = &self.0[..offset];
        let line = before.matches('\n').count();
        let character = offset - before.rfind('\n').map_or(0, |end| end + 1);
        Position { line: line as u64, character: character as u64 }
    }

    /// The only place of a piece.
    fn only(&self, piece: &str) -> usize {
        let mut places = self.0.match_indices(piece).map(|(offset, _)| offset);
        let place = places.next().unwrap_or_else(|| panic!("the program has no `{piece}`"));
        assert!(places.next().is_none(), "the program has `{piece}` twice");
        place
    }
}
