//! Whether axum refuses two paths on one router.

/// What a path asks for at one place.
enum Token {
    End,
    Byte(u8),
    /// `{name}`.
    Capture,
    /// `{*name}`.
    Rest,
}

/// The token at `at`, and where the next one begins; the macros have checked that captures are closed.
const fn token(path: &[u8], at: usize) -> (Token, usize) {
    if at >= path.len() {
        return (Token::End, at);
    }
    if path[at] != b'{' {
        return (Token::Byte(path[at]), at + 1);
    }
    let mut end = at;
    while end < path.len() && path[end] != b'}' {
        end += 1;
    }
    let rest = at + 1 < path.len() && path[at + 1] == b'*';
    (if rest { Token::Rest } else { Token::Capture }, end + 1)
}

/// Whether axum's router panics when it gets both: they are equal but for the names of captures, or a capture of one
/// stands where the other takes the rest of the path.
///
/// A literal beside a capture is allowed, and wins.
pub(super) const fn conflict(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (mut at_a, mut at_b) = (0, 0);
    loop {
        let ((token_a, next_a), (token_b, next_b)) = (token(a, at_a), token(b, at_b));
        match (token_a, token_b) {
            (Token::End, Token::End) | (Token::Rest, Token::Rest | Token::Capture) | (Token::Capture, Token::Rest) => {
                return true;
            }
            (Token::Capture, Token::Capture) => {}
            (Token::Byte(a), Token::Byte(b)) if a == b => {}
            _ => return false,
        }
        (at_a, at_b) = (next_a, next_b);
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use axum::{Router, routing::any};
    use proptest::prelude::*;

    use super::conflict;

    /// What axum itself says.
    fn refused(a: &str, b: &str) -> bool {
        catch_unwind(|| Router::<()>::new().route(a, any(|| async {})).route(b, any(|| async {}))).is_err()
    }

    /// A path of up to three segments out of everything that a consumer's path may hold.
    fn path() -> impl Strategy<Value = String> {
        let segment =
            prop_oneof![Just(""), Just("ws"), Just("w"), Just("{a}"), Just("{b}"), Just("ws{a}"), Just("w{b}")];
        let last = prop_oneof![3 => Just(""), 1 => Just("/{*rest}"), 1 => Just("/{*all}")];
        (proptest::collection::vec(segment, 1..=3), last).prop_map(|(segments, last)| {
            let mut path = String::new();
            for (index, segment) in segments.iter().enumerate() {
                // Each capture needs a name of its own.
                path += &format!("/{}", segment.replace('}', &format!("{index}}}")));
            }
            path + last
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn agrees_with_axum(a in path(), b in path()) {
            prop_assert_eq!(conflict(&a, &b), refused(&a, &b), "{} {}", a, b);
        }
    }

    #[test]
    fn plain_cases() {
        for (a, b, expected) in [
            ("/ws/{x}/", "/ws/{y}/", true),
            ("/ws/{x}/", "/ws/lobby/", false),
            ("/ws/{x}/", "/ws/{x}", false),
            ("/ws/{x}/", "/ws/{*rest}", true),
            ("/ws/x/", "/ws/{*rest}", false),
            ("/ws/", "/ws/{*rest}", false),
            ("/ws/a{x}", "/ws/{x}", false),
            ("/ws/{*a}", "/ws/{*b}", true),
        ] {
            assert_eq!(conflict(a, b), expected, "{a} {b}");
            assert_eq!(refused(a, b), expected, "axum: {a} {b}");
        }
    }
}
