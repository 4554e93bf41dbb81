//! How a connection ends, and that `disconnect` runs once for each.

use super::*;

async fn ends(site: &Site, diary: &Diary, entry: &str) {
    diary.says(entry).await;
    site.settled().await;
    assert_eq!(diary.entries(), [entry], "`disconnect` runs once");
}

#[tokio::test]
async fn the_servers_code_and_reason_are_the_last_event() {
    let (site, diary, _) = noted(Settings::default()).await;
    let mut source = EventSource::open(site.address, ECHO).await;
    source.say("close").await;
    assert_eq!(source.hear_close().await, (4007, "as you \"wish\"\n".to_owned()));
    ends(&site, &diary, r#"4007 "as you \"wish\"\n" Consumer"#).await;
    assert_eq!(source.post("text/plain", "too late").await.status, 404);
}

#[tokio::test]
async fn the_clients_code_and_reason_reach_the_consumer_after_what_it_sent() {
    let (site, diary, _) = noted(Settings::default()).await;
    let mut source = EventSource::open(site.address, ECHO).await;
    source.say("first").await;
    let closed = source.request("DELETE", "Consumer-Close: 4321 adi%C3%B3s, all\r\n", "").await;
    assert_eq!(closed.status, 204);
    assert_eq!(source.hear().await, "first");
    assert_eq!(source.hear_close().await.0, 4321);
    ends(&site, &diary, r#"4321 "adiós, all" Client"#).await;
    assert_eq!(source.request("DELETE", "", "").await.status, 404, "closed already");
}

#[tokio::test]
async fn a_close_may_have_no_code() {
    let (site, diary, _) = noted(Settings::default()).await;
    let mut source = EventSource::open(site.address, ECHO).await;
    for wrong in ["1006", "x", "999 bye", "4001 %ff", "1000\r\nConsumer-Close: 1000"] {
        assert_eq!(source.request("DELETE", &format!("Consumer-Close: {wrong}\r\n"), "").await.status, 400, "{wrong}");
    }
    assert_eq!(source.request("DELETE", "", "").await.status, 204);
    assert_eq!(source.hear_close().await, (1005, String::new()));
    ends(&site, &diary, r#"1005 "" Client"#).await;
}

#[tokio::test]
async fn nothing_is_sent_behind_a_close() {
    let (site, diary, gate) = noted(Settings::default()).await;
    let source = EventSource::open(site.address, ECHO).await;
    source.say("wait").await;
    assert_eq!(source.request("DELETE", "Consumer-Close: 1000\r\n", "").await.status, 204);
    assert_eq!(source.post("text/plain", "note late").await.status, 404);
    gate.open();
    ends(&site, &diary, r#"1000 "" Client"#).await;
}

#[tokio::test]
async fn a_client_that_goes_away_is_lost() {
    let (site, diary, _) = noted(Settings::default()).await;
    let source = EventSource::open(site.address, ECHO).await;
    source.say("note before").await;
    drop(source);
    diary.says(r#"1006 "" Lost"#).await;
    EventSource::open(site.address, ECHO).await.reset();
    site.settled().await;
    assert_eq!(diary.entries(), ["note before", r#"1006 "" Lost"#, r#"1006 "" Lost"#]);
}

#[tokio::test]
async fn what_was_taken_before_the_client_went_away_is_handled() {
    let (site, diary, gate) = noted(Settings::default()).await;
    let source = EventSource::open(site.address, ECHO).await;
    assert_eq!(source.post("application/x-ndjson", "wait\nnote taken\n").await.status, 204);
    let session = source.session.clone();
    source.reset();
    // Known by the token that is known no more.
    soon("the stream's end is seen", async {
        while ask(site.address, &send("POST", ECHO, &session, "Content-Type: text/plain\r\n", "x")).await.status != 404
        {
        }
    })
    .await;
    gate.open();
    site.settled().await;
    assert_eq!(diary.entries(), ["note taken", r#"1006 "" Lost"#]);
}

#[tokio::test]
async fn a_panic_closes_with_1011_and_that_client_alone() {
    let (site, diary, _) = noted(Settings::default()).await;
    let (mut one, mut other) =
        (EventSource::open(site.address, ECHO).await, EventSource::open(site.address, ECHO).await);
    one.say("panic").await;
    assert_eq!(one.hear_close().await.0, 1011);
    diary.says(r#"1011 "internal error" Panic"#).await;
    other.say("still here").await;
    assert_eq!(other.hear().await, "still here");
}

#[tokio::test]
async fn a_drain_closes_with_1012_and_says_when_to_come_back() {
    let (mut site, diary, _) = noted(Settings::default()).await;
    let mut sources = Vec::new();
    for _ in 0..20 {
        sources.push(EventSource::open(site.address, ECHO).await);
    }
    let channels = site.channels.clone();
    site.stop();
    for source in &mut sources {
        let (code, reason) = source.hear_close().await;
        assert_eq!(code, 1012);
        let hint: f32 = reason.strip_prefix("the server restarts; retry-after=").unwrap().parse().unwrap();
        assert!((0.5..=1.5).contains(&hint), "{hint}");
    }
    site.ended().await;
    assert_eq!((channels.counts().ended, diary.entries().len()), (20, 20));
}

#[tokio::test]
async fn nobody_new_is_let_in_while_the_server_drains() {
    let site = site().await;
    let _drain = site.channels.begin_drain(Duration::from_secs(1));
    let refused = EventSource::try_open(site.address, ECHO, "").await.unwrap_err();
    assert_eq!(refused.status, 503);
    let seconds: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=2).contains(&seconds));
}
