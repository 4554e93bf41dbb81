//! Which web pages may open a socket: the answer to cross-site WebSocket hijacking.

mod page;
mod pattern;

pub use pattern::{InvalidOrigin, Origin};

use axum::http::{HeaderMap, HeaderValue, Uri, header, uri::Authority};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::proxies::Forwarded;
use page::{Page, default_port};

/// Which `Origin` headers are let in; others are refused with 403 before the upgrade.
///
/// A browser puts the page's origin there and a page cannot change it (RFC 6455 §10.2). Clients that are no browsers
/// send none and are let in, unless [`require_origin`](crate::Settings::require_origin) says otherwise.
///
/// In a settings file: `"same_origin"`, `"any"`, or a list such as `["https://example.com", ".example.org"]`, each as in
/// [`Origin`]; `"*"` in a list is any, as in Django's `ALLOWED_HOSTS`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Origins {
    /// Pages whose host and port are those that the request is addressed to.
    ///
    /// The scheme is compared when a [trusted proxy](crate::Settings::trusted_proxies) tells it, as it does the host;
    /// a server behind another one does not see it.
    #[default]
    SameOrigin,
    /// These origins alone.
    Only(Vec<Origin>),
    /// Every page. Right only where nothing depends on who the user is.
    Any,
}

impl Origins {
    /// Allows exactly these origins; `"*"` among them allows any.
    ///
    /// # Errors
    /// [`InvalidOrigin`] with the first text that is none.
    pub fn only<I: IntoIterator<Item: AsRef<str>>>(origins: I) -> Result<Self, InvalidOrigin> {
        let mut only = Vec::new();
        let mut any = false;
        for origin in origins {
            match origin.as_ref() {
                "*" => any = true,
                text => only.push(text.parse()?),
            }
        }
        Ok(if any { Self::Any } else { Self::Only(only) })
    }

    /// Whether a request may open a socket.
    pub(crate) fn admits(&self, headers: &HeaderMap, uri: &Uri, forwarded: &Forwarded, required: bool) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let (origin, more) = (origins.next(), origins.next());
        let Some(origin) = origin else { return !required };
        if *self == Self::Any {
            return true;
        }
        // `null` (sandboxed pages, files) parses as no page and is refused like everything else that is odd.
        let page = origin.to_str().ok().filter(|_| more.is_none()).and_then(Page::parse);
        let Some(page) = page else { return false };
        match self {
            Self::Any => true,
            Self::Only(allowed) => allowed.iter().any(|allowed| allowed.admits(&page)),
            Self::SameOrigin => same_origin(&page, headers, uri, forwarded),
        }
    }

    /// Whether a GET that no WebSocket comes of may open a stream.
    ///
    /// With a GET browsers send no `Origin` to the page's own server. Neither do they to another one whose answer the page may
    /// not read (`no-cors`), and there the cookies come along: so whoever has no `Origin` must say by other means that it is no
    /// such request. `Sec-Fetch-Site` is the browser's own word, and `scripted`, a header that a page can set only where it is
    /// allowed to, is all there is over plain HTTP and for clients that are no browsers.
    pub(crate) fn admits_get(
        &self,
        headers: &HeaderMap,
        uri: &Uri,
        forwarded: &Forwarded,
        required: bool,
        scripted: bool,
    ) -> bool {
        if headers.contains_key(header::ORIGIN) {
            return self.admits(headers, uri, forwarded, required);
        }
        let mut sites = headers.get_all("sec-fetch-site").iter();
        match (sites.next().map(HeaderValue::as_bytes), sites.next()) {
            (Some(b"same-origin"), None) => self.admits_own(headers, uri, forwarded),
            // Typed into the address bar, or sent by an extension: no page's doing.
            (Some(b"none"), None) => !required,
            (None, _) => scripted && !required,
            _ => false,
        }
    }

    /// Whether the pages of the host that a request is addressed to may connect.
    fn admits_own(&self, headers: &HeaderMap, uri: &Uri, forwarded: &Forwarded) -> bool {
        let Self::Only(allowed) = self else { return true };
        let Some(target) = target(headers, uri, forwarded) else { return false };
        let schemes = forwarded.scheme.as_deref().map_or_else(|| vec!["https", "http"], |scheme| vec![scheme]);
        let pages = schemes.iter().filter_map(|scheme| Page::parse(&format!("{scheme}://{target}")));
        { pages }.any(|page| allowed.iter().any(|allowed| allowed.admits(&page)))
    }
}

/// The host that a request is addressed to.
fn target<'a>(headers: &'a HeaderMap, uri: &'a Uri, forwarded: &'a Forwarded) -> Option<Authority> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let target = forwarded.host.as_deref().or(host).or_else(|| uri.authority().map(Authority::as_str));
    target.and_then(|target| target.parse().ok())
}

fn same_origin(page: &Page, headers: &HeaderMap, uri: &Uri, forwarded: &Forwarded) -> bool {
    if forwarded.scheme.as_ref().is_some_and(|scheme| !page.is_by(scheme)) {
        return false;
    }
    let Some(target) = target(headers, uri, forwarded) else { return false };
    let port = target.port_u16().or_else(|| default_port(&page.scheme));
    target.host().eq_ignore_ascii_case(&page.host) && port == Some(page.port)
}

impl Serialize for Origins {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::SameOrigin => serializer.serialize_str("same_origin"),
            Self::Any => serializer.serialize_str("any"),
            Self::Only(origins) => serializer.collect_seq(origins.iter().map(ToString::to_string)),
        }
    }
}

