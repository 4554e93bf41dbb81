//! The suite's cases and what becomes of them.

use std::{collections::BTreeMap, fmt, fs, path::PathBuf, str::FromStr};

/// A case's number, `6.4.3`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Case(Vec<u32>);

impl Case {
    /// Its first number.
    pub(crate) fn group(&self) -> u32 {
        self.0.first().copied().unwrap_or_default()
    }

    /// Whether it is in one of `groups`: `6`, or a part of one, `6.4`.
    pub(crate) fn is_in(&self, groups: &[&str]) -> bool {
        let parts = |group: &str| group.parse::<Self>().ok();
        groups.iter().filter_map(|group| parts(group)).any(|group| self.0.starts_with(&group.0))
    }
}

impl FromStr for Case {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split('.').map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&numbers.join("."))
    }
}

/// The suite's words for what is not wrong, from the best on.
const ACCEPTABLE: [&str; 3] = ["OK", "INFORMATIONAL", "NON-STRICT"];

/// What the suite says of a case: of the messages, and of the end of the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) messages: String,
    pub(crate) close: String,
}

impl Verdict {
    /// The worse of the two.
    pub(crate) fn worst(&self) -> &str {
        let known = |verdict: &String| ACCEPTABLE.iter().position(|acceptable| acceptable == verdict);
        [&self.messages, &self.close]
            .into_iter()
            .max_by_key(|verdict| known(verdict).unwrap_or(usize::MAX))
            .map_or("", |worst| worst)
    }

    /// Whether it is right, or at least not wrong: `NON-STRICT` and what the suite only informs about.
    pub(crate) fn is_acceptable(&self) -> bool {
        ACCEPTABLE.contains(&self.worst())
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.messages)?;
        if self.close == "OK" { Ok(()) } else { write!(f, ", close {}", self.close) }
    }
}

fn path() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "conformance", "expected.txt"].iter().collect()
}

/// What the checked-in file expects.
pub(crate) fn expected() -> BTreeMap<Case, Verdict> {
    let text = fs::read_to_string(path()).expect("tests/conformance/expected.txt");
    parse(&text).unwrap_or_else(|line| panic!("tests/conformance/expected.txt: {line:?} is no `CASE VERDICT`"))
}

/// Reads lines of a case and its verdict; the first line that is none of these is the error.
pub(crate) fn parse(text: &str) -> Result<BTreeMap<Case, Verdict>, String> {
    let read = |line: &str| {
        let (case, verdict) = line.split_once(' ')?;
        let (messages, close) = verdict.split_once(", close ").unwrap_or((verdict, "OK"));
        Some((case.parse().ok()?, Verdict { messages: messages.to_owned(), close: close.to_owned() }))
    };
    text.lines().map(|line| read(line).ok_or_else(|| line.to_owned())).collect()
}

/// Writes the file anew.
pub(crate) fn expect(expected: &BTreeMap<Case, Verdict>) {
    let lines: String = expected.iter().map(|(case, verdict)| format!("{case} {verdict}\n")).collect();
    fs::write(path(), lines).expect("tests/conformance/expected.txt can be written");
}
