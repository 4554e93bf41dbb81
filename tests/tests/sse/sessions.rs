//! Who may send, in which order, and that nobody learns the token.

use tests::Log;
use tokio::io::AsyncWriteExt;

use super::*;

const TEXT: &str = "Content-Type: text/plain\r\n";

#[tokio::test]
async fn an_unknown_token_is_a_404_and_none_is_a_405() {
    let site = site().await;
    let source = EventSource::open(site.address, ECHO).await;
    let mut other = source.session.clone();
    other.replace_range(..1, if other.starts_with('A') { "B" } else { "A" });
    let twice = format!("{0}\r\nConsumer-Session: {0}", source.session);
    for token in [&*other, "new", "", "\u{e9}", &twice] {
        for method in ["POST", "DELETE"] {
            assert_eq!(ask(site.address, &send(method, ECHO, token, TEXT, "x")).await.status, 404, "{token}");
        }
    }
    let none = ask(site.address, &format!("POST {ECHO} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")).await;
    assert_eq!((none.status, none.header("allow")), (405, Some("GET")));
}

#[tokio::test]
async fn a_token_is_good_for_its_own_consumer_alone() {
    let (site, diary, _) = noted(Settings::default()).await;
    let source = EventSource::open(site.address, ECHO).await;
    assert_eq!(ask(site.address, &send("POST", CHAT, &source.session, TEXT, "note x")).await.status, 404);
    assert_eq!(ask(site.address, &send("DELETE", SUMS, &source.session, "", "")).await.status, 404);
    source.say("note y").await;
    assert_eq!(diary.has(1).await, ["note y"]);
}

#[tokio::test]
async fn no_log_line_holds_a_token_or_what_was_sent() {
    let log = Log::begin();
    let (site, diary, _) = noted(Settings::default()).await;
    let mut source = EventSource::open(site.address, "/ws/echo/?ticket=hidden").await;
    source.say("note secret").await;
    diary.says("note secret").await;
    assert_eq!(source.request("POST", "Origin: https://evil.example\r\n", "secret").await.status, 403);
    source.say("panic").await;
    source.hear_close().await;
    site.settled().await;
    let text = log.text();
    assert!(text.contains("disconnected"), "the log is heard: {text}");
    for secret in [&*source.session, "hidden", "note secret"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

/// A POST whose body waits for its end.
async fn half_sent(site: &Site, source: &EventSource, text: &str) -> Raw {
    let mut raw = Raw::connect(site.address).await;
    let request = send("POST", ECHO, &source.session, TEXT, text);
    raw.write(&request.as_bytes()[..request.len() - 1]).await;
    raw
}

#[tokio::test]
async fn requests_wait_for_those_before_them() {
    let site = site().await;
    let mut source = EventSource::open(site.address, ECHO).await;
    let mut first = half_sent(&site, &source, "first!").await;
    // The second one is there, and has to wait.
    let mut second = Raw::connect(site.address).await;
    second.write(send("POST", ECHO, &source.session, TEXT, "second").as_bytes()).await;
    let early = tokio::time::timeout(Duration::from_millis(100), second.response()).await;
    assert!(early.is_err(), "{early:?}");
    first.write(b"!").await;
    assert_eq!((first.response().await.status, source.hear().await), (204, "first!".to_owned()));
    assert_eq!(source.hear().await, "second");
}

#[tokio::test]
async fn more_requests_than_may_wait_are_a_429() {
    let site = site().await;
    let source = EventSource::open(site.address, ECHO).await;
    let mut waiting = Vec::new();
    for _ in 0..17 {
        waiting.push(half_sent(&site, &source, "x").await);
    }
    // Only as many as may are told nothing: one more is told at once, whenever the last of them is there.
    soon("one is too many", async {
        loop {
            let mut one_more = half_sent(&site, &source, "x").await;
            let answer = tokio::time::timeout(Duration::from_millis(200), one_more.response()).await;
            if let Ok(Response { status: 429, .. }) = answer {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_request_ends_with_the_stream_that_it_belongs_to() {
    let site = site().await;
    let source = EventSource::open(site.address, ECHO).await;
    let mut slow = half_sent(&site, &source, "x").await;
    let mut waiting = half_sent(&site, &source, "x").await;
    source.reset();
    assert_eq!(slow.response().await.status, 404);
    assert_eq!(waiting.response().await.status, 404);
    let _ = slow.stream.shutdown().await;
    site.settled().await;
}
