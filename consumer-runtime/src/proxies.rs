//! Proxies whose word is taken for the client's address, the host and the scheme.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, request::Parts},
};
use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The addresses of proxies that are believed what they say of the client: `X-Forwarded-For`, `X-Forwarded-Host` and
/// `X-Forwarded-Proto`.
///
/// From everybody else these headers count for nothing, since anybody can write them. Of several addresses in
/// `X-Forwarded-For` the last one that is no trusted proxy is the client: what stands before it the client may have
/// written itself.
///
/// Networks, `"10.0.0.0/8"`, addresses, `"::1"`, and the words `"loopback"` and `"private"` (RFC 1918, RFC 4193 and
/// loopback).
///
/// ```
/// use consumer_runtime::{Proxies, Settings};
///
/// let settings = Settings { trusted_proxies: Proxies::new(["loopback", "10.1.0.0/16"])?, ..Settings::default() };
/// # Ok::<(), consumer_runtime::InvalidProxy>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

/// A text that is no address, network or word for some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidProxy(String);

impl fmt::Display for InvalidProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} names no proxies; write an address, a network as in \"10.0.0.0/8\", \"loopback\" or \"private\"",
            self.0
        )
    }
}

impl std::error::Error for InvalidProxy {}

const LOOPBACK: [&str; 2] = ["127.0.0.0/8", "::1/128"];
const PRIVATE: [&str; 4] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

fn known(networks: &'static [&'static str]) -> impl Iterator<Item = IpNet> {
    networks.iter().filter_map(|network| network.parse().ok())
}

/// What is known of a request beyond what its own connection says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Forwarded {
    /// Who the client is: the peer, or whom a trusted proxy names; then without a port.
    pub(crate) client: Option<SocketAddr>,
    /// The host that the client has asked for, as a trusted proxy tells.
    pub(crate) host: Option<String>,
    /// How the client has asked, as a trusted proxy tells: `https` or `http`, in lower case.
    pub(crate) scheme: Option<String>,
}

impl Forwarded {
    /// Whether a trusted proxy says that the client came by TLS.
    pub(crate) fn is_secure(&self) -> bool {
        matches!(self.scheme.as_deref(), Some("https" | "wss"))
    }
}

impl Proxies {
    /// These proxies.
    ///
    /// # Errors
    /// [`InvalidProxy`] with the first text that is none.
    pub fn new<I: IntoIterator<Item: AsRef<str>>>(proxies: I) -> Result<Self, InvalidProxy> {
        let mut networks = Vec::new();
        for proxy in proxies {
            let proxy = proxy.as_ref();
            let invalid = || InvalidProxy(proxy.to_owned());
            match proxy {
                "loopback" => networks.extend(known(&LOOPBACK)),
                "private" => networks.extend(known(&LOOPBACK).chain(known(&PRIVATE))),
                _ if proxy.contains('/') => networks.push(proxy.parse().map_err(|_| invalid())?),
                _ => networks.push(IpAddr::from_str(proxy).map_err(|_| invalid())?.into()),
            }
        }
        Ok(Self(networks))
    }

    fn trust(&self, address: IpAddr) -> bool {
        // `::ffff:10.0.0.1` on a socket for both is `10.0.0.1`.
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// What is known of a request.
    pub(crate) fn read(&self, request: &Parts) -> Forwarded {
        let peer = request.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        let Some(proxy) = peer.filter(|peer| self.trust(peer.ip())) else {
            return Forwarded { client: peer, ..Forwarded::default() };
        };
        let headers = &request.headers;
        let scheme = last(headers, "x-forwarded-proto").map(|scheme| scheme.to_ascii_lowercase());
        Forwarded {
            client: Some(self.client(headers).map_or(proxy, |client| SocketAddr::new(client, 0))),
            host: last(headers, "x-forwarded-host").map(str::to_owned),
            scheme: scheme.filter(|scheme| matches!(scheme.as_str(), "http" | "https" | "ws" | "wss")),
        }
    }

    /// The last address that is no trusted proxy; the first of them all when all are. What is no address ends the list:
    /// what stands before it nobody vouches for.
    fn client(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let mut client = None;
        let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
        let entries = lines.iter().rev().flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        for entry in entries {
            let Some(address) = address(entry.trim()) else { break };
            client = Some(address);
            if !self.trust(address) {
                break;
            }
        }
        client
    }
}

/// The last value of a header that proxies add to: the nearest one has written it.
fn last<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next().map(str::trim).filter(|value| !value.is_empty())
}

