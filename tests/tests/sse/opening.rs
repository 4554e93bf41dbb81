//! Who gets in, and what everybody else is told.

use super::*;

#[tokio::test]
async fn the_response_keeps_caches_and_proxies_from_holding_it_back() {
    let site = site().await;
    let source = EventSource::open(site.address, SUMS).await;
    assert_eq!(source.response.header("content-type"), Some("text/event-stream"));
    assert_eq!(source.response.header("cache-control"), Some("no-store, no-transform"));
    assert_eq!(source.response.header("x-accel-buffering"), Some("no"));
    assert_eq!(source.response.header("x-hello"), Some("there"), "the consumer's own");
    assert_eq!(source.response.header("sec-websocket-accept"), None);
    assert!(source.session.len() >= 22, "128 bits and more");
}

#[tokio::test]
async fn refusals_are_the_same_responses() {
    let site = site_with(Settings { connect_timeout: Duration::from_millis(50), ..Settings::default() }).await;
    for (refuse, status, header) in
        [("401", 401, Some("www-authenticate")), ("hang", 503, Some("retry-after")), ("panic", 500, None)]
    {
        let refused = EventSource::try_open(site.address, SUMS, &format!("X-Refuse: {refuse}\r\n")).await.unwrap_err();
        assert_eq!(refused.status, status, "{refuse}");
        assert!(header.is_none_or(|header| refused.header(header).is_some()), "{}", refused.head);
    }
    let wrong = EventSource::try_open(site.address, "/ws/chat/a%20room/", "").await.unwrap_err();
    assert_eq!(wrong.status, 400, "{}", wrong.body);
    site.settled().await;
}

#[tokio::test]
async fn accepted_and_closed_is_an_open_and_a_close() {
    let site = site().await;
    let mut source = EventSource::try_open(site.address, SUMS, "X-Refuse: 4001\r\n").await.unwrap();
    assert_eq!(source.hear_close().await, (4001, "not you".to_owned()));
}

#[tokio::test]
async fn places_are_counted_for_both() {
    let site = site_with(Settings { max_connections_per_ip: Some(2), ..Settings::default() }).await;
    let _socket = site.client(ECHO).await;
    let source = EventSource::open(site.address, ECHO).await;
    let refused = EventSource::try_open(site.address, ECHO, "").await.unwrap_err();
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("10")));
    drop(source);
    eventually("a place is free", || site.channels.counts().ended == 1).await;
    EventSource::open(site.address, ECHO).await;

    let full = site_with(Settings { max_connections: Some(0), ..Settings::default() }).await;
    assert_eq!(EventSource::try_open(full.address, ECHO, "").await.unwrap_err().status, 503);
}

#[tokio::test]
async fn subprotocols_stand_in_the_query() {
    let site = site().await;
    for (query, chosen) in [
        ("_subprotocols=v1.echo%2Cv2.echo", Some("v2.echo")),
        ("a=b&_subprotocols=v0,v1.echo", Some("v1.echo")),
        ("_subprotocols=v0", None),
        ("", None),
    ] {
        let source = EventSource::open(site.address, &format!("{ECHO}?{query}")).await;
        assert_eq!(source.subprotocol.as_deref(), chosen, "{query}");
    }
    for wrong in ["_subprotocols=%0D%0Ax:y", "_subprotocols=%ff", "_subprotocols=bearer,bearer.secret"] {
        let refused = EventSource::try_open(site.address, &format!("{ECHO}?{wrong}"), "").await.unwrap_err();
        assert_eq!(refused.status, 400, "{wrong}");
        assert!(!refused.body.contains("secret") && refused.header("x").is_none());
    }
}

#[tokio::test]
async fn a_client_of_another_contract_is_closed_with_4409() {
    let site = site().await;
    let path = format!("{SUMS}?_schema=contract%201%0Aframe%20difference%20any");
    let mut source = EventSource::open(site.address, &path).await;
    let (code, reason) = source.hear_close().await;
    assert_eq!(code, 4409);
    assert!(reason.contains("`difference`"), "{reason}");
    let unreadable = EventSource::try_open(site.address, &format!("{SUMS}?_schema=nonsense"), "").await.unwrap_err();
    assert_eq!(unreadable.status, 400);
}

#[tokio::test]
async fn only_who_accepts_events_gets_them() {
    let site = site().await;
    for accept in ["", "Accept: */*\r\n", "Accept: text/html\r\n"] {
        let plain = ask(site.address, &format!("GET {ECHO} HTTP/1.1\r\nHost: x\r\n{accept}\r\n")).await;
        assert_eq!((plain.status, plain.header("upgrade")), (426, Some("websocket")), "{accept}");
    }
    let both = tests::handshake(ECHO, "Accept: text/event-stream\r\n");
    assert_eq!(ask(site.address, &both).await.status, 101, "a WebSocket where one is asked for");
    let put = ask(site.address, &events(ECHO, "").replace("GET", "PUT")).await;
    assert_eq!((put.status, put.header("allow")), (405, Some("GET")));
}

#[tokio::test]
async fn it_can_be_turned_off() {
    let site = site_with(Settings { sse: false, ..Settings::default() }).await;
    assert_eq!(EventSource::try_open(site.address, ECHO, "").await.unwrap_err().status, 426);
    for method in ["POST", "DELETE"] {
        let response = ask(site.address, &send(method, ECHO, "x", "Content-Type: text/plain\r\n", "")).await;
        assert_eq!((response.status, response.header("allow")), (405, Some("GET")), "{method}");
    }
    let preflight = format!(
        "OPTIONS {ECHO} HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nAccess-Control-Request-Method: POST\r\n\r\n"
    );
    let response = ask(site.address, &preflight).await;
    assert_eq!((response.status, response.header("access-control-allow-origin")), (405, None));
    site.client(ECHO).await;
}
