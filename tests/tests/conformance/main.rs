//! The Autobahn test suite's fuzzing client against an echo consumer, compared with what is expected of each case.
//!
//! `tests/conformance/run -h` says how to run other groups of cases, and how to write the expectations anew.

mod cases;
mod echo;
mod page;
mod suite;

use std::{collections::BTreeMap, env, time::Duration};

use consumer_runtime::Compression;

use self::cases::{Case, Verdict};

/// The groups of every test run: all but compression, which takes half an hour. There is no 8 and no 11.
const GROUPS: &str = "1 2 3 4 5 6 7 9 10";

/// How messages are compressed in a group of cases: each by itself where the suite varies their contents, and all in one
/// context, both ways, where it varies what is offered.
fn compression(group: &str) -> Option<Compression> {
    let compression = Compression { min_size: 0, ..Compression::default() };
    match group.split('.').next()? {
        "12" => Some(compression),
        "13" => Some(Compression { server_context_takeover: true, client_context_takeover: true, ..compression }),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs wstest"]
async fn autobahn_finds_what_is_expected() {
    let groups = env::var("CONFORMANCE_GROUPS").unwrap_or_else(|_| GROUPS.to_owned());
    let groups: Vec<&str> = groups.split_whitespace().collect();
    let mut found = BTreeMap::new();
    for groups in groups.chunk_by(|a, b| compression(a) == compression(b)) {
        let compression = compression(groups[0]);
        let limit = Duration::from_secs(60 * if compression.is_some() { 50 } else { 8 });
        let site = echo::site(compression).await;
        found.extend(suite::run(site.address, groups, limit).await);
    }

    let bad = found.iter().filter(|(_, verdict)| !verdict.is_acceptable());
    let bad: Vec<_> = bad.map(|(case, verdict)| format!("{case}: {verdict}")).collect();
    assert!(bad.is_empty(), "worse than NON-STRICT:\n  {}", bad.join("\n  "));

    let mut expected = cases::expected();
    if env::var_os("CONFORMANCE_UPDATE").is_some() {
        expected.retain(|case, _| !case.is_in(&groups));
        expected.extend(found);
        cases::expect(&expected);
        page::update(&expected);
        return;
    }
    expected.retain(|case, _| case.is_in(&groups));
    let differences = differences(&expected, &found);
    assert!(
        differences.is_empty(),
        "not what tests/conformance/expected.txt says; if it is right, `tests/conformance/run --update` writes that:\n  {}",
        differences.join("\n  "),
    );
}

/// The cases that are not as expected, each in words.
fn differences(expected: &BTreeMap<Case, Verdict>, found: &BTreeMap<Case, Verdict>) -> Vec<String> {
    let missing = expected.iter().filter(|(case, _)| !found.contains_key(case));
    let missing = missing.map(|(case, wanted)| format!("{case}: expected {wanted}, but it was not run"));
    let others = found.iter().filter_map(|(case, verdict)| match expected.get(case) {
        Some(wanted) if wanted == verdict => None,
        Some(wanted) => Some(format!("{case}: expected {wanted}, found {verdict}")),
        None => Some(format!("{case}: not expected at all, found {verdict}")),
    });
    missing.chain(others).collect()
}

#[test]
fn the_page_shows_what_is_expected() {
    let expected = cases::expected();
    let bad: Vec<_> = expected.iter().filter(|(_, verdict)| !verdict.is_acceptable()).collect();
    assert!(bad.is_empty(), "{bad:?}");
    assert_eq!(page::shown(), page::table(&expected), "`tests/conformance/run --update` writes the table");
}

#[test]
fn a_group_may_be_a_part_of_one() {
    let case: Case = "12.1.10".parse().unwrap();
    for (group, is_in) in
        [("12", true), ("12.1", true), ("12.1.10", true), ("1", false), ("12.1.1", false), ("x", false)]
    {
        assert_eq!(case.is_in(&[group]), is_in, "{group}");
    }
    assert!(compression("13.7").is_some_and(|compression| compression.server_context_takeover));
    assert!(compression("12").is_some() && compression("1").is_none());
}

#[test]
fn a_verdict_is_as_good_as_its_worse_half() {
    let verdict = |text: &str| cases::parse(&format!("1.1 {text}")).unwrap().into_values().next().unwrap();
    for (text, worst) in [("OK", "OK"), ("OK, close INFORMATIONAL", "INFORMATIONAL"), ("NON-STRICT", "NON-STRICT")] {
        assert_eq!(verdict(text).worst(), worst);
        assert!(verdict(text).is_acceptable());
    }
    for bad in ["FAILED", "UNIMPLEMENTED", "WRONG CODE", "OK, close UNCLEAN", "FAILED, close INFORMATIONAL"] {
        assert!(!verdict(bad).is_acceptable(), "{bad}");
    }
}

#[test]
fn a_difference_names_its_case() {
    let results = |text| cases::parse(text).unwrap();
    let expected = results("1.1 OK\n1.2 OK\n2.10 NON-STRICT\n");
    assert!(differences(&expected, &expected).is_empty());
    let found = results("1.1 FAILED\n2.10 OK, close INFORMATIONAL\n2.11 OK\n");
    let told = [
        "1.2: expected OK, but it was not run",
        "1.1: expected OK, found FAILED",
        "2.10: expected NON-STRICT, found OK, close INFORMATIONAL",
        "2.11: not expected at all, found OK",
    ];
    assert_eq!(differences(&expected, &found), told);
}
