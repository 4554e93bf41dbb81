//! The placeholders of a message: `at most {max} messages`.

use super::model::Placeholder;
use crate::names::{is_identifier, known_fields};

/// The message with `{}` in place of each field, and the fields in order.
///
/// # Errors
/// With what is wrong, in words for the user; `fields` are the names that a message may use.
pub(super) fn placeholders(
    message: &str,
    owner: &str,
    fields: &[String],
) -> Result<(String, Vec<Placeholder>), String> {
    let (mut template, mut placeholders, mut rest) = (String::new(), Vec::new(), message);
    while let Some(at) = rest.find(['{', '}']) {
        let (literal, brace) = rest.split_at(at);
        template.push_str(literal);
        if let Some(doubled) = brace.get(..2).filter(|two| matches!(*two, "{{" | "}}")) {
            template.push_str(doubled);
            rest = &brace[2..];
            continue;
        }
        let Some(tail) = brace.strip_prefix('{') else {
            return Err("the message has a `}` without `{`; write `}}` for the character".to_owned());
        };
        let Some((placeholder, tail)) = tail.split_once('}') else {
            return Err("the message has a `{` without `}`; close it, or write `{{` for the character".to_owned());
        };
        let (name, format) = placeholder.split_once(':').unwrap_or((placeholder, ""));
        let name = name.trim();
        check_name(name, owner, fields)?;
        if format.contains('$') {
            return Err(format!("`{{{placeholder}}}` takes a width from an argument; write a number instead"));
        }
        template.push_str(&if format.is_empty() { "{}".to_owned() } else { format!("{{:{format}}}") });
        let display = !format.trim_end().ends_with(['?', 'x', 'X', 'o', 'b', 'e', 'E', 'p']);
        placeholders.push(Placeholder { name: name.to_owned(), display });
        rest = tail;
    }
    template.push_str(rest);
    Ok((template, placeholders))
}

fn check_name(name: &str, owner: &str, fields: &[String]) -> Result<(), String> {
    let known = known_fields(fields);
    if name.is_empty() || name.parse::<usize>().is_ok() {
        return Err(format!("`{{{name}}}` is no field of `{owner}`; name one in the braces ({known})"));
    }
    if !is_identifier(name) {
        return Err(format!("`{{{name}}}` is not the name of a field; name one of `{owner}` ({known})"));
    }
    if fields.iter().any(|field| field == name) {
        Ok(())
    } else {
        Err(format!("`{{{name}}}` is no field of `{owner}` ({known})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &str) -> Result<(String, Vec<(String, bool)>), String> {
        let (template, placeholders) = placeholders(message, "NoRoom", &["room".to_owned(), "type".to_owned()])?;
        Ok((template, placeholders.into_iter().map(|found| (found.name, found.display)).collect()))
    }

    #[test]
    fn good_messages() {
        for (message, template, fields) in [
            ("no room", "no room", vec![]),
            ("no {room}, {type}", "no {}, {}", vec![("room", true), ("type", true)]),
            ("{{{room:?}}} {room:>5}", "{{{:?}}} {:>5}", vec![("room", false), ("room", true)]),
            ("é{room }é", "é{}é", vec![("room", true)]),
        ] {
            let fields: Vec<_> = fields.into_iter().map(|(name, display)| (name.to_owned(), display)).collect();
            assert_eq!(read(message), Ok((template.to_owned(), fields)), "{message}");
        }
    }

    #[test]
    fn bad_messages() {
        for (message, words) in [
            ("{}", "name one in the braces (fields: `room`, `type`)"),
            ("{0}", "`{0}` is no field of `NoRoom`; name one"),
            ("{romo}", "`{romo}` is no field of `NoRoom` (fields: `room`, `type`)"),
            ("{room.len()}", "is not the name of a field"),
            ("{room", "close it"),
            ("room}", "write `}}`"),
            ("{room:width$}", "write a number"),
        ] {
            let error = read(message).unwrap_err();
            assert!(error.contains(words), "{message}: {error}");
        }
    }
}
