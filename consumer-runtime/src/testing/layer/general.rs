//! General channels, from which any process may receive.

use std::{collections::BTreeSet, time::Duration};

use futures_util::future::join_all;
use serde_json::json;

use super::{LayerUnderTest, StoringLayer, number, numbered, process, sent, soon};
use crate::channels::Channels;

const CHANNEL: &str = "thumbnails-generate";

async fn receive(channels: &Channels) -> usize {
    number(&soon("a message", channels.untyped().receive(CHANNEL)).await.expect("a layer that is there gives messages"))
}

/// Gives each of the processes a first message, so that layers that pass on know who receives.
async fn meet(sender: &Channels, receivers: &[Channels]) {
    let meeting = join_all(receivers.iter().map(receive));
    let sending = async {
        loop {
            sent("a first message", sender.untyped().send(CHANNEL, numbered(0))).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        _ = meeting => {}
        () = sending => {}
    }
}

/// What is sent to a general channel reaches who receives there, in whatever process, each once.
pub async fn general_channels_reach_who_receives<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    meet(&here, std::slice::from_ref(&there)).await;
    let heard = sent_and_heard(&here, &there).await;
    let different: BTreeSet<_> = heard.iter().copied().collect();
    assert_eq!((heard.len(), different), (NUMBERED.len(), NUMBERED.collect()), "each once");
}

/// What one sender sends to a general channel comes in its order to the only receiver.
pub async fn general_channels_keep_the_order_of_a_sender<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    meet(&here, std::slice::from_ref(&there)).await;
    assert_eq!(sent_and_heard(&here, &there).await, NUMBERED.collect::<Vec<_>>());
}

/// The messages that are told from the first ones.
const NUMBERED: std::ops::Range<usize> = 100..120;

/// Sends all of them while they are received.
async fn sent_and_heard(sender: &Channels, receiver: &Channels) -> Vec<usize> {
    let sending = async {
        for number in NUMBERED {
            sent("a message", sender.untyped().send(CHANNEL, numbered(number))).await;
        }
    };
    let receiving = async {
        let mut heard = Vec::new();
        while heard.len() < NUMBERED.len() {
            let number = receive(receiver).await;
            // A first message may still have been under way.
            if NUMBERED.contains(&number) {
                heard.push(number);
            }
        }
        heard
    };
    tokio::join!(sending, receiving).1
}

/// Of several receivers in several processes one gets each message, where the layer does not promise it to everyone.
pub async fn general_channels_give_each_message_to_one_receiver<L: LayerUnderTest>(layer: &mut L) {
    const MANY: usize = 400;
    let (sender, receivers) = (process(layer).await, [process(layer).await, process(layer).await]);
    // Everyone listens before the first message is sent, for layers that store nothing.
    let heard = tokio::sync::Mutex::new(Vec::new());
    let receiving = join_all(receivers.iter().chain(&receivers).map(|channels| async {
        loop {
            let message = receive(channels).await;
            heard.lock().await.push(message);
        }
    }));
    let sending = async {
        meet_at_least_once(&sender, &heard).await;
        for number in 1..=MANY {
            sent("a message", sender.untyped().send(CHANNEL, numbered(number))).await;
        }
        while heard.lock().await.iter().filter(|number| **number > 0).count() < MANY {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Long enough for a second delivery to show.
        tokio::time::sleep(Duration::from_millis(300)).await;
    };
    soon("all are received", async {
        tokio::select! {
            _ = receiving => {}
            () = sending => {}
        }
    })
    .await;
    let heard: Vec<_> = heard.into_inner().into_iter().filter(|number| *number > 0).collect();
    let different: BTreeSet<_> = heard.iter().copied().collect();
    assert_eq!((heard.len(), different.len()), (MANY, MANY), "each once");
}

async fn meet_at_least_once(sender: &Channels, heard: &tokio::sync::Mutex<Vec<usize>>) {
    while heard.lock().await.is_empty() {
        sent("a first message", sender.untyped().send(CHANNEL, numbered(0))).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A receive that is given up costs no message, where the layer stores them.
pub async fn general_channels_keep_what_receivers_give_up<L: StoringLayer>(layer: &mut L) {
    const MANY: usize = 50;
    let (here, there) = (process(layer).await, process(layer).await);
    for _ in 0..MANY {
        let given_up = tokio::time::timeout(Duration::from_millis(2), there.untyped().receive(CHANNEL)).await;
        assert!(given_up.is_err(), "there is nothing yet");
    }
    for number in 0..MANY {
        sent("a message", here.untyped().send(CHANNEL, numbered(number))).await;
    }
    let mut heard = BTreeSet::new();
    while heard.len() < MANY {
        let one = tokio::time::timeout(
            Duration::from_millis(if heard.len() % 2 == 0 { 1 } else { 1000 }),
            there.untyped().receive(CHANNEL),
        );
        let other = tokio::time::timeout(Duration::from_millis(1000), here.untyped().receive(CHANNEL));
        let (one, other) = soon(("messages beside", heard.len()), async { tokio::join!(one, other) }).await;
        for message in [one, other].into_iter().flatten() {
            let new = heard.insert(number(&message.expect("a layer that is there gives messages")));
            assert!(new, "one came twice");
        }
    }
}

/// What waits is there for who receives later; a flush drops it, and leaves groups as they are.
pub async fn general_channels_keep_what_waits_and_flush_drops_it<L: StoringLayer>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    for number in 0..5 {
        sent("a message", here.untyped().send(CHANNEL, numbered(number))).await;
    }
    for number in 0..3 {
        assert_eq!(receive(&there).await, number);
    }
    let mut member = super::member(&there, "lobby").await;
    here.untyped().flush().await.expect("a layer that is there flushes");
    sent("after the flush", here.untyped().send(CHANNEL, numbered(9))).await;
    assert_eq!(receive(&there).await, 9);
    sent("a group send", here.untyped().group_send("lobby", json!({"type": "still.there"}))).await;
    assert_eq!(soon("a message", member.receive()).await.name(), "still.there");
}
