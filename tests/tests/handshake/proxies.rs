//! Proxies that are believed, and those that are not.

use consumer_runtime::Proxies;

use super::*;

fn behind(proxies: &[&str]) -> Settings {
    Settings { trusted_proxies: Proxies::new(proxies).unwrap(), ..Settings::default() }
}

async fn status(site: &Site, headers: &str) -> u16 {
    ask(site.address, &handshake(ROOM, headers)).await.status
}

#[tokio::test]
async fn the_origin_is_compared_with_what_a_trusted_proxy_tells() {
    let said = "X-Forwarded-Host: example.com\r\nX-Forwarded-Proto: https\r\n";
    let right = format!("{said}Origin: https://example.com\r\n");
    let site = site_with(behind(&["loopback"])).await;
    assert_eq!(status(&site, &right).await, 101);
    for wrong in ["http://example.com", "https://testserver", "https://example.com.evil.example"] {
        assert_eq!(status(&site, &format!("{said}Origin: {wrong}\r\n")).await, 403, "{wrong}");
    }
    for nobody in [&[][..], &["10.0.0.0/8"]] {
        assert_eq!(status(&site_with(behind(nobody)).await, &right).await, 403, "trusted: {nobody:?}");
    }
}

#[tokio::test]
async fn each_client_behind_a_proxy_has_places_of_its_own() {
    let site = site_with(Settings { max_connections_per_ip: Some(1), ..behind(&["loopback"]) }).await;
    let from = |client: &str| handshake(ROOM, &format!("X-Forwarded-For: 9.9.9.9, {client}\r\n"));
    let mut lines = Vec::new();
    for (client, expected) in [("1.2.3.4", 101), ("1.2.3.5", 101), ("1.2.3.4", 429), ("9.9.9.9", 101), ("x", 101)] {
        let mut line = Raw::connect(site.address).await;
        line.write(from(client).as_bytes()).await;
        assert_eq!(line.response().await.status, expected, "{client}");
        lines.push(line);
    }
    assert_eq!(status(&site, "X-Forwarded-For: y\r\n").await, 429, "without a client's address it is the proxy's own");
}

#[tokio::test]
async fn a_consumer_sees_the_client_that_the_proxy_names() {
    let said = "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Host: example.com:8443\r\nX-Forwarded-Proto: https\r\n";
    for (proxies, client, server) in
        [(&["loopback"][..], "1.2.3.4", "example.com:8443"), (&[], "127.0.0.1", "testserver")]
    {
        let site = site_with(behind(proxies)).await;
        let mut line = Raw::connect(site.address).await;
        line.write(handshake("/ws/scope/x/y/", said).as_bytes()).await;
        assert_eq!(line.response().await.status, 101);
        let told: Value = serde_json::from_slice(&line.frame().await.unwrap().1).unwrap();
        assert_eq!((&told["client"], &told["server"]), (&json!(client), &json!(server)), "{told}");
    }
}

#[tokio::test]
async fn tls_and_an_origin_can_be_required() {
    let site = site_with(Settings { require_tls: true, ..behind(&["loopback"]) }).await;
    assert_eq!(status(&site, "X-Forwarded-Proto: https\r\n").await, 101);
    assert_eq!(status(&site, "X-Forwarded-Proto: wss\r\n").await, 101);
    assert_eq!(status(&site, "X-Forwarded-Proto: http\r\n").await, 403);
    assert_eq!(status(&site, "").await, 403);
    let log = Log::begin();
    let site = site_with(Settings { require_tls: true, ..Settings::default() }).await;
    assert_eq!(status(&site, "X-Forwarded-Proto: https\r\n").await, 403, "nobody is believed");
    assert_eq!(log.lines_with("`require_tls`"), 1);

    let site = site_with(Settings { require_origin: true, ..Settings::default() }).await;
    assert_eq!(status(&site, "").await, 403);
    assert_eq!(status(&site, "Origin: http://testserver\r\n").await, 101);
}
