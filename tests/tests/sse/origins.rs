//! Which pages may come, and what their browsers are told.

use consumer_runtime::Origins;

use super::*;

/// A GET of a page whose script sets no headers.
fn bare(extra: &str) -> String {
    format!("GET {ECHO} HTTP/1.1\r\nHost: example.com\r\nAccept: text/event-stream\r\n{extra}\r\n")
}

async fn status(site: &Site, request: String) -> u16 {
    EventSource::ask(site.address, ECHO, &request).await.map_or_else(|refused| refused.status, |_| 200)
}

#[tokio::test]
async fn a_foreign_page_opens_nothing() {
    let site = site().await;
    for origin in ["https://evil.example", "https://example.com:8443", "null", ""] {
        for extra in ["", "Consumer-Session: new\r\n", "Sec-Fetch-Site: same-origin\r\n"] {
            let request = bare(&format!("Origin: {origin}\r\n{extra}"));
            assert_eq!(status(&site, request).await, 403, "{origin} {extra}");
        }
    }
    assert_eq!(status(&site, bare("Origin: https://example.com\r\n")).await, 200);
    assert_eq!(site.channels.counts().accepted, 1);
}

/// With a GET, browsers send an origin to other servers alone, and not always.
#[tokio::test]
async fn without_an_origin_it_takes_another_proof() {
    let site = site().await;
    for (proof, expected) in [
        ("", 403),
        ("Cookie: sessionid=x\r\n", 403),
        ("Sec-Fetch-Site: cross-site\r\n", 403),
        ("Sec-Fetch-Site: same-site\r\n", 403),
        ("Sec-Fetch-Site: cross-site\r\nConsumer-Session: new\r\n", 403),
        ("Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n", 403),
        ("Sec-Fetch-Site: same-origin\r\n", 200),
        ("Sec-Fetch-Site: none\r\n", 200),
        ("Consumer-Session: new\r\n", 200),
    ] {
        assert_eq!(status(&site, bare(proof)).await, expected, "{proof}");
    }
    let told = ask(site.address, &bare("")).await;
    assert!(told.body.contains("`Consumer-Session: new`"), "{}", told.body);
}

#[tokio::test]
async fn who_requires_an_origin_takes_the_browsers_word_for_it() {
    let site = site_with(Settings { require_origin: true, ..Settings::default() }).await;
    for (proof, expected) in [
        ("Consumer-Session: new\r\n", 403),
        ("Sec-Fetch-Site: none\r\n", 403),
        ("Sec-Fetch-Site: same-origin\r\n", 200),
        ("Origin: http://example.com\r\n", 200),
    ] {
        assert_eq!(status(&site, bare(proof)).await, expected, "{proof}");
    }
}

#[tokio::test]
async fn a_list_holds_for_the_servers_own_pages_too() {
    let own = "Sec-Fetch-Site: same-origin\r\n";
    for (list, expected) in [("https://example.com", 200), (".example.com", 200), ("https://www.example.org", 403)] {
        let origins = Origins::only([list]).unwrap();
        let site = site_with(Settings { origins, ..Settings::default() }).await;
        assert_eq!(status(&site, bare(own)).await, expected, "{list}");
    }
}

#[tokio::test]
async fn a_foreign_page_neither_sends_nor_closes() {
    let (site, diary, _) = noted(Settings::default()).await;
    let mut source = EventSource::open(site.address, ECHO).await;
    for method in ["POST", "DELETE"] {
        for origin in ["https://evil.example", "null"] {
            let extra = format!("Origin: {origin}\r\nContent-Type: text/plain\r\n");
            let refused = source.request(method, &extra, "note foreign").await;
            assert_eq!((refused.status, refused.header("access-control-allow-origin")), (403, None), "{method}");
        }
    }
    let own = source.request("POST", "Origin: http://testserver\r\nContent-Type: text/plain\r\n", "own").await;
    assert_eq!(own.status, 204);
    assert_eq!(source.hear().await, "own");
    assert_eq!(diary.entries().len(), 0);
}

fn preflight(origin: &str, method: &str) -> String {
    format!(
        "OPTIONS {ECHO} HTTP/1.1\r\nHost: testserver\r\nOrigin: {origin}\r\nAccess-Control-Request-Method: {method}\r\n\r\n"
    )
}

#[tokio::test]
async fn an_allowed_page_of_another_origin_is_let_through_by_its_browser() {
    let origins = Origins::only(["https://app.example.com"]).unwrap();
    let site = site_with(Settings { origins, max_connections: Some(1), ..Settings::default() }).await;
    let allowed = "https://app.example.com";
    for method in ["GET", "POST", "DELETE"] {
        let response = ask(site.address, &preflight(allowed, method)).await;
        assert_eq!(response.status, 204);
        assert_eq!(response.header("access-control-allow-origin"), Some(allowed));
        assert_eq!(response.header("access-control-allow-credentials"), Some("true"));
        let headers = response.header("access-control-allow-headers").unwrap();
        assert!(["consumer-session", "consumer-close", "content-type"].iter().all(|name| headers.contains(name)));
        assert!(response.header("access-control-allow-methods").unwrap().contains(method));
        assert_eq!(ask(site.address, &preflight("https://evil.example", method)).await.status, 403);
    }
    let put = ask(site.address, &preflight(allowed, "PUT")).await;
    assert_eq!((put.status, put.header("access-control-allow-origin")), (405, None));

    let origin = format!("Origin: {allowed}\r\n");
    let mut source = EventSource::try_open(site.address, ECHO, &origin).await.unwrap();
    assert_eq!(source.response.header("access-control-allow-origin"), Some(allowed));
    assert_eq!(source.response.header("vary"), Some("origin"));
    let sent = source.request("POST", &format!("{origin}Content-Type: text/plain\r\n"), "hello").await;
    assert_eq!((sent.status, sent.header("access-control-allow-origin")), (204, Some(allowed)));
    assert_eq!(source.hear().await, "hello");
    // A refusal is readable too, and says when to come back.
    let full = EventSource::try_open(site.address, ECHO, &origin).await.unwrap_err();
    assert_eq!((full.status, full.header("access-control-allow-origin")), (503, Some(allowed)));
    assert_eq!(full.header("access-control-expose-headers"), Some("retry-after"));
}
