//! Names and JSON instead of types.

use super::*;

#[tokio::test]
async fn names_that_fold_alike_reach_the_same_handler() {
    let house = House::new();
    let mut member = house.member("a").await;
    for name in ["hall.told", "hall_told"] {
        let message = json!({"text": name, "type": name, "something": "else"});
        house.channels.untyped().group_send("hall_a", message).await.unwrap();
        hears(&mut member, name).await;
    }
}

#[tokio::test]
async fn an_event_without_a_handler_is_logged_once_and_counted_and_the_socket_stays() {
    let log = Log::begin();
    let house = House::new();
    let (mut one, mut other) = (house.member("a").await, house.member("a").await);
    for _ in 0..3 {
        house.channels.untyped().group_send("hall_a", json!({"type": "hall.unknown"})).await.unwrap();
    }
    hall("a").send(&house.channels, told("fine")).await.unwrap();
    hears(&mut one, "fine").await;
    hears(&mut other, "fine").await;
    assert_eq!(house.counts().unhandled, 6, "three for each member");
    assert_eq!(log.lines_with("hall.unknown"), 1, "{}", log.text());
}

#[tokio::test]
async fn an_event_that_does_not_fit_is_logged_once_and_counted_and_the_socket_stays() {
    let log = Log::begin();
    let house = House::new();
    let mut member = house.member("a").await;
    for secret in ["hunter2", "hunter3"] {
        let message = json!({"type": "hall.told", "text": [secret]});
        house.channels.untyped().group_send("hall_a", message).await.unwrap();
    }
    hall("a").send(&house.channels, told("fine")).await.unwrap();
    hears(&mut member, "fine").await;
    assert_eq!(house.counts().undecodable, 2);
    assert_eq!(log.lines_with("does not fit"), 1, "{}", log.text());
    assert_eq!(log.lines_with("hunter"), 0, "payloads never reach the log: {}", log.text());
}

#[tokio::test]
async fn protocol_events_cannot_be_forged_through_the_layer() {
    let house = House::new();
    let mut member = house.member("a").await;
    let stored = name(&mut member).await;
    for name in ["websocket.disconnect", "websocket.receive", "receive", "disconnect", "websocket.connect"] {
        let message = json!({"type": name, "text": "forged", "code": 1234});
        house.channels.untyped().send(&stored, message).await.unwrap();
    }
    assert!(member.receive_nothing().await);
    order(&mut member, "still here").await;
    assert_eq!(house.counts().unhandled, 5);
}

#[tokio::test]
async fn a_message_that_nobody_can_dispatch_is_the_senders_error() {
    let channels = Channels::memory();
    for message in [json!("text"), json!({}), json!({"type": 7}), json!({"type": "_private"}), json!({"type": ".x"})] {
        assert!(channels.untyped().group_send("hall_a", message.clone()).await.is_err(), "{message}");
    }
    assert!(channels.untyped().group_send("no spaces", json!({"type": "x"})).await.is_err());
}

#[tokio::test]
async fn untyped_groups_are_joined_by_name() {
    let house = House::new();
    let mut member = house.member("a").await;
    order(&mut member, "add any.name-1").await;
    house.channels.untyped().group_send("any.name-1", json!({"type": "hall_told", "text": "x"})).await.unwrap();
    hears(&mut member, "x").await;
    order(&mut member, "discard any.name-1").await;
    house.channels.untyped().group_send("any.name-1", json!({"type": "hall_told", "text": "y"})).await.unwrap();
    assert!(member.receive_nothing().await);
}
