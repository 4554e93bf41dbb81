//! What `docs/protocol.md` says of a request, in other words than the runtime's.

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, Version},
};
use tungstenite::handshake::derive_accept_key;

/// What a request may be answered.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) statuses: Vec<StatusCode>,
    /// The answer to the key of a client that is let in.
    pub(super) accept: Option<String>,
    /// The subprotocols to choose from.
    pub(super) offered: Vec<String>,
}

/// The items of a list header, over all of its lines.
fn items(headers: &HeaderMap, name: &str) -> Vec<String> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|item| item.trim().to_owned()).collect()
}

fn has(headers: &HeaderMap, name: &str, token: &str) -> bool {
    items(headers, name).iter().any(|item| item.to_ascii_lowercase() == token)
}

/// What a header says that stands once.
fn sole<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    let values: Vec<_> = headers.get_all(name).iter().collect();
    match values[..] {
        [value] => Some(value.as_bytes()),
        _ => None,
    }
}

/// 16 bytes in base64: 22 digits, of which the last has 4 bits that must be 0, and two `=`.
fn is_key(key: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/".contains(byte);
    match key.split_last_chunk::<3>() {
        Some((digits, last)) => {
            digits.len() == 21 && digits.iter().all(is_digit) && b"AQgw".contains(&last[0]) && &last[1..] == b"=="
        }
        None => false,
    }
}

pub(super) fn expected(request: &Request<Body>) -> Expected {
    let headers = request.headers();
    let refused = |status| Expected { statuses: vec![status], accept: None, offered: Vec::new() };
    let place = place(request.uri().path());
    if place == Place::Nowhere {
        return refused(StatusCode::NOT_FOUND);
    }
    if let Some(expected) = without_websockets(request, &place) {
        return expected;
    }
    if request.version() == Version::HTTP_2 {
        let is_get = request.method() == Method::GET;
        return refused(if is_get { StatusCode::BAD_REQUEST } else { StatusCode::METHOD_NOT_ALLOWED });
    }
    if request.method() != Method::GET {
        return refused(StatusCode::METHOD_NOT_ALLOWED);
    }
    if !has(headers, "connection", "upgrade") || !has(headers, "upgrade", "websocket") {
        return refused(StatusCode::UPGRADE_REQUIRED);
    }
    let key = sole(headers, "sec-websocket-key").unwrap_or_default();
    if !is_key(key) {
        return refused(StatusCode::BAD_REQUEST);
    }
    if sole(headers, "sec-websocket-version") != Some(b"13") {
        return refused(StatusCode::UPGRADE_REQUIRED);
    }
    if !is_no_foreign_page(request) {
        return refused(StatusCode::FORBIDDEN);
    }
    let statuses = let_in(request, &place, StatusCode::SWITCHING_PROTOCOLS);
    Expected { statuses, accept: Some(derive_accept_key(key)), offered: items(headers, "sec-websocket-protocol") }
}

/// What is answered to a client that nothing but its path and its contract can keep out.
fn let_in(request: &Request<Body>, place: &Place, accepted: StatusCode) -> Vec<StatusCode> {
    let query = request.uri().query().unwrap_or_default();
    let shows_contract = query.contains("_schema=")
        || items(request.headers(), "sec-websocket-protocol").iter().any(|name| name.starts_with("schema."));
    match place {
        // One that can't be read is a bad request; one that does not fit is closed after the upgrade, wherever it was.
        _ if shows_contract => vec![StatusCode::BAD_REQUEST, accepted],
        Place::Right => vec![accepted],
        _ => vec![StatusCode::BAD_REQUEST],
    }
}

