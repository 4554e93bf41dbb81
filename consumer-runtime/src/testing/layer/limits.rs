//! Capacity and expiry, and that what is dropped is counted.

use std::time::Duration;

use super::{LayerUnderTest, StoringLayer, eventually, next_number, numbered, process, sent};
use crate::{channels::Channels, layer::LayerError};

/// A channel that is not read holds as many messages as it may, the oldest; the others are counted, and no group send fails.
pub async fn a_full_channel_loses_the_newest_and_counts_it<L: LayerUnderTest>(layer: &mut L) {
    let here = process(layer).await;
    let there = layer.process(Channels::builder().capacity(3)).await;
    let mut slow = super::member(&there, "lobby").await;
    for number in 0..10 {
        sent("a group send", here.untyped().group_send("lobby", numbered(number))).await;
    }
    eventually("seven are dropped", || there.counts().channel_full == 7).await;
    for number in 0..3 {
        assert_eq!(next_number(&mut slow).await, number);
    }
    sent("there is room again", here.untyped().group_send("lobby", numbered(10))).await;
    assert_eq!(next_number(&mut slow).await, 10);
}

/// What waits for longer than the channels' expiry is dropped, and counted.
pub async fn a_message_expires<L: LayerUnderTest>(layer: &mut L) {
    let here = process(layer).await;
    let there = layer.process(Channels::builder().expiry(Duration::from_millis(300))).await;
    let mut slow = super::member(&there, "lobby").await;
    for number in 0..3 {
        sent("a group send", here.untyped().group_send("lobby", numbered(number))).await;
    }
    eventually("all have arrived", || there.counts().delivered == 3).await;
    // As long as they are worth something, and a little more.
    tokio::time::sleep(Duration::from_millis(320)).await;
    sent("a new one", here.untyped().group_send("lobby", numbered(3))).await;
    assert_eq!(next_number(&mut slow).await, 3);
    assert_eq!(there.counts().expired, 3);
}

/// Where general channels store, one that holds as much as it may refuses what comes next, and tells who sends; what is
/// too old makes room.
pub async fn a_queue_that_is_full_refuses_its_sender<L: StoringLayer>(layer: &mut L) {
    let here = process(layer).await;
    for number in 0..layer.capacity() {
        sent("there is room", here.untyped().send("jobs", numbered(number))).await;
    }
    let error = here.untyped().send("jobs", numbered(0)).await.expect_err("there is no room");
    assert!(
        matches!(error.downcast_ref(), Some(LayerError::ChannelFull { channel }) if channel.as_str() == "jobs"),
        "{error}"
    );
    sent("there is room in another", here.untyped().send("tasks", numbered(0))).await;
    tokio::time::sleep(layer.expiry() + Duration::from_millis(1100)).await;
    sent("the old ones are gone", here.untyped().send("jobs", numbered(7))).await;
}
