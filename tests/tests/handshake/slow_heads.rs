//! Clients that take their time with the request.

use super::*;

/// Sees that the server hangs up on a client that sends `beginning` and nothing more.
async fn is_dropped(beginning: &str) {
    let site = Site::with(app(), |server| server.head_timeout(Duration::from_millis(200))).await;
    let mut raw = Raw::connect(site.address).await;
    raw.write(beginning.as_bytes()).await;
    let mut rest = Vec::new();
    // A reset is as good an end as any other.
    let _ = soon("the server hangs up", raw.stream.read_to_end(&mut rest)).await;
    assert!(!String::from_utf8_lossy(&rest).contains("101"));
}

#[tokio::test]
async fn a_head_that_does_not_end_is_dropped() {
    let head = handshake(ROOM, "");
    is_dropped(&head[..head.len() - 2]).await;
    is_dropped(&head[..30]).await;
}

#[tokio::test]
async fn a_client_that_says_nothing_is_dropped() {
    is_dropped("").await;
}

#[tokio::test]
async fn a_client_that_may_be_about_to_speak_http2_is_dropped() {
    is_dropped("P").await;
    is_dropped("PRI * HTTP/2.0\r\n\r\nSM\r\n\r").await;
}

#[tokio::test]
async fn a_websocket_stays_for_as_long_as_it_likes() {
    let site = Site::with(app(), |server| server.head_timeout(Duration::from_millis(50))).await;
    let mut client = site.client(ROOM).await;
    tokio::time::sleep(Duration::from_millis(150)).await;
    client.ping().await;
    client.say("{}").await;
    assert_eq!(client.hear_json().await["ok"], "lobby");
}
