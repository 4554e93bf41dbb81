//! A message arrives as it was sent.

use std::time::Duration;

use serde_json::json;

use super::{LayerUnderTest, member, process, sent, soon};

/// Every kind of value that JSON has survives the way to another process, by a group and by a channel.
pub async fn messages_arrive_as_they_were_sent<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    let mut member = member(&there, "lobby").await;
    for value in [
        json!(null),
        json!([true, false]),
        json!([0, -1, 255, 65_536, i64::MIN, i64::MAX, u64::MAX]),
        json!([0.5, -1e300, 1e-300]),
        json!(["", "a", "é\u{1F980}\u{0}\n\"\\"]),
        json!([[], {}, [[1], [2, [3]]], {"a": {"b": {"c": null}}}]),
        json!({"": "the empty name", "type": "not the message's", "number": 7}),
    ] {
        let message = json!({"type": "test.message", "value": value});
        sent("group", here.untyped().group_send("lobby", message.clone())).await;
        assert_eq!(soon(&message, member.receive()).await.to_value().expect("readable"), message);
        sent("channel", here.untyped().send(member.name().as_str(), message.clone())).await;
        assert_eq!(soon(&message, member.receive()).await.to_value().expect("readable"), message);
    }
    assert_eq!(there.counts().unreadable, 0);
}

/// 200 kB is no reason to lose or to cut a message.
pub async fn large_messages_arrive_whole<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    let mut member = member(&there, "lobby").await;
    for length in [1_000, 20_000, 200_000] {
        let message = json!({"type": "test.message", "text": "0123456789".repeat(length / 10)});
        sent("a large message", here.untyped().group_send("lobby", message.clone())).await;
        assert_eq!(soon(length, member.receive()).await.to_value().expect("readable"), message);
    }
}

/// A question takes along where its answers go, and what is sent there comes back to who asks.
pub async fn who_waits_for_an_answer_is_told_to_members<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    let mut member = member(&there, "lobby").await;
    let message = json!({"type": "test.question"});
    let asking = here.untyped().group_ask("lobby", message, Duration::from_millis(200));
    let asked = async {
        let question = soon("a question", member.receive()).await;
        question.reply_to().cloned()
    };
    let (answers, reply_to) = tokio::join!(asking, asked);
    let reply_to = reply_to.expect("the question says where its answers go");
    assert!(here.local().owns(&reply_to), "to the process that asks");
    // The member has no handler, so nobody has answered.
    assert!(answers.is_ok_and(|answers| answers.is_empty()));
}
