//! The command that generates files, for an application's own program.

use std::{path::PathBuf, process::ExitCode};

use super::{declarations::Declarations, files::Files};

const USAGE: &str = "\
usage: schema [--typescript PATH] [--javascript PATH] [--asyncapi PATH] [--runtime MODULE] [--check]

Writes what is generated from the consumers' declarations. A PATH is a file, or a folder (it is there, or ends
in `/`), in which the file gets a name of its own.

  --typescript PATH   a typed client, client.ts
  --javascript PATH   the same as client.js with client.d.ts, for pages without a build step
  --asyncapi PATH     an AsyncAPI 3.0 document, asyncapi.yaml; JSON where PATH ends in .json
  --runtime MODULE    where the clients import the runtime package from (consumer-client)
  --check             writes nothing, and fails when a file is not up to date, saying what changed and
                      whether clients that were built from it still work
  -h, --help          this text
";

impl Declarations {
    /// Runs the command that generates files, with the arguments behind a program's `schema`, and prints what there is to
    /// say.
    ///
    /// ```no_run
    /// # use consumer_runtime::schema::Declarations;
    /// fn main() -> std::process::ExitCode {
    ///     let declarations = Declarations::new("Chat", env!("CARGO_PKG_VERSION"));
    ///     declarations.command(std::env::args().skip(2))
    /// }
    /// ```
    ///
    /// The exit code is 0 when all went well, 1 when there are [objections](Self::objections), or a file can't be written
    /// or `--check` finds one that is not up to date, and 2 for arguments that are none.
    pub fn command(&self, arguments: impl IntoIterator<Item = String>) -> ExitCode {
        let asked = match read(arguments) {
            Ok(asked) => asked,
            Err(why) => {
                eprint!("{why}\n{USAGE}");
                return ExitCode::from(2);
            }
        };
        if asked.help {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        let objections = self.objections();
        if !objections.is_empty() {
            objections.iter().for_each(|objection| eprintln!("{objection}"));
            return ExitCode::FAILURE;
        }
        for what in self.undescribed() {
            eprintln!("{what} is `unknown`: its type does not derive `JsonSchema`");
        }
        let files = asked.files(self);
        if asked.check {
            return match files.check() {
                Ok(()) => ExitCode::SUCCESS,
                Err(stale) => {
                    eprint!("{stale}");
                    ExitCode::FAILURE
                }
            };
        }
        match files.write() {
            Ok(()) => {
                files.texts().for_each(|(path, _)| println!("{}", path.display()));
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        }
    }
}

/// What the arguments ask for.
#[derive(Debug, Default)]
struct Asked {
    outputs: Vec<(Kind, PathBuf)>,
    runtime: Option<String>,
    check: bool,
    help: bool,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    TypeScript,
    JavaScript,
    AsyncApi,
}

fn read(arguments: impl IntoIterator<Item = String>) -> Result<Asked, String> {
    let mut asked = Asked::default();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        let mut value = || value.clone().or_else(|| arguments.next()).ok_or_else(|| format!("{name} wants a value"));
        match &*name {
            "--typescript" => asked.outputs.push((Kind::TypeScript, value()?.into())),
            "--javascript" => asked.outputs.push((Kind::JavaScript, value()?.into())),
            "--asyncapi" => asked.outputs.push((Kind::AsyncApi, value()?.into())),
            "--runtime" => asked.runtime = Some(value()?),
            "--check" => asked.check = true,
            "-h" | "--help" => asked.help = true,
            _ => return Err(format!("there is no option {name}")),
        }
    }
    if asked.outputs.is_empty() && !asked.help {
        return Err("nothing is asked for: say what to write, and where".to_owned());
    }
    Ok(asked)
}

impl Asked {
    fn files<'a>(&self, declarations: &'a Declarations) -> Files<'a> {
        let mut files = declarations.files();
        if let Some(runtime) = &self.runtime {
            files = files.runtime(runtime);
        }
        for (kind, path) in &self.outputs {
            let within = |name: &str| {
                let folder = path.is_dir() || path.to_string_lossy().ends_with('/');
                if folder { path.join(name) } else { path.clone() }
            };
            files = match kind {
                Kind::TypeScript => files.typescript(within("client.ts")),
                Kind::JavaScript => files.javascript(within("client.js")),
                Kind::AsyncApi => files.asyncapi(within("asyncapi.yaml")),
            };
        }
        files
    }
}
