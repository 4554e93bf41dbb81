//! One entry in a list of allowed origins.

use std::fmt;

use super::page::{Page, authority, default_port};

/// One allowed origin, or a pattern for several, as Django Channels' `OriginValidator` has them.
///
/// | text | pages |
/// |---|---|
/// | `https://example.com` | of that scheme, host and port: the scheme's default when it is left out |
/// | `https://example.com:8443` | of that port |
/// | `https://.example.com` | of that host, and of all hosts below it |
/// | `https://*.example.com` | of all hosts below it, though not of itself |
/// | `example.com`, `.example.com` | of any scheme and any port |
/// | `example.com:8000` | of any scheme, and that port |
///
/// Without a scheme a page that came over plain `http` is let in too, which anybody on its way may have written: name the
/// scheme where you can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: Option<String>,
    hosts: Hosts,
    host: String,
    port: Option<u16>,
}

/// Which hosts a pattern stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hosts {
    Itself,
    Below,
    ItselfAndBelow,
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

impl std::str::FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        let invalid = || InvalidOrigin(text.to_owned());
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
            None => (None, text),
        };
        let (hosts, rest) = match (rest.strip_prefix("*."), rest.strip_prefix('.')) {
            (Some(rest), _) => (Hosts::Below, rest),
            (None, Some(rest)) => (Hosts::ItselfAndBelow, rest),
            (None, None) => (Hosts::Itself, rest),
        };
        let authority = authority(rest.trim_end_matches('/')).ok_or_else(invalid)?;
        let host = authority.host().to_ascii_lowercase();
        if host.contains('*') || host.starts_with('.') {
            return Err(invalid());
        }
        let port = match (authority.port_u16(), &scheme) {
            (Some(port), _) => Some(port),
            (None, Some(scheme)) => Some(default_port(scheme).ok_or_else(invalid)?),
            // What looks like a port and is none.
            (None, None) if authority.as_str() != authority.host() => return Err(invalid()),
            (None, None) => None,
        };
        Ok(Self { scheme, hosts, host, port })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scheme) = &self.scheme {
            write!(f, "{scheme}://")?;
        }
        f.write_str(match self.hosts {
            Hosts::Itself => "",
            Hosts::Below => "*.",
            Hosts::ItselfAndBelow => ".",
        })?;
        f.write_str(&self.host)?;
        match self.port {
            Some(port) if self.scheme.as_deref().and_then(default_port) != Some(port) => write!(f, ":{port}"),
            Some(_) | None => Ok(()),
        }
    }
}

impl Origin {
    pub(super) fn admits(&self, page: &Page) -> bool {
        let below = || page.host.strip_suffix(&*self.host).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'));
        let host = match self.hosts {
            Hosts::Itself => self.host == page.host,
            Hosts::Below => below(),
            Hosts::ItselfAndBelow => self.host == page.host || below(),
        };
        let scheme = self.scheme.as_ref().is_none_or(|scheme| *scheme == page.scheme);
        host && scheme && self.port.is_none_or(|port| port == page.port)
    }
}
