//! A JSON value as YAML: block style, every string in JSON's quotes, which YAML 1.2 reads as JSON does.

use serde_json::Value;

pub(super) fn text(value: &Value) -> String {
    let mut text = String::new();
    block(value, 0, &mut text);
    text
}

/// A value that begins on a line of its own.
fn block(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                text.push_str(&" ".repeat(indent));
                text.push_str(&key(name));
                text.push(':');
                behind(value, indent + 2, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&" ".repeat(indent));
                text.push('-');
                behind(item, indent + 2, text);
            }
        }
        scalar => text.push_str(&format!("{}{scalar}\n", " ".repeat(indent))),
    }
}

/// A value behind a `:` or a `-`: on the same line where it is short.
fn behind(value: &Value, indent: usize, text: &mut String) {
    let nested = match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if nested {
        text.push('\n');
        block(value, indent, text);
    } else {
        text.push_str(&format!(" {value}\n"));
    }
}

/// A name, bare where nobody could take it for something else.
fn key(name: &str) -> String {
    let bare = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(&&*name.to_ascii_lowercase());
    if bare { name.to_owned() } else { Value::from(name).to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn values_nest_by_their_indent_and_strings_are_quoted() {
        let value = json!({"a": [1, {"b": "x: #"}, []], "on": null, "s/t": {"empty": {}}});
        let expected = "a:\n  - 1\n  -\n    b: \"x: #\"\n  - []\n\"on\": null\n\"s/t\":\n  empty: {}\n";
        assert_eq!(super::text(&value), expected);
    }
}
