//! `docs/mistakes.md`, made from the cases in `ui/fail`: it says what they say, or this test fails.
//!
//! A case begins with `//! The rule.` and `//! Mend: what to do.`, each a paragraph. One that prints more than one error
//! has a third, `//! Errors: 3, and why.`

use std::{
    collections::HashSet,
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

/// The document's parts, and the cases of each by the beginning of their names; the longest beginning decides.
const SUBJECTS: [(&str, &str); 22] = [
    ("Events", "event_"),
    ("Groups", "group_ own_group_ declared_group_ declared_groups_ leave_"),
    ("The struct half", "consumer_ struct_half_ extract_ field_ settings_ subprotocol_"),
    ("Paths", "path_"),
    ("Lists of routes", "routes_"),
    ("The impl half", "impl_"),
    ("Event handlers", "handler_ payload_"),
    ("Shared handlers, without `self`", "shared_"),
    ("Frames", "receive_"),
    ("Errors of replies", "reply_"),
    ("Questions", "ask_ context_ask_ event_answer_ group_ask_"),
    ("Connect", "connect_"),
    ("Disconnect", "disconnect_ handler_disconnect_"),
    ("Workers", "worker_"),
    ("Blocking", "blocking_ consumer_blocking_ handler_context_blocking"),
    ("Sending", "consumer_sends_ group_does_not_carry handler_missing_then_sent handler_no_event_sent to_"),
    (
        "Mistakes that spread, and several at once",
        "body_ broken_ handler_broken_ macro_rules_ many_ several_ \
        consumer_not_send_mounted consumer_unknown_option_then_group",
    ),
    ("Close codes", "close_"),
    ("What handlers answer", "answer_ returns_"),
    ("The router's state, and extractors", "state_ extractor_"),
    ("Futures", "await_ future_ spawn_"),
    ("Another name for the runtime: `crate = ..`", "crate_"),
];

const PRELUDE: &str = "use consumer_runtime::prelude::*;";

struct Case {
    name: String,
    subject: &'static str,
    rule: String,
    mend: String,
    /// How many errors it prints, and why they are not one.
    exception: Option<(usize, String)>,
    code: String,
    printed: String,
}

#[test]
fn the_list_of_mistakes_is_that_of_the_cases() {
    let cases = cases().unwrap_or_else(|problems| panic!("\n{}\n", problems.join("\n")));
    let path = root().join("docs/mistakes.md");
    let (new, old) = (document(&cases), fs::read_to_string(&path).unwrap_or_default());
    if env::var_os("UPDATE").is_some() {
        return fs::write(path, new).expect("the document can be written");
    }
    let line = new.lines().zip(old.lines()).take_while(|(new, old)| new == old).count() + 1;
    assert!(
        new == old,
        "docs/mistakes.md is not what the cases say (from line {line}); run `UPDATE=1 cargo test -p tests --test mistakes`"
    );
}

/// This checkout.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are in the workspace").to_owned()
}

/// All cases by name, or all that is wrong with them.
fn cases() -> Result<Vec<Case>, Vec<String>> {
    let directory = fs::read_dir(root().join("tests/ui/fail")).expect("there are cases");
    let mut paths: Vec<_> = directory.map(|entry| entry.expect("a case can be read").path()).collect();
    paths.retain(|path| path.extension() == Some(OsStr::new("rs")));
    paths.sort();
    let (mut cases, mut problems, mut anchors) = (Vec::new(), Vec::new(), HashSet::new());
    anchors.extend(SUBJECTS.map(|(subject, _)| anchor(subject)));
    for path in paths {
        match case(&path) {
            Ok(case) if anchors.insert(anchor(&case.rule)) => cases.push(case),
            Ok(case) => problems.push(format!("{}: another heading reads `{}`", path.display(), case.rule)),
            Err(problem) => problems.push(format!("{}: {problem}", path.display())),
        }
    }
    if problems.is_empty() { Ok(cases) } else { Err(problems) }
}

fn case(path: &Path) -> Result<Case, String> {
    let name = path.file_stem().expect("a case has a name").to_string_lossy().into_owned();
    let source = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let printed = fs::read_to_string(path.with_extension("stderr")).map_err(|error| format!(".stderr: {error}"))?;
    let about = paragraphs(&source);
    let labelled = |label| about.iter().find_map(|text| text.strip_prefix(label)).map(str::to_owned);
    let rule = about.first().filter(|text| !text.starts_with("Mend: "));
    let exception = labelled("Errors: ").map(|text| exception(&text)).transpose()?;
    let (errors, expected) = (count(&printed), exception.as_ref().map_or(1, |(count, _)| *count));
    if errors != expected {
        return Err(format!("prints {errors} errors, not {expected}; say so with `//! Errors: {errors}, and why.`"));
    }
    Ok(Case {
        subject: subject(&name).ok_or("belongs to none of the `SUBJECTS` of tests/tests/mistakes.rs")?,
        rule: rule.and_then(|text| text.strip_suffix('.')).ok_or("begins with no `//! The rule.`")?.to_owned(),
        mend: labelled("Mend: ").ok_or("has no paragraph `//! Mend: what to do.`")?,
        code: code(&source)?,
        exception,
        printed,
        name,
    })
}

