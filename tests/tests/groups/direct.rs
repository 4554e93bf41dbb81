//! Sends to one connection, by its channel name.

use super::*;

#[tokio::test]
async fn a_stored_channel_name_reaches_one_connection() {
    let house = House::new();
    let (mut one, mut other) = (house.member("a").await, house.member("a").await);
    let stored = name(&mut one).await;
    house.channels.channel(&stored).unwrap().send(asked("you alone")).await.unwrap();
    assert_eq!(one.receive_text_from().await.unwrap(), "you alone");
    house.channels.channel(&stored).unwrap().to::<Member>(told("you too")).await.unwrap();
    hears(&mut one, "you too").await;
    house.channels.untyped().send(&stored, json!({"type": "hall.asked", "text": "and now"})).await.unwrap();
    assert_eq!(one.receive_text_from().await.unwrap(), "and now");
    assert!(other.receive_nothing().await);
}

#[tokio::test]
async fn a_channel_that_is_gone_is_no_error_and_is_counted() {
    let house = House::new();
    let mut member = house.member("a").await;
    let stored = name(&mut member).await;
    member.disconnect().await;
    house.channels.channel(&stored).unwrap().send(asked("anybody?")).await.unwrap();
    assert_eq!(house.counts().gone, 1);
    assert!(house.channels.channel("not a name").is_err());
}

#[tokio::test]
async fn channel_names_are_unique_and_opaque() {
    let house = House::new();
    let mut names = HashSet::new();
    for _ in 0..50 {
        let mut member = house.member("a").await;
        let name = name(&mut member).await;
        let valid = ChannelName::new(&name).expect("a name that can be stored and used again");
        assert!(valid.process_part().ends_with('!') && !name.contains("hall"), "{name}");
        names.insert(name);
    }
    assert_eq!(names.len(), 50);
}