/// An address, with or without a port, in brackets or not.
fn address(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address: IpAddr =
        text.parse().ok().or_else(|| text.parse().ok().map(|address: SocketAddr| address.ip())).or_else(bare)?;
    Some(address.to_canonical())
}

impl Serialize for Proxies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(ToString::to_string))
    }
}

impl<'de> Deserialize<'de> for Proxies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::<String>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn read(proxies: &[&str], peer: &str, headers: &[(&'static str, &str)]) -> Forwarded {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let peer: IpAddr = peer.parse().unwrap();
        parts.extensions.insert(ConnectInfo(SocketAddr::new(peer, 4711)));
        Proxies::new(proxies).unwrap().read(&parts)
    }

    fn client(proxies: &[&str], peer: &str, forwarded_for: &[&str]) -> String {
        let headers: Vec<_> = forwarded_for.iter().map(|line| ("x-forwarded-for", *line)).collect();
        read(proxies, peer, &headers).client.unwrap().to_string()
    }

    #[test]
    fn nobody_is_trusted_unless_told() {
        assert_eq!(client(&[], "10.0.0.1", &["1.2.3.4"]), "10.0.0.1:4711");
        assert_eq!(client(&["10.0.0.1"], "10.0.0.2", &["1.2.3.4"]), "10.0.0.2:4711");
        let said = read(&["loopback"], "10.0.0.1", &[("x-forwarded-host", "evil"), ("x-forwarded-proto", "https")]);
        assert_eq!((said.host, said.scheme), (None, None));
    }

    #[test]
    fn the_client_is_the_last_who_is_no_proxy() {
        let private = ["private"];
        assert_eq!(client(&private, "10.0.0.1", &["1.2.3.4"]), "1.2.3.4:0");
        assert_eq!(client(&private, "10.0.0.1", &["9.9.9.9, 1.2.3.4, 192.168.0.7"]), "1.2.3.4:0", "9.9.9.9 is forged");
        assert_eq!(client(&private, "10.0.0.1", &["9.9.9.9", "1.2.3.4", "10.0.0.9"]), "1.2.3.4:0", "lines are a list");
        assert_eq!(client(&private, "10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3:0", "all of one network");
        assert_eq!(client(&private, "10.0.0.1", &[]), "10.0.0.1:4711");
        assert_eq!(client(&private, "10.0.0.1", &["1.2.3.4, unknown"]), "10.0.0.1:4711");
        assert_eq!(client(&private, "10.0.0.1", &["unknown, 10.0.0.2"]), "10.0.0.2:0");
        assert_eq!(client(&private, "::ffff:10.0.0.1", &["1.2.3.4:5678"]), "1.2.3.4:0");
        assert_eq!(client(&["::1"], "::1", &["[2001:db8::1]:443"]), "[2001:db8::1]:0");
        assert_eq!(client(&["::1"], "::1", &["[2001:db8::1]"]), "[2001:db8::1]:0");
    }

    #[test]
    fn host_and_scheme_are_the_nearest_proxys() {
        let headers = [("x-forwarded-host", "forged, example.com"), ("x-forwarded-proto", "http,HTTPS")];
        let said = read(&["loopback"], "127.0.0.1", &headers);
        assert_eq!((said.host.as_deref(), said.scheme.as_deref()), (Some("example.com"), Some("https")));
        let said = read(&["loopback"], "127.0.0.1", &[("x-forwarded-host", ""), ("x-forwarded-proto", "gopher")]);
        assert_eq!((said.host, said.scheme), (None, None));
    }

    #[test]
    fn a_settings_file_lists_them() {
        let proxies: Proxies = serde_json::from_str(r#"["10.0.0.0/8", "::1"]"#).unwrap();
        assert_eq!(serde_json::to_string(&proxies).unwrap(), r#"["10.0.0.0/8","::1/128"]"#);
        let error = serde_json::from_str::<Proxies>(r#"["10.0.0.0/33"]"#).unwrap_err().to_string();
        assert!(error.contains("\"10.0.0.0/33\" names no proxies"), "{error}");
        assert!(Proxies::new(["my-proxy"]).is_err());
    }
}
