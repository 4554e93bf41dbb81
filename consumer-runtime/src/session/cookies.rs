//! The cookies of a request.

use std::{convert::Infallible, fmt};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

/// The cookies that a request brings, read as Django reads them (`django.http.cookie.parse_cookie`).
///
/// An extractor, for `#[connect]` and for ordinary handlers. Of two cookies with one name the last counts; a value in double
/// quotes is without them. Its `Debug` shows the names alone.
///
/// ```
/// use consumer_runtime::{Cookies, prelude::*};
///
/// #[consumer("/ws/theme/", sends(String))]
/// struct Theme {}
///
/// #[consumer]
/// impl Theme {
///     #[connect]
///     async fn connect(&mut self, cookies: Cookies, context: &mut Context<Self>) -> Result<(), Refusal> {
///         Ok(context.send_text(cookies.get("theme").unwrap_or("light")).await?)
///     }
/// }
/// ```
#[derive(Clone, Default)]
pub struct Cookies(Vec<(String, String)>);

impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Cookies {
    /// The cookies in all `Cookie` headers; HTTP/2 may have several.
    pub fn of(headers: &HeaderMap) -> Self {
        let texts =
            headers.get_all(header::COOKIE).iter().filter_map(|value| std::str::from_utf8(value.as_bytes()).ok());
        Self(texts.flat_map(|text| text.split(';')).filter_map(read).collect())
    }

    /// The value of a cookie.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rfind(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }
}

fn read(piece: &str) -> Option<(String, String)> {
    let (name, value) = piece.split_once('=').unwrap_or(("", piece));
    let (name, value) = (name.trim(), value.trim());
    (!name.is_empty() || !value.is_empty()).then(|| (name.to_owned(), unquoted(value)))
}

/// A value in quotes, as Python's `http.cookies` writes one with characters that a plain value cannot hold: `\"`, `\\`, and
/// three octal digits for a byte.
fn unquoted(value: &str) -> String {
    let Some(mut rest) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut text = String::new();
    while let Some((plain, escaped)) = rest.split_once('\\') {
        text.push_str(plain);
        let octal = escaped.get(..3).filter(|digits| matches!(digits.as_bytes(), [b'0'..=b'3', ..]));
        rest = match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                // Python makes a character of each byte.
                text.push(char::from(byte));
                &escaped[3..]
            }
            None => {
                let mut chars = escaped.chars();
                text.extend(chars.next());
                chars.as_str()
            }
        };
    }
    text + rest
}

impl<S: Send + Sync> FromRequestParts<S> for Cookies {
    type Rejection = Infallible;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&request.headers))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn cookies(headers: &[&str]) -> Vec<(String, String)> {
        let mut map = HeaderMap::new();
        for text in headers {
            map.append(header::COOKIE, HeaderValue::from_bytes(text.as_bytes()).unwrap());
        }
        Cookies::of(&map).0
    }

    fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    /// What `django.http.cookie.parse_cookie` makes of the same texts.
    #[test]
    fn read_as_django_does() {
        assert_eq!(cookies(&["a=b; c=d"]), pairs([("a", "b"), ("c", "d")]));
        assert_eq!(cookies(&["a=b=c; ; =x; y"]), pairs([("a", "b=c"), ("", "x"), ("", "y")]));
        assert_eq!(cookies(&[r#"a="b; c""#]), pairs([("a", "\"b"), ("", "c\"")]), "a semicolon ends it all the same");
        assert_eq!(cookies(&[r#"a="x\054y\"z\\""#]), pairs([("a", "x,y\"z\\")]));
        assert_eq!(cookies(&[r#"a="\377\9\""#]), pairs([("a", "ÿ9")]));
        assert_eq!(cookies(&["a=1", "b=ü"]), pairs([("a", "1"), ("b", "ü")]));
        assert_eq!(cookies(&[r#"a=""#, r#"b="""#]), pairs([("a", "\""), ("b", "")]));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in r#"[ -~ü]{0,40}"#, quoted in r#""([0-9a"\\ ü]{0,12})""#) {
            let mut headers = HeaderMap::new();
            for text in [text, format!("a={quoted}")] {
                headers.append(header::COOKIE, HeaderValue::from_bytes(text.as_bytes()).unwrap());
            }
            proptest::prop_assert!(Cookies::of(&headers).get("a").is_some());
        }
    }

    #[test]
    fn the_last_of_a_name_counts_and_no_value_is_shown() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("id=secret; id=newer"));
        let cookies = Cookies::of(&headers);
        assert_eq!((cookies.get("id"), cookies.get("ID")), (Some("newer"), None));
        assert_eq!(format!("{cookies:?}"), r#"["id", "id"]"#);
    }
}
