//! The path of a consumer in axum's form: `/ws/chat/{room_name}/`.

use crate::names::is_identifier;

/// The names of the captures, in order.
///
/// # Errors
/// With what is wrong, in words for the user.
pub(crate) fn captures(path: &str) -> Result<Vec<String>, String> {
    if !path.starts_with('/') {
        return Err(format!("path {path:?} does not start with `/`; write {:?}", format!("/{path}")));
    }
    if path.contains(['?', '#']) {
        return Err(format!("path {path:?} contains a `?` or `#`; a path has no query, extract it in `#[connect]`"));
    }
    let mut names = Vec::<String>::new();
    let mut segments = path[1..].split('/').peekable();
    while let Some(segment) = segments.next() {
        let Some(name) = capture(path, segment)? else { continue };
        if name.rest && segments.peek().is_some() {
            return Err(format!("`{segment}` takes the rest of the path; nothing can follow it in {path:?}"));
        }
        if names.iter().any(|known| known == name.name) {
            return Err(format!("`{{{}}}` is twice in path {path:?}; give each its own name", name.name));
        }
        names.push(name.name.to_owned());
    }
    Ok(names)
}

struct Capture<'a> {
    name: &'a str,
    rest: bool,
}

fn capture<'a>(path: &str, segment: &'a str) -> Result<Option<Capture<'a>>, String> {
    if let Some(name) = segment.strip_prefix(':') {
        return Err(format!("`:{name}` is the old form of a capture; write `{{{name}}}`"));
    }
    if let Some(name) = segment.strip_prefix('*') {
        return Err(format!("`*{name}` is the old form of a capture; write `{{*{name}}}`"));
    }
    let Some(at) = segment.find(['{', '}']) else {
        return Ok(None);
    };
    let (prefix, capture) = segment.split_at(at);
    let inner = capture.strip_prefix('{').and_then(|inner| inner.strip_suffix('}'));
    let Some(inner) = inner.filter(|inner| !inner.contains(['{', '}'])) else {
        return Err(format!(
            "`{segment}` in path {path:?} is not a capture; a capture ends its segment, like `{{room}}`"
        ));
    };
    let (name, rest) = match inner.strip_prefix('*') {
        Some(name) => (name, true),
        None => (inner, false),
    };
    if !is_identifier(name) {
        return Err(format!("`{segment}` in path {path:?} does not name a field; write it like `{{room}}`"));
    }
    if rest && !prefix.is_empty() {
        return Err(format!(
            "`{segment}` in path {path:?} takes the rest of the path; it is a whole segment, like `{{*{name}}}`"
        ));
    }
    Ok(Some(Capture { name, rest }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_paths() {
        assert_eq!(captures("/ws/chat/{room_name}/").unwrap(), ["room_name"]);
        assert_eq!(captures("/@{a}/x/{*rest}").unwrap(), ["a", "rest"]);
        assert_eq!(captures("/").unwrap(), [] as [&str; 0]);
    }

    #[test]
    fn bad_paths() {
        for (path, word) in [
            ("ws", "start"),
            ("/ws/:id", "{id}"),
            ("/ws/*rest", "{*rest}"),
            ("/{*rest}/x", "follow"),
            ("/{a}/{a}", "twice"),
            ("/{}", "name a field"),
            ("/{1a}", "name a field"),
            ("/{a", "ends its segment"),
            ("/a}", "ends its segment"),
            ("/{{a}}", "ends its segment"),
            ("/{a}x", "ends its segment"),
            ("/{a}{b}", "ends its segment"),
            ("/x{*a}", "whole segment"),
            ("/x?a", "query"),
        ] {
            let error = captures(path).unwrap_err();
            assert!(error.contains(word), "{path}: {error}");
        }
    }
}
