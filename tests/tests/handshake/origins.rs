//! Which pages may connect.

use super::*;

async fn status(site: &Site, host: &str, origin: &str) -> u16 {
    let request = handshake(ROOM, &format!("Origin: {origin}\r\n")).replace("testserver", host);
    ask(site.address, &request).await.status
}

#[tokio::test]
async fn pages_of_the_same_origin_get_in_and_others_are_a_403() {
    let site = site().await;
    for (host, origin) in [
        ("example.com", "https://example.com"),
        ("example.com:8000", "http://example.com:8000"),
        ("EXAMPLE.com", "http://example.COM"),
    ] {
        assert_eq!(status(&site, host, origin).await, 101, "{origin}");
    }
    for origin in ["https://evil.example", "https://example.com.evil.example", "http://example.com:1", "null", "x", ""]
    {
        assert_eq!(status(&site, "example.com", origin).await, 403, "{origin}");
    }
    let two = "https://example.com\r\nOrigin: https://example.com";
    assert_eq!(status(&site, "example.com", two).await, 403, "a browser sends one");
    assert_eq!(site.channels.counts().refused, 7);
}

#[tokio::test]
async fn clients_without_an_origin_get_in() {
    assert_eq!(ask(site().await.address, &handshake(ROOM, "")).await.status, 101);
}

#[tokio::test]
async fn a_list_replaces_the_default() {
    let origins = Origins::only(["https://example.com", "https://*.example.org:8443"]).unwrap();
    let site = site_with(Settings { origins, ..Settings::default() }).await;
    assert_eq!(status(&site, "server", "https://example.com").await, 101);
    assert_eq!(status(&site, "server", "https://a.example.org:8443").await, 101);
    for origin in ["https://server", "http://example.com", "https://example.org:8443", "https://a.example.org"] {
        assert_eq!(status(&site, "server", origin).await, 403, "{origin}");
    }
}

#[tokio::test]
async fn any_lets_everybody_in() {
    let site = site_with(Settings { origins: Origins::Any, ..Settings::default() }).await;
    for origin in ["https://evil.example", "null", ""] {
        assert_eq!(status(&site, "server", origin).await, 101, "{origin}");
    }
}