/// The section of clients that no WebSocket gets through to; `None` for a request that is not spoken of there.
fn without_websockets(request: &Request<Body>, place: &Place) -> Option<Expected> {
    let headers = request.headers();
    let all = |statuses| Some(Expected { statuses, accept: None, offered: Vec::new() });
    let forbidden = |otherwise| all(vec![if is_no_foreign_page(request) { otherwise } else { StatusCode::FORBIDDEN }]);
    match request.method().as_str() {
        "GET" => {
            let is_events =
                |item: &String| item.split(';').next().unwrap().trim().eq_ignore_ascii_case("text/event-stream");
            if !items(headers, "accept").iter().any(is_events) || has(headers, "upgrade", "websocket") {
                return None;
            }
            let sites: Vec<_> = headers.get_all("sec-fetch-site").iter().map(|site| site.as_bytes()).collect();
            let is_proved = match (headers.contains_key("origin"), &*sites) {
                (true, _) => is_no_foreign_page(request),
                (false, []) => headers.contains_key("consumer-session"),
                (false, [site]) => [&b"same-origin"[..], b"none"].contains(site),
                (false, _) => false,
            };
            let mut statuses =
                if is_proved { let_in(request, place, StatusCode::OK) } else { vec![StatusCode::FORBIDDEN] };
            if request.uri().query().is_some_and(|query| query.contains("_subprotocols=")) {
                // What cannot stand in a header, or is a token, is refused; a contract may be among them.
                statuses.extend([StatusCode::BAD_REQUEST]);
                statuses.extend(is_proved.then_some(StatusCode::OK));
            }
            all(statuses)
        }
        // Nobody has told a token here.
        "POST" | "DELETE" if headers.contains_key("consumer-session") => forbidden(StatusCode::NOT_FOUND),
        "OPTIONS" => {
            let method = headers.get("access-control-request-method")?.as_bytes();
            let is_ours = [&b"GET"[..], b"POST", b"DELETE"].contains(&method) && headers.contains_key("origin");
            if is_ours { forbidden(StatusCode::NO_CONTENT) } else { None }
        }
        _ => None,
    }
}

/// Whether a request is of this server's own pages, or of none.
fn is_no_foreign_page(request: &Request<Body>) -> bool {
    let origins: Vec<_> = request.headers().get_all("origin").iter().collect();
    match &*origins {
        [] => true,
        [origin] => origin.to_str().is_ok_and(|origin| is_same_origin(origin, request)),
        _ => false,
    }
}

#[derive(PartialEq)]
enum Place {
    Nowhere,
    /// A consumer is there, but a value in the path breaks its rule.
    Wrong,
    Right,
}

/// Where a path leads.
fn place(path: &str) -> Place {
    // An empty segment is one for axum; a group's name is not made of it, and no number either.
    let segment = |prefix: &str| {
        let value = path.strip_prefix(prefix)?.strip_suffix('/')?;
        (!value.contains('/')).then(|| decoded(value))
    };
    if let Some(room) = segment("/ws/room/") {
        let is_name = |room: &Vec<u8>| {
            !room.is_empty()
                && room.len() + "room_".len() < 100
                && room.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
        };
        return if room.is_some_and(|room| is_name(&room)) { Place::Right } else { Place::Wrong };
    }
    if let Some(item) = segment("/ws/item/") {
        let number = item.and_then(|item| String::from_utf8(item).ok()).and_then(|item| item.parse::<u8>().ok());
        return if number.is_some() { Place::Right } else { Place::Wrong };
    }
    Place::Nowhere
}

/// A segment without its percent signs; `None` when a percent sign stands before no two digits, which is left alone.
fn decoded(value: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        let code = code.filter(|code| code.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match (first, code.and_then(|code| u8::from_str_radix(code, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    std::str::from_utf8(&bytes).is_ok().then_some(bytes)
}

/// Whether a page's origin is the host and port that the request is addressed to.
fn is_same_origin(origin: &str, request: &Request<Body>) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let default = match &*scheme.to_ascii_lowercase() {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    };
    let authority = authority.trim_end_matches('/');
    let host = request.headers().get("host").and_then(|host| host.to_str().ok());
    let Some(host) = host.or_else(|| request.uri().authority().map(|authority| authority.as_str())) else {
        return false;
    };
    let (Some(theirs), Some(ours)) = (host_and_port(authority, default), host_and_port(host, default)) else {
        return false;
    };
    // What stands in brackets is an address, and brackets stand nowhere else.
    let inner = theirs.0.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match inner {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !theirs.0.is_empty() && !theirs.0.contains(['[', ']']),
    };
    is_host && !authority.starts_with("*.") && !authority.contains('@') && theirs.1.is_some() && theirs == ours
}

/// A host in lower case, and its port or the default.
fn host_and_port(authority: &str, default: Option<u16>) -> Option<(String, Option<u16>)> {
    let parsed: axum::http::uri::Authority = authority.parse().ok()?;
    Some((parsed.host().to_ascii_lowercase(), parsed.port_u16().or(default)))
}
