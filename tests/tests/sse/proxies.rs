//! Behind a proxy that is trusted.

use consumer_runtime::Proxies;

use super::*;

fn behind() -> Settings {
    Settings { trusted_proxies: Proxies::new(["loopback"]).unwrap(), require_tls: true, ..Settings::default() }
}

const TLS: &str = "X-Forwarded-Proto: https\r\nX-Forwarded-Host: example.com\r\nX-Forwarded-For: 192.0.2.1\r\n";

#[tokio::test]
async fn what_it_says_of_host_scheme_and_client_counts() {
    let site = site_with(Settings { max_connections_per_ip: Some(1), ..behind() }).await;
    let page = format!("{TLS}Origin: https://example.com\r\n");
    let source = EventSource::try_open(site.address, ECHO, &page).await.unwrap();
    assert_eq!(EventSource::try_open(site.address, ECHO, &page).await.unwrap_err().status, 429);
    let other = page.replace("192.0.2.1", "192.0.2.2");
    EventSource::try_open(site.address, ECHO, &other).await.unwrap();
    let foreign = format!("{TLS}Origin: https://testserver\r\n");
    assert_eq!(EventSource::try_open(site.address, ECHO, &foreign).await.unwrap_err().status, 403);
    let sent = source.request("POST", &format!("{page}Content-Type: text/plain\r\n"), "x").await;
    assert_eq!(sent.status, 204, "{}", sent.body);
}

#[tokio::test]
async fn who_did_not_come_by_tls_is_refused() {
    let site = site_with(behind()).await;
    assert_eq!(EventSource::try_open(site.address, ECHO, "").await.unwrap_err().status, 403);
    let source = EventSource::try_open(site.address, ECHO, TLS).await.unwrap();
    assert_eq!(source.post("text/plain", "x").await.status, 403);
    assert_eq!(source.request("DELETE", "", "").await.status, 403);
    assert_eq!(source.request("DELETE", TLS, "").await.status, 204);
}
