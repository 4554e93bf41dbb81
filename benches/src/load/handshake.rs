//! The handshake's request and response, as bytes.

use std::net::SocketAddr;

/// What a browser sends beside the handshake itself: some 550 bytes, 700 with it.
const BROWSER: &str = "\
Connection: keep-alive, Upgrade\r\n\
Pragma: no-cache\r\n\
Cache-Control: no-cache\r\n\
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36\r\n\
Accept: */*\r\n\
Accept-Encoding: gzip, deflate, br, zstd\r\n\
Accept-Language: en-GB,en-US;q=0.9,en;q=0.8,de;q=0.7\r\n\
Sec-Fetch-Dest: websocket\r\n\
Sec-Fetch-Mode: websocket\r\n\
Sec-Fetch-Site: same-origin\r\n\
Cookie: session=0f1e2d3c4b5a69788796a5b4c3d2e1f0; csrftoken=Zk3pQ8vT1xW6yB0nM4rL7sD2fG9hJ5kC; theme=dark; \
consent=2026-01-01T00:00:00Z; visitor=3b1f8d6e-52a7-4c0b-9e4d-7a6f5c2b1d08\r\n";

/// The bytes that ask for a WebSocket at `path`.
pub(crate) fn request(address: SocketAddr, path: &str, browser: bool) -> Vec<u8> {
    let more = if browser { BROWSER } else { "Connection: Upgrade\r\n" };
    format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\n{more}Origin: http://{address}\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    .into_bytes()
}

/// What is known of the response so far.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Response {
    Incomplete,
    /// The socket is a WebSocket from this byte on.
    Upgraded(usize),
    /// The status line of anything else.
    Refused(String),
}

/// Reads the head of a response.
pub(crate) fn response(bytes: &[u8]) -> Response {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Response::Incomplete;
    };
    if bytes.starts_with(b"HTTP/1.1 101 ") {
        return Response::Upgraded(end + 4);
    }
    let line = bytes.split(|&byte| byte == b'\r').next().unwrap_or_default();
    Response::Refused(String::from_utf8_lossy(line).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_are_told_apart() {
        assert_eq!(response(b"HTTP/1.1 101 Switching Protocols\r\nUpg"), Response::Incomplete);
        assert_eq!(response(b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x00"), Response::Upgraded(36));
        let refused = response(b"HTTP/1.1 403 Forbidden\r\nA: b\r\n\r\n");
        assert_eq!(refused, Response::Refused("HTTP/1.1 403 Forbidden".into()));
    }

    #[test]
    fn a_browsers_request_is_as_long_as_one() {
        let length = request("127.0.0.1:8000".parse().unwrap(), "/ws/chat/r0/", true).len();
        assert!((650..850).contains(&length), "{length} bytes");
    }
}
