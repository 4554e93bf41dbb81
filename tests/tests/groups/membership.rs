//! Who is a member, and for how long.

use super::*;

#[tokio::test]
async fn a_group_send_reaches_every_member_the_sender_included() {
    let house = House::new();
    let (mut one, mut other, mut elsewhere) =
        (house.member("a").await, house.member("a").await, house.member("b").await);
    one.send_text_to("tell hello").await.unwrap();
    hears(&mut one, "hello").await;
    assert_eq!(one.receive_text_from().await.unwrap(), "done");
    hears(&mut other, "hello").await;
    assert!(elsewhere.receive_nothing().await);
}

#[tokio::test]
async fn anybody_with_channels_sends_to_a_group() {
    let house = House::new();
    let mut member = house.member("a").await;
    let tell = |channels: Channels| async move { hall("a").send(&channels, told("from a handler")).await };
    let app = Router::new().route("/tell/", post(tell)).with_channels(house.channels.clone());
    let response = app.oneshot(Request::post("/tell/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 200);
    hears(&mut member, "from a handler").await;
}

#[tokio::test]
async fn groups_are_joined_and_left_at_run_time() {
    let house = House::new();
    let mut member = house.member("a").await;
    order(&mut member, "join b").await;
    hall("b").send(&house.channels, told("in b")).await.unwrap();
    hears(&mut member, "in b").await;
    hall("a").send(&house.channels, told("in a")).await.unwrap();
    hears(&mut member, "in a").await;
    order(&mut member, "leave b").await;
    hall("b").send(&house.channels, told("in b")).await.unwrap();
    assert!(member.receive_nothing().await);
}

#[tokio::test]
async fn joining_twice_is_joining_once() {
    let house = House::new();
    let mut member = house.member("a").await;
    for order in ["join a", "join b", "join b", "add hall_b"] {
        super::order(&mut member, order).await;
    }
    hall("a").send(&house.channels, told("once")).await.unwrap();
    hall("b").send(&house.channels, told("each")).await.unwrap();
    hears(&mut member, "once").await;
    hears(&mut member, "each").await;
    assert!(member.receive_nothing().await);
    order(&mut member, "leave b").await;
    hall("b").send(&house.channels, told("gone")).await.unwrap();
    assert!(member.receive_nothing().await, "left once is left");
}

#[tokio::test]
async fn leaving_a_group_of_others_changes_nothing() {
    let house = House::new();
    let (mut one, mut other) = (house.member("a").await, house.member("b").await);
    order(&mut one, "leave b").await;
    order(&mut one, "discard hall_b").await;
    order(&mut one, "leave nobodys").await;
    hall("b").send(&house.channels, told("still")).await.unwrap();
    hears(&mut other, "still").await;
    hall("a").send(&house.channels, told("here")).await.unwrap();
    hears(&mut one, "here").await;
}

#[tokio::test]
async fn a_member_that_left_the_line_is_in_no_group() {
    let house = House::new();
    let (mut one, mut other) = (house.member("a").await, house.member("a").await);
    order(&mut one, "join b").await;
    one.disconnect().await;
    hall("a").send(&house.channels, told("to one")).await.unwrap();
    hall("b").send(&house.channels, told("to none")).await.unwrap();
    hears(&mut other, "to one").await;
    let counts = house.counts();
    assert_eq!((counts.delivered, counts.gone), (1, 0), "{counts:?}");

    other.vanish().await;
    hall("a").send(&house.channels, told("to none")).await.unwrap();
    let counts = house.counts();
    assert_eq!((counts.delivered, counts.gone), (1, 0), "also after the line was cut: {counts:?}");
}

#[tokio::test]
async fn several_types_of_consumer_in_one_group_each_get_their_own_frame() {
    let house = House::new();
    let (mut member, mut guest) = (house.member("a").await, house.enter("/ws/guest/a/").await);
    hall("a").send(&house.channels, told("hello")).await.unwrap();
    hall("a").send(&house.channels, asked("who")).await.unwrap();
    hears(&mut member, "hello").await;
    assert_eq!(member.receive_text_from().await.unwrap(), "who");
    assert_eq!(guest.receive_text_from().await.unwrap(), r#""the guest hears hello""#);
    assert_eq!(guest.receive_text_from().await.unwrap(), "the guest of a is asked who");
}

#[tokio::test]
async fn a_name_that_breaks_the_rule_is_an_error_and_no_message() {
    let house = House::new();
    let mut member = house.member("a").await;
    let error = hall("방").send(&house.channels, told("")).await.unwrap_err().to_string();
    assert!(error.contains("방") && error.contains("1 to 99 characters"), "{error}");
    member.send_text_to(r"join no spaces").await.unwrap();
    let answer: Value = member.receive_json_from().await.unwrap();
    assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!("internal")));
    hall("a").send(&house.channels, told("still in")).await.unwrap();
    hears(&mut member, "still in").await;
}
