//! Shared handlers: once per process and event.

use super::*;

#[tokio::test]
async fn a_shared_handler_runs_once_for_all_members_and_is_encoded_once() {
    let house = House::new();
    let mut members = Vec::new();
    for _ in 0..20 {
        members.push(house.member("a").await);
    }
    let event = told("to twenty");
    let tally = event.tally.clone();
    hall("a").send(&house.channels, event).await.unwrap();
    for member in &mut members {
        hears(member, "to twenty").await;
    }
    assert_eq!(tally.handled.load(Ordering::Relaxed), 1);
    assert_eq!(tally.encoded.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_shared_handler_runs_once_for_each_type_of_member() {
    let house = House::new();
    let _members = (house.member("a").await, house.member("a").await);
    let _guests = (house.enter("/ws/guest/a/").await, house.enter("/ws/guest/a/").await);
    let event = told("hello");
    let tally = event.tally.clone();
    hall("a").send(&house.channels, event).await.unwrap();
    assert_eq!(tally.handled.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_shared_frame_never_overtakes_an_event_that_waits() {
    let house = House::new();
    let mut member = house.member("a").await;
    for text in ["wait 1", "wait 2"] {
        hall("a").send(&house.channels, asked(text)).await.unwrap();
        hall("a").send(&house.channels, told(&format!("after {text}"))).await.unwrap();
    }
    house.diary.says("a asked wait 1").await;
    // Its handler runs: frames must wait for it, whichever came first.
    hall("a").send(&house.channels, told("the last")).await.unwrap();
    assert!(member.receive_nothing().await);
    house.gate.open();
    for expected in ["wait 1", r#"{"line":"after wait 1"}"#, "wait 2", r#"{"line":"after wait 2"}"#] {
        assert_eq!(member.receive_text_from().await.unwrap(), expected);
    }
    hears(&mut member, "the last").await;
}

#[tokio::test]
async fn messages_of_one_sender_keep_their_order() {
    let house = House::new();
    let (mut one, mut other) = (house.member("a").await, house.member("a").await);
    for index in 0..40 {
        hall("a").send(&house.channels, told(&index.to_string())).await.unwrap();
        hall("a").send(&house.channels, asked(&index.to_string())).await.unwrap();
    }
    for member in [&mut one, &mut other] {
        for index in 0..40 {
            hears(member, &index.to_string()).await;
            assert_eq!(member.receive_text_from().await.unwrap(), index.to_string());
        }
    }
}

#[tokio::test]
async fn a_shared_handler_that_fails_sends_nothing_and_closes_nothing() {
    let log = Log::begin();
    let house = House::new();
    let (mut member, mut guest) = (house.member("a").await, house.enter("/ws/guest/a/").await);
    for text in ["fail", "fail", "panic", "nothing", "ok"] {
        hall("a").send(&house.channels, told(text)).await.unwrap();
    }
    assert_eq!(guest.receive_text_from().await.unwrap(), r#""the guest hears ok""#);
    for text in ["fail", "fail", "panic", "nothing", "ok"] {
        hears(&mut member, text).await;
    }
    let counts = house.counts();
    assert_eq!((counts.failed_events, counts.panics), (2, 1), "{counts:?}");
    assert_eq!(log.lines_with("not today"), 1, "{}", log.text());
}

#[tokio::test]
async fn an_event_handler_that_fails_is_logged_once_and_counted() {
    let log = Log::begin();
    let house = House::new();
    let mut member = house.member("a").await;
    for _ in 0..3 {
        hall("a").send(&house.channels, Broken { how: "out of paper".into() }).await.unwrap();
    }
    hall("a").send(&house.channels, asked("still there")).await.unwrap();
    assert_eq!(member.receive_text_from().await.unwrap(), "still there");
    assert_eq!(house.counts().failed_events, 3);
    assert_eq!(log.lines_with("out of paper"), 1, "{}", log.text());
}
