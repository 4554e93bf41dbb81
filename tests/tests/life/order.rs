//! One thing at a time: connect, frames, events, disconnect.

use super::*;

#[tokio::test]
async fn connect_receive_and_disconnect_run_in_this_order() {
    let (site, diary, _) = site().await;
    let mut client = site.client("/ws/life/").await;
    client.say("hello").await;
    client.say("echo").await;
    assert_eq!(client.hear().await, "echo");
    client.close(1000, "bye").await;
    ends(&site, &diary, r#"disconnect 1000 "bye" Client"#).await;
    assert_eq!(diary.entries(), ["connect", "receive hello", "receive echo", r#"disconnect 1000 "bye" Client"#]);
}

#[tokio::test]
async fn what_was_sent_before_a_close_is_still_handled() {
    let (site, diary, _) = site().await;
    let mut raw = Raw::open(site.address, "/ws/life/").await;
    let bytes = [frame(true, 1, b"a"), frame(true, 1, b"b"), frame(true, 1, b"echo"), frame(true, 8, &[3, 232])];
    raw.write(&bytes.concat()).await;
    assert_eq!(raw.frame().await, Some((1, b"echo".to_vec())), "an answer leaves before the close frame");
    assert_eq!(raw.close_frame().await, Some((1000, String::new())));
    ends(&site, &diary, r#"disconnect 1000 "" Client"#).await;
    assert_eq!(diary.entries()[..4], ["connect", "receive a", "receive b", "receive echo"]);
}

#[tokio::test]
async fn one_thing_is_handled_at_a_time_and_in_order() {
    let (site, diary, gate) = site().await;
    let mut client = site.client("/ws/life/").await;
    client.say("wait").await;
    diary.says("receive wait").await;
    client.say("first").await;
    client.say("second").await;
    client.say("wait").await;
    client.say("third").await;
    gate.let_one_pass();
    diary
        .until("the second wait", |entries| entries.iter().filter(|entry| *entry == "receive wait").count() == 2)
        .await;
    assert_eq!(diary.count("receive third"), 0, "a handler is still running");
    gate.let_one_pass();
    diary.says("receive third").await;
    let order =
        ["receive wait", "waited", "receive first", "receive second", "receive wait", "waited", "receive third"];
    assert_eq!(diary.entries()[1..], order);
}

#[tokio::test]
async fn events_keep_their_order_and_wait_for_the_handler_before_them() {
    let (site, diary, gate) = site().await;
    let _client = site.client("/ws/life/").await;
    order_all(&site, "wait").await;
    diary.says("event wait").await;
    for deed in ["a", "b", "c"] {
        order_all(&site, deed).await;
    }
    assert_eq!(diary.entries(), ["connect", "event wait"], "a handler is still running");
    gate.open();
    diary.says("event c").await;
    assert_eq!(diary.entries()[2..], ["waited", "event a", "event b", "event c"]);
}

/// Lets 20 frames and 20 events wait, and gives how their handlers follow each other.
async fn turns(deed: impl Fn(usize) -> String) -> Vec<String> {
    let (site, diary, gate) = site().await;
    let mut client = site.client("/ws/life/").await;
    client.say("wait").await;
    diary.says("receive wait").await;
    for deed in (0..20).map(deed) {
        client.say(&*deed).await;
        order_all(&site, &deed).await;
    }
    client.ping().await;
    gate.open();
    diary.has(2 + 1 + 40).await.split_off(3)
}

fn longest_turn(entries: &[String]) -> usize {
    let kinds: Vec<_> = entries.iter().map(|entry| entry.split(' ').next()).collect();
    kinds.chunk_by(|a, b| a == b).map(<[_]>::len).max().unwrap()
}

#[tokio::test]
async fn frames_and_events_that_both_wait_take_turns() {
    let entries = turns(|index| index.to_string()).await;
    assert!(longest_turn(&entries) <= 16, "neither may starve the other: {entries:?}");
    for kind in ["receive", "event"] {
        let order: Vec<_> = entries.iter().filter_map(|entry| entry.strip_prefix(kind)).collect();
        assert_eq!(order, (0..20).map(|index| format!(" {index}")).collect::<Vec<_>>(), "each kind keeps its order");
    }
}

#[tokio::test]
async fn they_take_turns_one_by_one_where_handlers_wait() {
    let entries = turns(|_| "pause".into()).await;
    assert_eq!(longest_turn(&entries), 1, "{entries:?}");
}
