//! Heads of requests that no decent client sends: doubled, empty, huge and smuggled.

use super::*;

const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// What a request is answered with, and that the server is as it was afterwards.
async fn statuses(requests: &[String]) -> Vec<u16> {
    let party = Party::new().await;
    let mut statuses = Vec::new();
    for request in requests {
        let mut raw = Raw::connect(party.site.address).await;
        raw.write(request.as_bytes()).await;
        let response = raw.response().await;
        // Nothing that a client sent stands in the head of a response but the answer to its key.
        assert!(!response.head.to_lowercase().contains("injected"), "{}", response.head);
        statuses.push(response.status);
    }
    party.ends_unharmed().await;
    statuses
}

#[tokio::test]
async fn forged_websocket_headers_are_refused_or_mean_nothing() {
    let with = |extra: &str| handshake("/ws/room/", extra);
    let other_key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    let requests = [
        // Two keys: which one is answered would be anybody's guess.
        with(other_key),
        with(KEY),
        with("").replace(KEY, &format!("{other_key}{KEY}")),
        with("").replace(KEY, "Sec-WebSocket-Key: \r\n"),
        with("").replace(KEY, &format!("Sec-WebSocket-Key: {}\r\n", "A".repeat(10_000))),
        // Two versions.
        with("Sec-WebSocket-Version: 13\r\n"),
        with("Sec-WebSocket-Version: 8\r\n"),
        with("").replace("Version: 13", "Version: 13, 8"),
    ];
    assert_eq!(statuses(&requests).await, [400, 400, 400, 400, 400, 426, 426, 426]);
}

#[tokio::test]
async fn strange_offers_are_let_in_without_what_they_offer() {
    let offers = [
        "Sec-WebSocket-Protocol: \r\n".to_owned(),
        "Sec-WebSocket-Protocol: ,,,\r\nSec-WebSocket-Protocol: ,\r\n".into(),
        format!("Sec-WebSocket-Protocol: {}\r\n", "a,".repeat(10_000)),
        format!("Sec-WebSocket-Protocol: {}\r\n", "a".repeat(20_000)),
        "Sec-WebSocket-Extensions: \r\nSec-WebSocket-Extensions: x;;;=,\r\n".into(),
        "Sec-WebSocket-Accept: forged\r\n".into(),
    ];
    let party = Party::new().await;
    for offer in &offers {
        let (raw, response) = Raw::open_with(party.site.address, "/ws/room/", offer).await;
        assert_eq!(response.header("sec-websocket-protocol"), None, "{offer:.60}");
        assert_eq!(response.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        drop(raw);
    }
    party.ends_unharmed().await;
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let huge = handshake("/ws/room/", &format!("X-Padding: {}\r\n", "x".repeat(1 << 20)));
    let many = handshake("/ws/room/", &"X-Padding: x\r\n".repeat(1000));
    let party = Party::new().await;
    for request in [huge, many] {
        let mut raw = Raw::connect(party.site.address).await;
        // It may hang up before it has read everything.
        let _ = soon("it is read or refused", tokio::io::AsyncWriteExt::write_all(&mut raw.stream, request.as_bytes()))
            .await;
        let mut answer = Vec::new();
        let _ = soon("it hangs up", tokio::io::AsyncReadExt::read_to_end(&mut raw.stream, &mut answer)).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 431") || answer.starts_with("HTTP/1.1 400"),
            "{answer}"
        );
    }
    party.ends_unharmed().await;
}

#[tokio::test]
async fn line_ends_in_disguise_add_no_header() {
    let injection = "%0d%0aInjected:%20yes%0d%0a";
    let requests = [
        handshake(&format!("/ws/room/?a={injection}"), ""),
        handshake(&format!("/ws/{injection}/"), ""),
        handshake("/ws/room/", &format!("Sec-WebSocket-Protocol: a{injection}\r\n")),
        handshake("/ws/room/", "Sec-WebSocket-Protocol: schema.%0d%0aInjected\r\n"),
        handshake(&format!("/ws/room/?_schema={injection}"), ""),
        handshake("/ws/room/", "Origin: http://testserver%0d%0aInjected: yes\r\n"),
    ];
    assert_eq!(statuses(&requests).await, [101, 404, 101, 400, 400, 403]);
}
