//! What keeps a stream alive on the way.

use consumer_runtime::testing::{Communicator, TestError};

use super::*;

#[tokio::test]
async fn a_silent_stream_has_comments_and_stays_open() {
    let settings = Settings {
        ping_interval: Duration::from_millis(20),
        pong_timeout: Duration::from_secs(5),
        ..Settings::default()
    };
    let site = site_with(settings).await;
    let mut source = EventSource::open(site.address, ECHO).await;
    for _ in 0..5 {
        assert_eq!(source.block().await.as_deref(), Some(":"));
    }
    source.say("still there").await;
    assert_eq!(source.hear().await, "still there");
}

/// The server hears the client, so it does not ping; what is on the way hears nothing, and would hang up.
#[tokio::test]
async fn a_client_that_only_sends_hears_comments_as_well() {
    let settings = Settings { ping_interval: Duration::from_millis(50), rate: None, ..Settings::default() };
    let (site, _, _) = noted(settings).await;
    let mut source = EventSource::open(site.address, ECHO).await;
    let (address, session) = (site.address, source.session.clone());
    let talking = tokio::spawn(async move {
        loop {
            ask(address, &send("POST", ECHO, &session, "Content-Type: text/plain\r\n", "note x")).await;
        }
    });
    for _ in 0..5 {
        assert_eq!(source.block().await.as_deref(), Some(":"));
    }
    talking.abort();
}

#[tokio::test]
async fn without_pings_there_are_no_comments() {
    let site = site_with(Settings { ping_interval: Duration::ZERO, ..Settings::default() }).await;
    let mut source = EventSource::open(site.address, ECHO).await;
    assert!(tokio::time::timeout(Duration::from_millis(100), source.block()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_hears_answers_its_pings() {
    let mut client = Communicator::new(app(), ECHO).sse().patience(Duration::from_secs(600));
    client.connect().await.unwrap();
    assert_eq!(client.receive_text_from().await, Err(TestError::Silent(Duration::from_secs(600))));
    client.send_text_to("still there").await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "still there");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_no_pings_is_lost() {
    let diary = Diary::default();
    let app = app().layer(Extension(diary.clone()));
    let mut client = Communicator::new(app, ECHO).sse();
    client.connect().await.unwrap();
    client.ended().await;
    assert_eq!(diary.entries(), [r#"1006 "" Timeout"#]);
}
