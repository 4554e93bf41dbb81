//! A request out of its text.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request, Uri, Version},
};

/// Reads a request line and header lines; `None` when the request line is none.
pub(super) fn read(head: &[u8]) -> Option<Request<Body>> {
    let mut lines = head.split(|&byte| byte == b'\n');
    let line = std::str::from_utf8(lines.next()?).ok()?;
    let mut words = line.split(' ');
    let method: Method = words.next()?.parse().ok()?;
    let uri: Uri = words.next()?.parse().ok()?;
    let version = match words.next() {
        Some("HTTP/2") => Version::HTTP_2,
        Some("HTTP/1.0") => Version::HTTP_10,
        _ => Version::HTTP_11,
    };
    let mut request = Request::builder().method(method).uri(uri).version(version).body(Body::empty()).ok()?;
    for line in lines {
        let Some(colon) = line.iter().position(|&byte| byte == b':') else { continue };
        let (name, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            request.headers_mut().append(name, value);
        }
    }
    Some(request)
}