impl<'de> Deserialize<'de> for Origins {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Word(String),
            List(Vec<String>),
        }
        match Form::deserialize(deserializer)? {
            Form::Word(word) if word == "same_origin" => Ok(Self::SameOrigin),
            Form::Word(word) if word == "any" => Ok(Self::Any),
            Form::Word(word) => {
                let text = format!("unknown origins {word:?}; write \"same_origin\", \"any\" or a list of origins");
                Err(de::Error::custom(text))
            }
            Form::List(list) => Self::only(list).map_err(de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(origins: &Origins, host: &str, origin: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
        if !origin.is_empty() {
            headers.insert(header::ORIGIN, HeaderValue::from_str(origin).unwrap());
        }
        origins.admits(&headers, &Uri::from_static("/ws/"), &Forwarded::default(), false)
    }

    #[test]
    fn the_same_origin_is_host_and_port() {
        let same = |host, origin| admits(&Origins::SameOrigin, host, origin);
        assert!(same("example.com", "https://example.com"));
        assert!(same("example.com", "http://EXAMPLE.com"));
        assert!(same("example.com:8000", "http://example.com:8000"));
        assert!(same("[::1]:8000", "http://[::1]:8000"));
        assert!(same("example.com:443", "https://example.com"));
        assert!(same("example.com", ""));
        for wrong in
            ["https://evil.com", "https://example.com.evil.com", "https://example.com:8443", "null", "file://", "x"]
        {
            assert!(!same("example.com", wrong), "{wrong}");
        }
    }

    #[test]
    fn a_list_compares_scheme_host_and_port() {
        let only = Origins::only(["https://example.com", "https://*.example.org"]).unwrap();
        let only = |origin| admits(&only, "server", origin);
        assert!(only("https://example.com") && only("https://example.com:443") && only("https://a.b.example.org"));
        for wrong in ["http://example.com", "https://example.org", "https://evilexample.org", "https://example.com:1"] {
            assert!(!only(wrong), "{wrong}");
        }
        assert!(Origins::only(["exa mple"]).unwrap_err().to_string().contains("https://example.com"));
    }

    #[test]
    fn a_host_is_a_host() {
        for wrong in ["http://;[:80", "http://[", "http://[]", "http://[x]", "http://a[b]c", "http://:80", "http://*."]
        {
            assert!(wrong.parse::<Origin>().is_err(), "{wrong}");
        }
        for wrong in
            ["*", ".", "..a", "a:b", "a:", "a.*.b", "*a", "http://*", "http://a.*", "user@a", "a/b", "", "x://a"]
        {
            assert!(wrong.parse::<Origin>().is_err(), "{wrong}");
        }
        for right in ["http://[::1]", "http://[::1]:8000", "http://a_b-c.example:8000", "http://127.0.0.1"] {
            assert_eq!(right.parse::<Origin>().unwrap().to_string(), right);
        }
    }

    #[test]
    fn patterns_are_those_of_channels() {
        let only = |pattern: &str, origin: &str| admits(&Origins::only([pattern]).unwrap(), "server", origin);
        for (pattern, right, wrong) in [
            ("example.com", &["http://example.com", "https://example.com:99"][..], &["https://a.example.com"][..]),
            ("example.com:99", &["http://example.com:99"], &["https://example.com"]),
            (
                ".example.com",
                &["http://example.com", "https://a.b.Example.com:99"],
                &["https://example.com.evil.com", "https://evilexample.com", "null", "file://"],
            ),
            ("https://.example.com", &["https://example.com", "https://a.example.com"], &["http://a.example.com"]),
            (
                "http://allowed.org:8080",
                &["http://allowed.org:8080"],
                &["http://allowed.org", "https://allowed.org:8080"],
            ),
            ("[::1]", &["http://[::1]:8000"], &["http://[::2]:8000"]),
        ] {
            assert_eq!(pattern.parse::<Origin>().unwrap().to_string(), pattern);
            assert!(right.iter().all(|origin| only(pattern, origin)), "{pattern}");
            assert!(!wrong.iter().any(|origin| only(pattern, origin)), "{pattern}");
        }
        assert_eq!(Origins::only(["example.com", "*"]).unwrap(), Origins::Any);
    }

    #[test]
    fn what_a_trusted_proxy_says_counts() {
        let said = Forwarded { scheme: Some("https".into()), host: Some("example.com".into()), ..Forwarded::default() };
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("10.0.0.7:8000"));
        for (origin, admitted) in
            [("https://example.com", true), ("http://example.com", false), ("http://10.0.0.7:8000", false)]
        {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            let uri = Uri::from_static("/ws/");
            assert_eq!(Origins::SameOrigin.admits(&headers, &uri, &said, false), admitted, "{origin}");
        }
    }

    #[test]
    fn an_origin_can_be_required() {
        for origins in [Origins::SameOrigin, Origins::Any] {
            let uri = Uri::from_static("/ws/");
            assert!(!origins.admits(&HeaderMap::new(), &uri, &Forwarded::default(), true), "{origins:?}");
        }
    }

    #[test]
    fn a_page_is_not_many_hosts() {
        assert!(!admits(&Origins::SameOrigin, "example.com", "https://*.example.com"));
        let only = Origins::only(["https://example.com", "https://*.example.org"]).unwrap();
        assert!(!admits(&only, "server", "https://*.example.com"));
        assert!(!admits(&only, "server", "https://*.a.example.org"));
    }

    #[test]
    fn settings_files_spell_origins_in_three_ways() {
        for text in [r#""same_origin""#, r#""any""#, r#"["https://example.com","https://*.example.org:8443"]"#] {
            let origins: Origins = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&origins).unwrap(), text);
        }
        assert!(serde_json::from_str::<Origins>(r#""none""#).is_err());
    }
}
