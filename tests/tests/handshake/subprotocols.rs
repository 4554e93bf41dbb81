//! The subprotocol that is agreed on, and headers of the response.

use super::*;

async fn agreed(site: &Site, offered: &str) -> (Option<String>, Value) {
    let mut raw = Raw::connect(site.address).await;
    raw.write(handshake("/ws/versions/", offered).as_bytes()).await;
    let response = raw.response().await;
    assert_eq!(response.status, 101);
    let (_, told) = raw.frame().await.unwrap();
    let header = response.header("sec-websocket-protocol").map(str::to_owned);
    (header, serde_json::from_slice(&told).unwrap())
}

#[tokio::test]
async fn the_first_of_the_declared_ones_that_is_offered_is_agreed_on() {
    let site = site().await;
    for (offered, expected) in [
        ("Sec-WebSocket-Protocol: v1.chat, v2.chat\r\n", Some("v2.chat")),
        ("Sec-WebSocket-Protocol: v0.chat\r\nSec-WebSocket-Protocol: v1.chat\r\n", Some("v1.chat")),
        ("Sec-WebSocket-Protocol: V2.CHAT\r\n", None),
        ("Sec-WebSocket-Protocol: v0.chat\r\n", None),
        ("", None),
    ] {
        let (header, told) = agreed(&site, offered).await;
        assert_eq!(header.as_deref(), expected, "{offered}");
        assert_eq!(told, json!(expected), "the consumer knows it: {offered}");
    }
}

#[tokio::test]
async fn connect_may_choose_and_add_headers() {
    let site = site().await;
    let headers = [("sec-websocket-protocol", "a, b"), ("x-choose", "b")];
    let mut client = Client::try_connect(site.address, "/ws/chooser/", &headers).await.unwrap();
    assert_eq!(client.headers["sec-websocket-protocol"], "b");
    assert_eq!(client.headers.get_all("x-hello").iter().collect::<Vec<_>>(), ["one", "two"]);
    client.say("{}").await;
    let late = client.hear_json().await;
    assert_eq!(late["ok"], json!({"header": true, "subprotocol": true}), "after the accept it is too late");
}

#[tokio::test]
async fn choosing_what_is_not_offered_is_an_error() {
    let site = site().await;
    let headers = [("sec-websocket-protocol", "a, b"), ("x-choose", "c")];
    assert_eq!(Client::try_connect(site.address, "/ws/chooser/", &headers).await.unwrap_err().0, 500);
}
