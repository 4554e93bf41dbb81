//! Generated files: written, or compared with those that are there.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use similar::TextDiff;

use super::{
    declarations::Declarations,
    typescript::{self, Made},
};

/// The files that are generated from declarations.
///
/// A test, or a build script of another package, [`write`](Self::write)s them, and a test or CI [`check`](Self::check)s
/// that those in the repository are up to date.
///
/// ```
/// use consumer_runtime::schema::Declarations;
///
/// # let client = std::env::temp_dir().join(format!("board-{}.ts", std::process::id()));
/// let declarations = Declarations::new("Board", "1.0.0");
/// let files = declarations.files().typescript(&client);
/// files.write().unwrap();
/// assert!(files.check().is_ok());
/// # std::fs::remove_file(&client).unwrap();
/// ```
#[derive(Debug)]
pub struct Files<'a> {
    declarations: &'a Declarations,
    runtime: String,
    files: Vec<(PathBuf, String)>,
}

impl Declarations {
    /// The files to generate; none yet.
    pub fn files(&self) -> Files<'_> {
        Files { declarations: self, runtime: "consumer-client".to_owned(), files: Vec::new() }
    }
}

impl Files<'_> {
    /// Where the files that are added from now on import the runtime package from.
    #[must_use]
    pub fn runtime(mut self, specifier: impl Into<String>) -> Self {
        self.runtime = specifier.into();
        self
    }

    /// A TypeScript module, such as `board.ts`.
    #[must_use]
    pub fn typescript(self, path: impl AsRef<Path>) -> Self {
        let text = self.declarations.typescript().runtime(&self.runtime).module();
        self.with(path.as_ref().to_owned(), text)
    }

    /// A JavaScript module, such as `board.js`, and its types beside it, `board.d.ts` (`board.d.mts` of `board.mjs`).
    #[must_use]
    pub fn javascript(self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let typescript = self.declarations.typescript().runtime(&self.runtime);
        let (module, types) = (typescript.javascript(), typescript.types());
        let beside = if path.extension().is_some_and(|extension| extension == "mjs") { "d.mts" } else { "d.ts" };
        self.with(path.to_owned(), module).with(path.with_extension(beside), types)
    }

    /// An AsyncAPI document: YAML where the path ends in `.yaml` or `.yml`, and JSON otherwise.
    #[must_use]
    pub fn asyncapi(self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        let api = self.declarations.asyncapi();
        let text = if yaml { api.yaml() } else { api.json() };
        self.with(path.to_owned(), text)
    }

    /// The paths and the texts.
    pub fn texts(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.files.iter().map(|(path, text)| (&**path, &**text))
    }

    /// Writes those that are not there as they should be, with the folders that they need.
    ///
    /// A file that is up to date is not touched, so that nothing is built anew because of it.
    ///
    /// # Errors
    /// What the file system says, with the path.
    pub fn write(&self) -> io::Result<()> {
        for (path, text) in &self.files {
            let told = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
            if fs::read_to_string(path).is_ok_and(|known| known == *text) {
                continue;
            }
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(told)?;
            }
            fs::write(path, text).map_err(told)?;
        }
        Ok(())
    }

    /// Whether the files that are there are those that would be written.
    ///
    /// # Errors
    /// [`Stale`]: which are not, with the difference and whether clients that were built from them still work.
    pub fn check(&self) -> Result<(), Stale> {
        let stale: Vec<_> = self.files.iter().filter_map(|(path, text)| self.compare(path, text)).collect();
        if stale.is_empty() { Ok(()) } else { Err(Stale(stale)) }
    }

    fn with(mut self, path: PathBuf, text: String) -> Self {
        self.files.push((path, text));
        self
    }

    fn compare(&self, path: &Path, text: &str) -> Option<StaleFile> {
        let known = match fs::read_to_string(path) {
            Ok(known) if known == text => return None,
            Ok(known) => known,
            Err(error) => {
                let (path, verdicts) = (path.to_owned(), Vec::new());
                return Some(StaleFile { path, verdicts, difference: format!("can't be read: {error}\n") });
            }
        };
        let (old, new) = (path.display().to_string(), format!("{} as it should be", path.display()));
        let difference = TextDiff::from_lines(&*known, text).unified_diff().header(&old, &new).to_string();
        Some(StaleFile { path: path.to_owned(), verdicts: self.verdicts(&known), difference })
    }

    /// What becomes of clients that were built from a file.
    fn verdicts(&self, file: &str) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        for Made { consumer, contract: old, carried } in typescript::contracts(file) {
            // Two modules of a program may have consumers of one name.
            let now: Vec<_> = self.declarations.contracts().filter(|(name, _)| *name == consumer).collect();
            if now.iter().any(|(_, new)| **new == old) {
                continue;
            }
            let served = now.iter().map(|(_, new)| new.serves(&old).map_err(|why| why.to_string()));
            let served = served.reduce(Result::or).unwrap_or_else(|| Err("the consumer is gone".to_owned()));
            let change = match served {
                Ok(()) if carried => Change::Additive,
                // The server sees another hash, and refuses what it would let in if it could see what differs.
                Ok(()) => {
                    Change::Breaking("their contract is too long to be shown, so any change refuses them".to_owned())
                }
                Err(why) => Change::Breaking(why),
            };
            verdicts.push(Verdict { consumer, change });
        }
        verdicts
    }
}

/// Generated files that are not up to date.
///
/// Its `Display` says for each what changed, and whether that breaks clients that were built from it.
#[derive(Debug)]
pub struct Stale(Vec<StaleFile>);

#[derive(Debug)]
struct StaleFile {
    path: PathBuf,
    verdicts: Vec<Verdict>,
    difference: String,
}

#[derive(Debug)]
struct Verdict {
    consumer: String,
    change: Change,
}

#[derive(Debug)]
enum Change {
    Additive,
    Breaking(String),
}

impl Stale {
    /// The files.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().map(|file| &*file.path)
    }

    /// Whether a client that was built from one of the files no longer works.
    pub fn is_breaking(&self) -> bool {
        let mut verdicts = self.0.iter().flat_map(|file| &file.verdicts);
        verdicts.any(|verdict| matches!(verdict.change, Change::Breaking(_)))
    }
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for StaleFile { path, verdicts, difference } in &self.0 {
            writeln!(f, "{} is not up to date", path.display())?;
            for Verdict { consumer, change } in verdicts {
                match change {
                    Change::Additive => {
                        writeln!(f, "  additive: clients of {consumer} that were built from it still work")?
                    }
                    Change::Breaking(why) => {
                        writeln!(f, "  breaking: clients of {consumer} that were built from it are refused: {why}")?
                    }
                }
            }
            f.write_str(difference)?;
        }
        Ok(())
    }
}

impl std::error::Error for Stale {}
