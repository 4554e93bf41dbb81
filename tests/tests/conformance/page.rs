//! The table of results in `docs/conformance.md`.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::PathBuf};

use super::cases::{Case, Verdict};

const BEGIN: &str = "<!-- written by `tests/conformance/run --update` -->\n";
const END: &str = "<!-- to here -->\n";

/// What the groups are about.
const NAMES: [(u32, &str); 11] = [
    (1, "framing"),
    (2, "pings and pongs"),
    (3, "reserved bits"),
    (4, "opcodes"),
    (5, "fragmentation"),
    (6, "UTF-8"),
    (7, "closing"),
    (9, "limits: messages up to 16 MiB, up to 65 536 fragments"),
    (10, "messages as large as the sender's buffers"),
    (12, "permessage-deflate: sizes"),
    (13, "permessage-deflate: parameters"),
];

fn path() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "docs", "conformance.md"].iter().collect()
}

/// The page's text before the table, the table, and the text after it.
fn parts() -> [String; 3] {
    let page = fs::read_to_string(path()).expect("docs/conformance.md");
    let (before, rest) = page.split_once(BEGIN).expect("the page marks where its table begins");
    let (table, after) = rest.split_once(END).expect("the page marks where its table ends");
    [before, table, after].map(str::to_owned)
}

/// The table that the page has.
pub(crate) fn shown() -> String {
    let [_, table, _] = parts();
    table
}

/// Writes the page's table anew.
pub(crate) fn update(expected: &BTreeMap<Case, Verdict>) {
    let [before, _, after] = parts();
    fs::write(path(), [&before, BEGIN, &table(expected), END, &after].concat())
        .expect("docs/conformance.md can be written");
}

/// The table of all results: a row a group, and which cases are not simply OK.
pub(crate) fn table(expected: &BTreeMap<Case, Verdict>) -> String {
    let mut table =
        "\n| group | about | cases | OK | NON-STRICT | INFORMATIONAL | which |\n|---|---|---|---|---|---|---|\n"
            .to_owned();
    let mut row = |name: &str, about: &str, is_in: &dyn Fn(&Case) -> bool| {
        let cases: Vec<_> = expected.iter().filter(|(case, _)| is_in(case)).collect();
        let count = |words: &str| cases.iter().filter(|(_, verdict)| verdict.worst() == words).count();
        let others: Vec<_> = cases.iter().filter(|(_, verdict)| verdict.worst() != "OK").collect();
        let others: Vec<_> = others.iter().map(|(case, _)| case.to_string()).collect();
        let _ = writeln!(
            table,
            "| {name} | {about} | {} | {} | {} | {} | {} |",
            cases.len(),
            count("OK"),
            count("NON-STRICT"),
            count("INFORMATIONAL"),
            if others.is_empty() || name == "all" { "–".to_owned() } else { others.join(", ") },
        );
    };
    for (group, about) in NAMES {
        if expected.keys().any(|case| case.group() == group) {
            row(&group.to_string(), about, &|case| case.group() == group);
        }
    }
    row("all", "", &|_| true);
    table.push('\n');
    table
}
