//! Clients that read slowly, and consumers that do.

use consumer_runtime::testing::{Communicator, TestError};

use super::*;

/// 20 MB: more than the buffers of one connection, hyper's among them.
const LINES: usize = 10_000;

#[tokio::test]
async fn a_client_that_reads_too_slowly_is_closed_with_1013() {
    let settings = Settings {
        max_outgoing: 64 * 1024,
        ping_interval: Duration::ZERO,
        send_timeout: Duration::from_secs(600),
        close_timeout: Duration::from_secs(600),
        ..Settings::default()
    };
    let site = site_with(settings).await;
    let mut slow = EventSource::open(site.address, CHAT).await;
    let mut quick = EventSource::open(site.address, CHAT).await;
    let room = Room { room_name: "lobby".into() };
    for line in 0..LINES {
        let message = format!("{line} {}", "x".repeat(2000));
        room.send(&site.channels, ChatMessage { message: message.clone() }).await.unwrap();
        assert_eq!(quick.hear_json().await, json!({"message": message}), "a slow one holds up nobody");
    }
    let mut heard = 0;
    loop {
        match slow.event().await {
            Some((name, data)) if name.is_empty() => {
                assert!(data.starts_with(&format!("{{\"message\":\"{heard} x")), "in order, without a gap");
                heard += 1;
            }
            Some((name, data)) => {
                let close: Value = serde_json::from_str(&data).unwrap();
                assert_eq!((&*name, &close["code"]), ("close", &json!(1013)));
                break;
            }
            None => panic!("no close after {heard}"),
        }
    }
    assert!(0 < heard && heard < LINES, "{heard}");
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_lost_in_time() {
    let settings = Settings { send_timeout: Duration::from_millis(100), ..Settings::default() };
    let (diary, room) = (Diary::default(), Room { room_name: "lobby".into() });
    let site = Site::new(app().with_settings(settings).layer(Extension(diary))).await;
    let mut slow = EventSource::open(site.address, CHAT).await;
    soon("it is given up", async {
        while site.channels.counts().ended == 0 {
            let message = "x".repeat(20_000);
            room.send(&site.channels, ChatMessage { message }).await.unwrap();
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(slow.post("text/plain", "x").await.status, 404);
    while slow.event().await.is_some() {}
}

/// In memory, since it waits for deadlines.
#[tokio::test(start_paused = true)]
async fn a_consumer_that_does_not_keep_up_takes_no_more_and_says_so() {
    let gate = Gate::default();
    let (diary, long) = (Diary::default(), format!("note {}", "x".repeat(40_000)));
    let settings = Settings { byte_rate: None, ..Settings::default() };
    let app = app().with_settings(settings).layer(Extension(diary.clone())).layer(Extension(gate.clone()));
    let mut client = Communicator::new(app, ECHO).sse();
    client.connect().await.unwrap();
    client.send_text_to("wait").await.unwrap();
    let mut taken = 0;
    let (status, headers) = loop {
        match client.send_text_to(&long).await {
            Ok(()) => taken += 1,
            Err(TestError::Refused { status, headers, .. }) => break (status, headers),
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!((status.as_u16(), headers["retry-after"].to_str().unwrap()), (503, "1"));
    assert!((1..20).contains(&taken), "what waits is bounded: {taken}");
    gate.open();
    assert_eq!(client.receive_text_from().await.unwrap(), "wait");
    client.send_text_to("after it").await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "after it");
    assert_eq!(diary.count(&long), taken, "what was refused was not taken");
}
