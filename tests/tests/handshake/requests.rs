//! Requests that are no WebSocket handshakes.

use super::*;

#[tokio::test]
async fn the_key_is_answered_as_the_rfc_says() {
    let site = site().await;
    let response = ask(site.address, &handshake(ROOM, "")).await;
    assert_eq!(response.status, 101);
    assert_eq!(response.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!(response.header("sec-websocket-extensions"), None);
}

#[tokio::test]
async fn tokens_are_compared_without_case_and_in_lists() {
    let site = site().await;
    let request = handshake(ROOM, "")
        .replace("Connection: Upgrade", "Connection: keep-alive, uPGRADE")
        .replace("Upgrade: websocket", "Upgrade: h2c, WebSocket");
    assert_eq!(ask(site.address, &request).await.status, 101);
}

#[tokio::test]
async fn what_is_no_websocket_request_is_told_so() {
    let site = site().await;
    let plain = ask(site.address, &format!("GET {ROOM} HTTP/1.1\r\nHost: x\r\n\r\n")).await;
    assert_eq!((plain.status, plain.header("upgrade")), (426, Some("websocket")));
    assert!(plain.body.contains("WebSocket endpoint"), "{}", plain.body);

    let posted = ask(site.address, &handshake(ROOM, "").replace("GET", "POST")).await;
    assert_eq!((posted.status, posted.header("allow")), (405, Some("GET")));
    assert!(posted.body.contains("GET"), "{}", posted.body);

    for key in ["", "short", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZSBpcyBsb25n"] {
        let wrong = ask(site.address, &handshake(ROOM, "").replace("dGhlIHNhbXBsZSBub25jZQ==", key)).await;
        assert_eq!(wrong.status, 400, "{key}");
        assert!(wrong.body.contains("`Sec-WebSocket-Key`"), "{}", wrong.body);
    }
    let counts = site.channels.counts();
    assert_eq!(counts.accepted, 0);
}

#[tokio::test]
async fn another_version_is_told_which_one_to_speak() {
    let site = site().await;
    for version in ["8", "14", "x", ""] {
        let request = handshake(ROOM, "").replace("Version: 13", &format!("Version: {version}"));
        let response = ask(site.address, &request).await;
        assert_eq!((response.status, response.header("sec-websocket-version")), (426, Some("13")), "{version}");
    }
    let request = handshake(ROOM, "").replace("Sec-WebSocket-Version: 13\r\n", "");
    assert_eq!(ask(site.address, &request).await.status, 426);
}

#[tokio::test]
async fn the_whole_scope_is_there_during_connect() {
    let site = Site::new(app().layer(Extension(Diary::default()))).await;
    let headers = [("x-test", "yes"), ("sec-websocket-protocol", "b, a")];
    let path = "/ws/scope/r%C3%A9%20sum%C3%A9/two%2Fthree/?q=1&r=%20";
    // No subprotocol is declared, so none is agreed on; tungstenite asks that one is, so the request is our own.
    let mut raw = Raw::connect(site.address).await;
    let extra: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    raw.write(handshake(path, &extra).as_bytes()).await;
    let response = raw.response().await;
    assert_eq!((response.status, response.header("sec-websocket-protocol")), (101, None));
    let (_, told) = raw.frame().await.unwrap();
    let told: Value = serde_json::from_slice(&told).unwrap();
    let expected = json!({
        "path": "/ws/scope/ré sumé/two/three/",
        "raw_path": "/ws/scope/r%C3%A9%20sum%C3%A9/two%2Fthree/",
        "query": "q=1&r=%20",
        "header": "yes",
        "client": "127.0.0.1",
        "server": "testserver",
        "subprotocols": ["b", "a"],
        "kwargs": [["a", "ré sumé"], ["b", "two/three"]],
        "fields": ["ré sumé", "two/three"],
        "extension": [],
    });
    assert_eq!(told, expected);
}
