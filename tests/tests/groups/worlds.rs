//! One layer, several layers, several processes.

use super::*;

#[tokio::test]
async fn two_channels_are_two_worlds() {
    let (here, there) = (House::new(), House::new());
    let (mut mine, mut theirs) = (here.member("lobby").await, there.member("lobby").await);
    hall("lobby").send(&here.channels, told("here")).await.unwrap();
    hears(&mut mine, "here").await;
    assert!(theirs.receive_nothing().await);
    let stored = name(&mut theirs).await;
    here.channels.channel(&stored).unwrap().send(asked("there?")).await.unwrap();
    assert!(theirs.receive_nothing().await);
    assert_eq!(there.counts().delivered, 0);
}

#[tokio::test]
async fn two_channels_on_one_layer_speak_to_each_other() {
    let layer = MemoryLayer::new();
    let (here, there) = (
        House::on(Channels::builder().layer(layer.clone()).build()),
        House::on(Channels::builder().layer(layer).build()),
    );
    let (mut mine, mut theirs) = (here.member("lobby").await, there.member("lobby").await);
    let event = told("everywhere");
    let tally = event.tally.clone();
    hall("lobby").send(&here.channels, event).await.unwrap();
    hears(&mut mine, "everywhere").await;
    hears(&mut theirs, "everywhere").await;
    assert_eq!(tally.handled.load(Ordering::Relaxed), 2, "once per process");
    let stored = name(&mut theirs).await;
    here.channels.channel(&stored).unwrap().send(asked("you")).await.unwrap();
    assert_eq!(theirs.receive_text_from().await.unwrap(), "you");
    assert!(mine.receive_nothing().await);
}
