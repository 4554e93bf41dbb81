//! Where a page comes from, as a browser says it.

use std::net::Ipv6Addr;

use axum::http::uri::Authority;

/// The page in an `Origin` header: scheme, host and port (RFC 6454 §6.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) scheme: String,
    pub(super) host: String,
    pub(super) port: u16,
}

pub(super) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// Whether what an authority has before its port is a host: `http` lets brackets stand anywhere in it, and nothing at all.
pub(super) fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !host.is_empty() && !host.contains(['[', ']']),
    }
}

/// Host and port, when it is no more than that.
pub(super) fn authority(text: &str) -> Option<Authority> {
    let authority: Authority = text.parse().ok()?;
    (!authority.as_str().contains('@') && is_host(authority.host())).then_some(authority)
}

impl Page {
    /// `None` for what is no page's origin, `null` among it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        // A page has one host; a star stands for many only in a list.
        let authority = authority(rest.trim_end_matches('/')).filter(|authority| !authority.host().starts_with('*'))?;
        let port = authority.port_u16().or_else(|| default_port(&scheme))?;
        Some(Self { scheme, host: authority.host().to_ascii_lowercase(), port })
    }

    /// Whether it came by this scheme, for which a socket's own name stands as well.
    pub(super) fn is_by(&self, scheme: &str) -> bool {
        let plain = |scheme: &str| matches!(scheme, "http" | "ws");
        self.scheme == scheme || (plain(&self.scheme) == plain(scheme) && default_port(scheme).is_some())
    }
}
