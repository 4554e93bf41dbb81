//! Capacity and expiry.

use super::*;

/// A member whose handler is held up, so that what comes stays in its channel.
async fn stuck(house: &House) -> (Communicator, String) {
    let mut member = house.member("a").await;
    let name = name(&mut member).await;
    hall("a").send(&house.channels, asked("wait")).await.unwrap();
    house.diary.says("a asked wait").await;
    (member, name)
}

#[tokio::test]
async fn a_full_channel_is_skipped_by_a_group_send_and_counted() {
    let house = House::new();
    let (mut member, _) = stuck(&house).await;
    let mut other = house.enter("/ws/guest/a/").await;
    for index in 0..103 {
        hall("a").send(&house.channels, asked(&index.to_string())).await.expect("a group send never fails for that");
        let text = other.receive_text_from().await.unwrap();
        assert_eq!(text, format!("the guest of a is asked {index}"), "others get everything");
    }
    assert_eq!(house.counts().channel_full, 3, "a channel holds 100");
    house.gate.open();
    assert_eq!(member.receive_text_from().await.unwrap(), "wait");
    for index in 0..100 {
        assert_eq!(member.receive_text_from().await.unwrap(), index.to_string());
    }
    assert!(member.receive_nothing().await);
    hall("a").send(&house.channels, told("room again")).await.unwrap();
    hears(&mut member, "room again").await;
}

#[tokio::test]
async fn a_full_channel_refuses_a_direct_send() {
    let house = House::on(Channels::builder().capacity(2).build());
    let (_member, name) = stuck(&house).await;
    let channel = house.channels.channel(&name).unwrap();
    channel.send(asked("1")).await.unwrap();
    channel.send(told("2")).await.unwrap();
    for error in [channel.send(asked("3")).await.unwrap_err(), channel.send(told("4")).await.unwrap_err()] {
        assert!(error.to_string().contains("is full") && error.to_string().contains(&name), "{error}");
    }
    assert_eq!(house.counts().channel_full, 2);
}

#[tokio::test(start_paused = true)]
async fn what_waits_too_long_is_dropped_and_counted() {
    let house = House::on(Channels::builder().expiry(Duration::from_secs(5)).build());
    let (mut member, _) = stuck(&house).await;
    hall("a").send(&house.channels, asked("too old")).await.unwrap();
    hall("a").send(&house.channels, told("too old as well")).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    hall("a").send(&house.channels, asked("young enough")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(2500)).await;
    house.gate.open();
    assert_eq!(member.receive_text_from().await.unwrap(), "wait");
    assert_eq!(member.receive_text_from().await.unwrap(), "young enough");
    assert!(member.receive_nothing().await);
    let counts = house.counts();
    assert_eq!((counts.expired, counts.delivered), (2, 2), "what was dropped reached nobody: {counts:?}");
}

#[tokio::test]
async fn what_waits_when_a_connection_ends_is_counted_as_gone() {
    let house = House::new();
    let mut member = house.member("a").await;
    member.send_text_to("hang up").await.unwrap();
    house.diary.says("a hangs up").await;
    hall("a").send(&house.channels, asked("1")).await.unwrap();
    hall("a").send(&house.channels, told("2")).await.unwrap();
    house.gate.open();
    assert_eq!(member.receive_close().await.unwrap().0, 1000);
    member.disconnect().await;
    let counts = house.counts();
    assert_eq!((counts.gone, counts.delivered), (2, 0), "{counts:?}");
    assert_eq!(house.diary.entries(), ["a hangs up"]);
}
