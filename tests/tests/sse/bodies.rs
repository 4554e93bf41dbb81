//! Bodies of any kind: what is wrong with them is told, nothing of them is taken, and the stream stays.

use axum::{body::Body, http::Request};
use consumer_runtime::RouterExt;
use futures_util::{StreamExt, stream};
use tower::ServiceExt;

use super::*;

/// Still served, and nothing of what was wrong has arrived.
async fn still_talks(source: &mut EventSource) {
    source.say("still there").await;
    assert_eq!(source.hear().await, "still there");
}

#[tokio::test]
async fn a_message_has_as_many_bytes_as_by_websocket() {
    let site = site_with(Settings { max_message: 1000, ..Settings::default() }).await;
    let mut source = EventSource::open(site.address, ECHO).await;
    let (fits, too_long) = ("x".repeat(1000), "x".repeat(1001));
    for content_type in ["text/plain", "application/octet-stream", "application/x-ndjson"] {
        assert_eq!(source.post(content_type, &too_long).await.status, 413, "{content_type}");
        assert_eq!(source.post(content_type, &fits).await.status, 204, "{content_type}");
        source.event().await.unwrap();
    }
    let together = source.post("application/x-ndjson", &format!("{}\n{}\n", &fits[..501], &fits[..500])).await;
    assert_eq!(together.status, 413);
    still_talks(&mut source).await;

    let frames = site_with(Settings { max_frame: Some(10), ..Settings::default() }).await;
    let mut source = EventSource::open(frames.address, ECHO).await;
    assert_eq!(source.post("text/plain", "eleven byte").await.status, 413);
    source.say("ten bytes!").await;
    assert_eq!(source.hear().await, "ten bytes!");
}

#[tokio::test]
async fn of_a_body_that_says_that_it_is_huge_nothing_is_read() {
    let site = site().await;
    let mut source = EventSource::open(site.address, ECHO).await;
    let head = send("POST", ECHO, &source.session, "Content-Type: text/plain\r\n", "");
    let response = ask(site.address, &head.replace("Content-Length: 0", "Content-Length: 99999999999")).await;
    assert_eq!(response.status, 413);
    still_talks(&mut source).await;
}

#[tokio::test]
async fn a_body_that_does_not_say_so_is_read_up_to_the_limit() {
    let site = site().await;
    let mut source = EventSource::open(site.address, ECHO).await;
    let head = send("POST", ECHO, &source.session, "Content-Type: text/plain\r\n", "");
    let mut raw = Raw::connect(site.address).await;
    raw.write(head.replace("Content-Length: 0", "Transfer-Encoding: chunked").as_bytes()).await;
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    for _ in 0..17 {
        raw.write(chunk.as_bytes()).await;
    }
    assert_eq!(raw.response().await.status, 413);
    still_talks(&mut source).await;
}

#[tokio::test]
async fn lines_without_end_are_refused_as_one() {
    let (site, diary, _) = noted(Settings::unlimited()).await;
    let mut source = EventSource::open(site.address, ECHO).await;
    for body in ["note x\n".repeat(1001), "\n".repeat(70_000)] {
        assert_eq!(source.post("application/x-ndjson", &body).await.status, 413);
    }
    still_talks(&mut source).await;
    assert_eq!(diary.entries().len(), 0, "all or nothing");
}

#[tokio::test]
async fn what_is_no_text_is_a_400_and_takes_nothing_with_it() {
    let (site, diary, _) = noted(Settings::default()).await;
    let mut source = EventSource::open(site.address, ECHO).await;
    for content_type in ["application/x-ndjson", "text/plain"] {
        let mut request =
            send("POST", ECHO, &source.session, &format!("Content-Type: {content_type}\r\n"), "note x\n??");
        let mut raw = Raw::connect(site.address).await;
        request.truncate(request.len() - 2);
        raw.write(&[request.as_bytes(), &[0xff, 0xfe]].concat()).await;
        assert_eq!(raw.response().await.status, 400, "{content_type}");
    }
    still_talks(&mut source).await;
    assert_eq!(diary.entries().len(), 0);
}

#[tokio::test]
async fn other_types_are_a_415() {
    let site = site().await;
    let mut source = EventSource::open(site.address, ECHO).await;
    for extra in [
        "",
        "Content-Type: application/json\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: multipart/form-data; boundary=x\r\n",
        "Content-Type: text/plain; charset=utf-16\r\n",
        "Content-Type: text/plain\r\nContent-Encoding: gzip\r\n",
    ] {
        assert_eq!(source.request("POST", extra, "x").await.status, 415, "{extra}");
    }
    still_talks(&mut source).await;
}

#[tokio::test]
async fn a_line_that_is_cut_in_a_body_sends_nothing() {
    let (site, diary, _) = noted(Settings::default()).await;
    let mut source = EventSource::open(site.address, ECHO).await;
    for _ in 0..20 {
        let mut raw = Raw::connect(site.address).await;
        let request = send("POST", ECHO, &source.session, "Content-Type: application/x-ndjson\r\n", "note x\nnote y\n");
        raw.write(&request.as_bytes()[..request.len() - 3]).await;
        raw.reset();
    }
    still_talks(&mut source).await;
    assert_eq!(diary.entries().len(), 0);
}

/// In memory, since it waits for deadlines.
#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_a_408() {
    let app = app().with_channels(Channels::memory());
    let request = |method: &str| {
        Request::builder().method(method).uri(ECHO).header("accept", "text/event-stream").header("host", "testserver")
    };
    let open = request("GET").header("consumer-session", "new").body(Body::empty()).unwrap();
    let response = app.clone().oneshot(open).await.unwrap();
    assert_eq!(response.status(), 200);
    let mut stream = response.into_body().into_data_stream();
    let first = String::from_utf8(stream.next().await.unwrap().unwrap().to_vec()).unwrap();
    let open: Value = serde_json::from_str(first.trim().rsplit_once("data: ").unwrap().1).unwrap();
    let session = open["session"].as_str().unwrap();
    let part = stream::once(async { Ok::<_, std::io::Error>("x") }).chain(stream::pending());
    let post = request("POST").header("consumer-session", session).header("content-type", "text/plain");
    let response = app.oneshot(post.body(Body::from_stream(part)).unwrap()).await.unwrap();
    assert_eq!(response.status(), 408);
}
