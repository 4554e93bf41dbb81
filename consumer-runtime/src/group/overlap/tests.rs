//! Against names that another piece of code makes out of the templates.

use proptest::prelude::*;

use super::*;
use crate::group::{Part, parts, separators};

fn shared(a: &str, b: &str) -> Option<String> {
    let found = |a, b| {
        // What is in the scratch before must not matter.
        let mut room = vec![u64::MAX; scratch(a, b)];
        example(a, b, &mut room).map(|name| name.as_str().to_owned())
    };
    assert_eq!(found(a, b).map(|name| name.len()), found(b, a).map(|name| name.len()), "{a} {b}: it has no direction");
    found(a, b)
}

/// Whether the fields of a template can be filled so that `name` comes out.
fn gives(template: &str, name: &str) -> bool {
    let separators = separators(template);
    !template.is_empty() && rest_gives(&parts(template).collect::<Vec<_>>(), &separators, name)
}

fn rest_gives(parts: &[Part<'_>], separators: &[&str], name: &str) -> bool {
    match parts {
        [] => name.is_empty(),
        [Part::Literal(text), rest @ ..] => {
            name.strip_prefix(text).is_some_and(|name| rest_gives(rest, separators, name))
        }
        [Part::Field(_), rest @ ..] => (1..=name.len()).any(|len| {
            let (value, name) = name.split_at(len);
            !separators.iter().any(|separator| value.contains(separator)) && rest_gives(rest, separators, name)
        }),
    }
}

/// All names of a few characters, the shortest first.
fn names() -> impl Iterator<Item = String> {
    (1..=7u32).flat_map(|len| {
        (0..3usize.pow(len)).map(move |number| {
            let digit = |place| ["a", "_", "1"][number / 3usize.pow(place) % 3];
            (0..len).map(digit).collect()
        })
    })
}

/// A template over two literal characters with up to three fields.
fn template() -> impl Strategy<Value = String> {
    let literal = |least| proptest::string::string_regex(&format!("[a_]{{{least},3}}")).expect("a pattern");
    let fields = proptest::collection::vec(literal(1), 0..=2);
    prop_oneof![
        literal(1),
        (literal(0), fields, literal(0)).prop_map(|(head, between, tail)| {
            let mut template = format!("{head}{{f}}");
            for (index, literal) in between.iter().enumerate() {
                template += &format!("{literal}{{f{index}}}");
            }
            template + &tail
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_all_short_names(a in template(), b in template()) {
        let expected = names().find(|name| gives(&a, name) && gives(&b, name));
        match shared(&a, &b) {
            Some(name) => {
                prop_assert!(gives(&a, &name) && gives(&b, &name), "{name:?} is not of {a:?} and {b:?}");
                if let Some(expected) = expected {
                    prop_assert_eq!(name.len(), expected.len());
                } else {
                    prop_assert!(name.len() > 7, "{name:?} is short");
                }
            }
            None => prop_assert_eq!(expected, None),
        }
    }
}

#[test]
fn plain_cases() {
    for (a, b, expected) in [
        ("chat_{room}", "chat_{user}", Some("chat_1")),
        ("chat_{room}", "chat_lobby", Some("chat_lobby")),
        ("chat_{a}", "game_{b}", None),
        ("chat_{room}", "chat_", None),
        ("lobby", "lobby", Some("lobby")),
        ("lobby", "lobby2", None),
        ("{x}", "lobby", Some("lobby")),
        ("{a}_x", "chat_{b}", Some("chat_x")),
        ("room_{a}_x", "room_{b}_y", None),
        // A value does not hold the separator, so the number of separators is fixed.
        ("{a}-{b}", "x-y-{c}", None),
        ("{a}-{b}", "x-{c}", Some("x-1")),
        ("{a}--{b}", "x-y-{c}", Some("x-y--1")),
        ("{a}--{b}", "x-y-z", None),
        ("{a}--{b}", "x-{c}-y", Some("x---y")),
        ("", "{x}", None),
    ] {
        let shared = shared(a, b);
        assert_eq!(shared.as_ref().map(String::len), expected.map(str::len), "{a} {b}: {shared:?}");
        for name in [shared.as_deref(), expected].into_iter().flatten() {
            assert!(gives(a, name) && gives(b, name), "{name} is not of {a} and {b}");
        }
    }
    assert_eq!(shared("chat_{room}", "chat_{user}").unwrap(), "chat_1", "an example is plain");
}

/// Names that would be longer than a name may be are no names.
#[test]
fn the_longest_name_decides() {
    let (x, y) = ("x".repeat(50), "y".repeat(49));
    assert_eq!(shared(&format!("{x}{{a}}"), &format!("{{b}}{y}")), Some(format!("{x}{y}")));
    assert_eq!(shared(&format!("{x}{{a}}"), &format!("{{b}}{y}y")), None);
    let full = "z".repeat(99);
    assert_eq!(shared(&full, "{a}"), Some(full.clone()));
    assert_eq!(shared(&format!("{full}z"), "{a}"), None);
    assert_eq!(shared(&format!("{}{{b}}", &full[1..]), "{a}").unwrap().len(), 99);
}

/// The most that a template can hold.
#[test]
fn many_fields() {
    let fields =
        |between: &str, count: usize| (0..count).map(|n| format!("{{f{n}}}")).collect::<Vec<_>>().join(between);
    assert_eq!(shared(&fields("-", 50), &fields("-", 49)), None);
    assert_eq!(shared(&fields("-", 50), &fields("_", 2)).unwrap().len(), 99);
    assert_eq!(shared(&fields("ab", 12), &fields("ba", 9)).map(|name| name.len() > 30), Some(true));
}