/// The paragraphs of a file's top comment, each in one line.
fn paragraphs(source: &str) -> Vec<String> {
    let comment: Vec<_> = source.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
    comment.split(|line| line.is_empty()).map(|lines| lines.join(" ")).filter(|text| !text.is_empty()).collect()
}

fn exception(text: &str) -> Result<(usize, String), String> {
    let parts = text.split_once(", ").and_then(|(count, why)| Some((count.parse().ok()?, why.to_owned())));
    parts.filter(|(count, _)| *count > 1).ok_or_else(|| format!("`Errors: {text}` is not `Errors: 3, and why.`"))
}

/// The errors that rustc prints: those that have no code, and those that have one.
fn count(printed: &str) -> usize {
    printed.lines().filter(|line| line.starts_with("error: ") || line.starts_with("error[")).count()
}

fn subject(name: &str) -> Option<&'static str> {
    let beginnings = SUBJECTS.iter().flat_map(|(subject, names)| names.split(' ').map(move |name| (*subject, name)));
    let fit = beginnings.filter(|(_, beginning)| name.starts_with(beginning));
    fit.max_by_key(|(_, beginning)| beginning.len()).map(|(subject, _)| subject)
}

/// A case without what all of them have.
fn code(source: &str) -> Result<String, &'static str> {
    let common = |line: &str| line.starts_with("//!") || line.starts_with("#![allow(") || line == PRELUDE;
    if !source.lines().any(|line| line == PRELUDE) {
        return Err("does not use the prelude");
    }
    let body = source.trim_end().trim_end_matches("fn main() {}");
    let mut lines: Vec<_> = body.lines().filter(|line| !common(line)).collect();
    lines.dedup_by(|one, other| one.is_empty() && other.is_empty());
    Ok(lines.join("\n").trim().to_owned())
}

/// The fragment that a code host makes of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn document(cases: &[Case]) -> String {
    let mut page = String::from(HEAD);
    let exceptions: Vec<_> = cases.iter().filter_map(|case| Some((case, case.exception.as_ref()?))).collect();
    let (all, single) = (cases.len(), cases.len() - exceptions.len());
    page += &format!("**{all} cases, of which {single} print exactly one error.** The others:\n\n");
    page += "| case | errors | why |\n|---|---|---|\n";
    for (Case { name, rule, .. }, (errors, why)) in exceptions {
        page += &format!("| [`{name}`](#{}) | {errors} | {why} |\n", anchor(rule));
    }
    page += "\n## Contents\n\n";
    for (subject, cases) in by_subject(cases) {
        page += &format!("- [{subject}](#{}) ({})\n", anchor(subject), cases.len());
        for Case { rule, .. } in cases {
            page += &format!("  - [{rule}](#{})\n", anchor(rule));
        }
    }
    for (subject, cases) in by_subject(cases) {
        page += &format!("\n## {subject}\n");
        cases.into_iter().for_each(|case| entry(&mut page, case));
    }
    page
}

fn by_subject(cases: &[Case]) -> impl Iterator<Item = (&'static str, Vec<&Case>)> {
    SUBJECTS.iter().map(|(subject, _)| (*subject, cases.iter().filter(|case| case.subject == *subject).collect()))
}

fn entry(page: &mut String, Case { name, rule, mend, code, printed, .. }: &Case) {
    *page += &format!("\n### {rule}\n\n```rust\n{code}\n```\n\n```text\n{}\n```\n\n", printed.trim_end());
    *page += &format!("**Mend:** {mend} ([`{name}.rs`](../tests/ui/fail/{name}.rs))\n");
}

const HEAD: &str = "\
# Mistakes, and what the compiler says

The mistakes that the attributes know, each with the rule that it breaks, a program that makes it, all that rustc prints,
and the mend. The programs are the cases in [`tests/ui/fail`](../tests/ui/fail), which `cargo test` compiles and compares
with these words. This page is made of them by [`tests/tests/mistakes.rs`](../tests/tests/mistakes.rs): to change it,
change a case, and run `UPDATE=1 cargo test -p tests --test mistakes`.

A program begins with `use consumer_runtime::prelude::*;` and ends with `fn main() {}` where no `main` is shown. Lines are
counted in the case's own file, which has these and the rule. `$WORKSPACE`, `$CARGO`, `$VERSION` and `$N` stand for what
differs from one machine to the next.

";
