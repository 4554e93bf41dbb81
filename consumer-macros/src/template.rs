//! The template of a group's name: `chat_{room_name}`.

use crate::names::{is_identifier, known_fields};

/// A name is shorter than this, as in Django Channels.
const TOO_LONG: usize = 100;

/// The placeholders of a template, in order.
///
/// # Errors
/// With what is wrong, in words for the user.
pub(crate) fn placeholders(template: &str) -> Result<Vec<String>, String> {
    let mut names = Vec::<String>::new();
    let mut literals = 0;
    let mut rest = template;
    let mut after_placeholder = false;
    if template.is_empty() {
        return Err("a group name is not empty; name it, like \"chat_{room_name}\"".to_owned());
    }
    while !rest.is_empty() {
        let (literal, tail) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
        check_literal(template, literal)?;
        literals += literal.len();
        let Some(tail) = tail.strip_prefix('{') else { break };
        let Some((name, tail)) = tail.split_once('}') else {
            return Err(format!("group name {template:?} has a `{{` without `}}`; close it"));
        };
        if !is_identifier(name) {
            return Err(format!("`{{{name}}}` in group name {template:?} is not the name of a field"));
        }
        if names.iter().any(|known| known == name) {
            return Err(format!("`{{{name}}}` is twice in group name {template:?}; name each field once"));
        }
        if after_placeholder && literal.is_empty() {
            let before = names.last().map_or("", String::as_str);
            return Err(format!(
                "`{{{before}}}` and `{{{name}}}` touch in group name {template:?}, so two groups could have one name; put a character between them, as in `{{{before}}}-{{{name}}}`"
            ));
        }
        names.push(name.to_owned());
        after_placeholder = true;
        rest = tail;
    }
    // Every placeholder holds one byte at least.
    if literals + names.len() >= TOO_LONG {
        return Err(format!("group name is {literals} bytes long without its fields; a name has less than {TOO_LONG}"));
    }
    Ok(names)
}

fn check_literal(template: &str, literal: &str) -> Result<(), String> {
    match literal.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
        None => Ok(()),
        Some('}') => Err(format!("group name {template:?} has a `}}` without `{{`; remove it")),
        Some(wrong) => {
            Err(format!("group name {template:?} contains {wrong:?}; use ASCII letters, digits, `-`, `_` and `.`"))
        }
    }
}

/// What to say of a placeholder that is no field of `owner`.
pub(crate) fn no_such_field(name: &str, owner: &str, fields: &[String]) -> String {
    format!("placeholder `{{{name}}}` has no field `{name}` in `{owner}` ({})", known_fields(fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_templates() {
        assert_eq!(placeholders("chat_{room}").unwrap(), ["room"]);
        assert_eq!(placeholders("game_{a}-{b}.x").unwrap(), ["a", "b"]);
        assert_eq!(placeholders("lobby").unwrap(), [] as [&str; 0]);
    }

    #[test]
    fn bad_templates() {
        for (template, word) in [
            ("", "empty"),
            ("chat {a}", "' '"),
            ("chat_{a", "close"),
            ("chat_a}", "remove"),
            ("chat_{}", "not the name"),
            ("chat_{{a}}", "not the name"),
            ("{a}_{a}", "twice"),
            ("{a}{b}", "touch"),
            (&format!("{}{{b}}", "a".repeat(99)), "less than 100"),
        ] {
            let error = placeholders(template).unwrap_err();
            assert!(error.contains(word), "{template}: {error}");
        }
    }
}
