//! The rules of names: events and frames, and subprotocols.

use syn::ext::IdentExt;

/// The longest name in bytes, as everywhere in Django Channels.
const MAX_NAME: usize = 99;

const EXAMPLE: &str = "use lowercase words joined by dots, like \"chat.message\"";

/// The codes of errors that are the runtime's own.
const RUNTIME_CODES: [&str; 5] = ["bad_frame", "internal", "timeout", "unexpected", "unknown_type"];

/// What is wrong with the name of an event or a frame; `kind` is what the message calls it.
pub(crate) fn event_objection(kind: &str, name: &str) -> Option<String> {
    if let Some(objection) = words_objection(kind, name, EXAMPLE) {
        Some(objection)
    } else if name.starts_with('_') {
        Some(format!("{kind} {name:?} begins with `_`, which Django Channels refuses; begin it with a letter"))
    } else if matches!(name, "ask" | "error" | "reply") {
        Some(format!("{kind} {name:?} is a frame of the runtime's own; choose another, like \"chat.{name}\""))
    } else if name == "connection.close" {
        Some(format!(
            "{kind} {name:?} is the runtime's own, and closes whoever gets it; choose another, like \"chat.close\""
        ))
    } else {
        None
    }
}

/// What is wrong with the code of an error.
pub(crate) fn code_objection(code: &str) -> Option<String> {
    if let Some(objection) = words_objection("code", code, "use lowercase words, like \"no_room\" or \"chat.no_room\"")
    {
        Some(objection)
    } else if code == "internal" {
        Some("code \"internal\" is the runtime's own; write `#[reply(internal)]` for an error of which the client is told nothing".to_owned())
    } else if RUNTIME_CODES.contains(&code) {
        let own = RUNTIME_CODES.map(|code| format!("`{code}`")).join(", ");
        Some(format!("code {code:?} is the runtime's own, as all of {own}; choose another, like \"chat.{code}\""))
    } else {
        None
    }
}

/// What is wrong with lower-case words joined by dots.
fn words_objection(kind: &str, name: &str, example: &str) -> Option<String> {
    let allowed = |c: &char| matches!(c, 'a'..='z' | '0'..='9' | '_' | '.');
    if name.is_empty() {
        Some(format!("{kind} is empty; {example}"))
    } else if let Some(wrong) = name.chars().find(|c| !allowed(c)) {
        Some(format!("{kind} {name:?} contains {wrong:?}; {example}"))
    } else if name.split('.').any(str::is_empty) {
        Some(format!("{kind} {name:?} has an empty word; {example}"))
    } else if name.len() > MAX_NAME {
        Some(format!("{kind} is {} bytes long; use at most {MAX_NAME}", name.len()))
    } else {
        None
    }
}

/// The method name that Django Channels makes of an event's name: names that fold alike are one name.
pub(crate) fn fold(name: &str) -> String {
    name.replace('.', "_")
}

/// What is wrong with a subprotocol: it is a token of RFC 7230 §3.2.6, and none that the runtime keeps to itself.
pub(crate) fn subprotocol_objection(name: &str) -> Option<String> {
    let allowed = |c: &char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(*c);
    if name.is_empty() {
        return Some("a subprotocol is not empty; name it, like \"v2.chat\"".to_owned());
    }
    if name.starts_with("schema.") {
        return Some(format!(
            "subprotocol {name:?} begins with \"schema.\", as a client's contract does; begin it with another word"
        ));
    }
    if name == "bearer" || name.starts_with("bearer.") {
        return Some(format!(
            "subprotocol {name:?} is the runtime's own, for the token of a client; begin it with another word"
        ));
    }
    let wrong = name.chars().find(|c| !allowed(c))?;
    Some(format!("subprotocol {name:?} contains {wrong:?}; use letters, digits, `.`, `-` and `_`, like \"v2.chat\""))
}

/// What is wrong with the name of a general channel.
pub(crate) fn channel_objection(name: &str) -> Option<String> {
    const EXAMPLE: &str = "use letters, digits, `-`, `_` and `.`, like \"thumbnails-generate\"";
    let allowed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() {
        return Some(format!("the channel's name is empty; {EXAMPLE}"));
    }
    if name.contains('!') {
        return Some(format!(
            "channel name {name:?} contains '!', as the channels of one process do; a worker's is for any process: {EXAMPLE}"
        ));
    }
    if let Some(wrong) = name.chars().find(|c| !allowed(c)) {
        return Some(format!("channel name {name:?} contains {wrong:?}; {EXAMPLE}"));
    }
    (name.len() > MAX_NAME).then(|| format!("the channel's name is {} bytes long; use at most {MAX_NAME}", name.len()))
}

/// `on_message` as `OnMessage`.
pub(crate) fn camel_case(name: &str) -> String {
    name.split('_')
        .flat_map(|word| {
            let mut chars = word.chars();
            chars.next().into_iter().flat_map(char::to_uppercase).chain(chars)
        })
        .collect()
}

/// Whether a field can have this name; a keyword is the name of a raw one.
pub(crate) fn is_identifier(name: &str) -> bool {
    name != "_" && syn::parse::Parser::parse_str(syn::Ident::parse_any, name).is_ok()
}

/// A struct's fields for a message: "fields: `a`, `b`".
pub(crate) fn known_fields(fields: &[String]) -> String {
    if fields.is_empty() {
        return "it has no fields".to_owned();
    }
    let fields: Vec<_> = fields.iter().map(|name| format!("`{name}`")).collect();
    format!("fields: {}", fields.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_events() {
        for name in ["a", "chat.message", "chat_message.v2", "2fa.done", "a._b"] {
            assert_eq!(event_objection("event name", name), None, "{name}");
        }
        for name in [
            "",
            "Chat",
            "chat message",
            ".a",
            "a.",
            "a..b",
            "_a",
            "reply",
            "error",
            "ask",
            "connection.close",
            "é",
            &"a".repeat(100),
        ] {
            assert!(event_objection("event name", name).is_some(), "{name}");
        }
    }

    #[test]
    fn codes() {
        for code in ["busy", "chat.no_room", "_a", "404", "reply"] {
            assert_eq!(code_objection(code), None, "{code}");
        }
        for code in RUNTIME_CODES.into_iter().chain(["", "Busy", "no room", "a..b", ".a", "é", &"a".repeat(100)]) {
            assert!(code_objection(code).is_some(), "{code}");
        }
    }

    #[test]
    fn names_of_subprotocols() {
        assert_eq!(subprotocol_objection("v2.chat"), None);
        assert!(subprotocol_objection("v2 chat").is_some());
        assert!(subprotocol_objection("").is_some());
        assert!(["bearer", "bearer.x", "schema.x"].into_iter().all(|name| subprotocol_objection(name).is_some()));
        assert_eq!(subprotocol_objection("bearers.v1"), None);
    }

    #[test]
    fn names_of_channels() {
        for name in ["a", "thumbnails-generate", "Jobs_2.fast", &"a".repeat(99)] {
            assert_eq!(channel_objection(name), None, "{name}");
        }
        for name in ["", "a b", "specific.a!b", "é", "a:b", &"a".repeat(100)] {
            assert!(channel_objection(name).is_some(), "{name}");
        }
    }

    #[test]
    fn variants() {
        assert_eq!(camel_case("on_chat__message2"), "OnChatMessage2");
    }
}
