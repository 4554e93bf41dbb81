//! Which web pages may open a socket: the answer to cross-site WebSocket hijacking.

use std::{fmt, net::Ipv6Addr};

use axum::http::{HeaderMap, Uri, header, uri::Authority};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Which `Origin` headers are let in; others are refused with 403 before the upgrade.
///
/// A browser puts the page's origin there and a page cannot change it (RFC 6455 §10.2). Clients that are no browsers
/// send none and are let in.
///
/// In a settings file: `"same_origin"`, `"any"`, or a list such as `["https://example.com", "https://*.example.org"]`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Origins {
    /// Pages whose host and port are those that the request is addressed to.
    ///
    /// The scheme is not compared, since a server behind a TLS proxy does not see it.
    #[default]
    SameOrigin,
    /// These origins alone.
    Only(Vec<Origin>),
    /// Every page. Right only where nothing depends on who the user is.
    Any,
}

/// One allowed origin, as in `https://example.com` or `https://example.com:8443`.
///
/// The scheme is part of it, and the port is the scheme's default when left out. A host that begins with `*.` stands
/// for every host below it, though not for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
    below: bool,
}

/// A text that is no origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidOrigin(String);

impl fmt::Display for InvalidOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not an origin; write scheme and host, as in \"https://example.com\"", self.0)
    }
}

impl std::error::Error for InvalidOrigin {}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// Whether what an authority has before its port is a host: `http` lets brackets stand anywhere in it, and nothing at all.
fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !host.is_empty() && !host.contains(['[', ']']),
    }
}

impl std::str::FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        let invalid = || InvalidOrigin(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(invalid)?;
        let scheme = scheme.to_ascii_lowercase();
        let (below, rest) = match rest.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let authority: Authority = rest.trim_end_matches('/').parse().map_err(|_| invalid())?;
        if authority.as_str().contains('@') || !is_host(authority.host()) {
            return Err(invalid());
        }
        let port = authority.port_u16().or_else(|| default_port(&scheme)).ok_or_else(invalid)?;
        Ok(Self { scheme, host: authority.host().to_ascii_lowercase(), port, below })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let below = if self.below { "*." } else { "" };
        write!(f, "{}://{below}{}", self.scheme, self.host)?;
        if default_port(&self.scheme) == Some(self.port) { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

impl Origin {
    fn admits(&self, origin: &Self) -> bool {
        let host = if self.below {
            origin.host.strip_suffix(&*self.host).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
        } else {
            self.host == origin.host
        };
        host && self.scheme == origin.scheme && self.port == origin.port
    }
}

impl Origins {
    /// Allows exactly these origins.
    ///
    /// # Errors
    /// [`InvalidOrigin`] with the first text that is none.
    pub fn only<I: IntoIterator<Item: AsRef<str>>>(origins: I) -> Result<Self, InvalidOrigin> {
        origins.into_iter().map(|origin| origin.as_ref().parse()).collect::<Result<_, _>>().map(Self::Only)
    }

    /// Whether a request may open a socket.
    pub(crate) fn admits(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        if *self == Self::Any {
            return true;
        }
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let (origin, more) = (origins.next(), origins.next());
        let Some(origin) = origin else { return true };
        // `null` (sandboxed pages, files) parses as no origin and is refused like everything else that is odd.
        let origin = origin.to_str().ok().filter(|_| more.is_none()).and_then(|text| text.parse::<Origin>().ok());
        // A page has one host; `*.` stands for many only in a list.
        let Some(origin) = origin.filter(|origin| !origin.below) else { return false };
        match self {
            Self::Any => true,
            Self::Only(allowed) => allowed.iter().any(|allowed| allowed.admits(&origin)),
            Self::SameOrigin => same_origin(&origin, headers, uri),
        }
    }
}

fn same_origin(origin: &Origin, headers: &HeaderMap, uri: &Uri) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let Some(target) = host.or_else(|| uri.authority().map(Authority::as_str)) else { return false };
    let Ok(target) = target.parse::<Authority>() else { return false };
    let port = target.port_u16().or_else(|| default_port(&origin.scheme));
    target.host().eq_ignore_ascii_case(&origin.host) && port == Some(origin.port)
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
    use axum::http::HeaderValue;

    use super::*;

    fn admits(origins: &Origins, host: &str, origin: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
        if !origin.is_empty() {
            headers.insert(header::ORIGIN, HeaderValue::from_str(origin).unwrap());
        }
        origins.admits(&headers, &Uri::from_static("/ws/"))
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
        assert!(Origins::only(["example.com"]).unwrap_err().to_string().contains("https://example.com"));
    }

    #[test]
    fn a_host_is_a_host() {
        for wrong in ["http://;[:80", "http://[", "http://[]", "http://[x]", "http://a[b]c", "http://:80", "http://*."]
        {
            assert!(wrong.parse::<Origin>().is_err(), "{wrong}");
        }
        for right in ["http://[::1]", "http://[::1]:8000", "http://a_b-c.example:8000", "http://127.0.0.1"] {
            assert_eq!(right.parse::<Origin>().unwrap().to_string(), right);
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
