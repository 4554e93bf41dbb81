//! What several processes share.

use std::time::Duration;

use consumer_runtime::{Channels, Format, NatsLayer, NatsOptions};
use serde_json::json;
use tests::{NatsServer, eventually, soon};

use super::process;
use crate::sharing::{Chat, in_order, speak, typed_events};

#[tokio::test]
#[ignore = "needs nats-server"]
async fn a_group_spans_processes_in_order_over_nats() {
    let server = NatsServer::new().await;
    for (prefix, format, secrets) in [("asgi", Format::Msgpack, &[][..]), ("my.app", Format::Json, &["new", "old"])] {
        let mut options = NatsOptions::url(server.url());
        options.prefix = prefix.into();
        options.serializer_format = format;
        options.symmetric_encryption_keys = secrets.iter().map(|secret| (*secret).to_owned()).collect();
        in_order(process(&options).await, process(&options).await).await;
    }
}

/// What one sender sends to several groups and to a channel comes in this order, though these are several subjects.
#[tokio::test]
#[ignore = "needs nats-server"]
async fn what_one_sends_comes_in_order_whatever_it_is_sent_to_over_nats() {
    let server = NatsServer::new().await;
    let options = NatsOptions::url(server.url());
    let (here, there) = (process(&options).await, process(&options).await);
    let mut member = there.untyped().new_channel();
    // Names that must not become other subjects.
    for group in ["a", "a.b", "a.b.c", ".", "-", "_"] {
        member.group_add(group).await.unwrap();
    }
    // As many as a channel holds.
    for n in 0..14 * 7 {
        match ["a", "a.b", "a.b.c", ".", "-", "_"].get(n % 7) {
            Some(group) => here.untyped().group_send(group, json!({"type": "n", "n": n})).await.unwrap(),
            None => here.untyped().send(member.name().as_str(), json!({"type": "n", "n": n})).await.unwrap(),
        }
    }
    for n in 0..14 * 7 {
        let message = soon("a message", member.receive()).await;
        assert_eq!(message.to_value().unwrap(), json!({"type": "n", "n": n}));
    }
    // All at once, which is another matter for who sorts them by subject.
    let subjects = ["asgi.group.a", "asgi.group.a:b", "asgi.group.a:b:c", "asgi.group.:", "asgi.group.-"];
    let bodies: Vec<_> = (0..100).map(|n| [b"\x82\xa4type\xa1n\xa1n".as_slice(), &[n]].concat()).collect();
    let messages: Vec<_> = bodies.iter().enumerate().map(|(n, body)| (subjects[n % 5], body.as_slice())).collect();
    server.publish(&messages).await;
    for n in 0..100 {
        assert_eq!(soon("a message", member.receive()).await.to_value().unwrap()["n"], n);
    }
}

/// On several threads, while groups are joined and left all the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs nats-server"]
async fn nothing_is_lost_among_many_groups_that_come_and_go_over_nats() {
    const GROUPS: u64 = 40;
    const MESSAGES: u64 = 2000;
    let server = NatsServer::new().await;
    let options = NatsOptions::url(server.url());
    let here = process(&options).await;
    let there = Channels::builder().capacity(100_000).layer(NatsLayer::connect(&options).await.unwrap()).build();
    let mut member = there.untyped().new_channel();
    for group in 0..GROUPS {
        member.group_add(&format!("group-{group}")).await.unwrap();
    }
    let coming = tokio::spawn({
        let there = there.clone();
        async move {
            for round in 0.. {
                let other = there.untyped().new_channel();
                for group in 0..5 {
                    other.group_add(&format!("other-{}", (round + group) % 20)).await.unwrap();
                }
            }
        }
    });
    let senders: Vec<_> = (0..4_u64)
        .map(|sender| {
            let here = here.clone();
            tokio::spawn(async move {
                for n in 0..MESSAGES {
                    let message = json!({"type": "n", "sender": sender, "n": n});
                    here.untyped().group_send(&format!("group-{}", (n * 7 + sender) % GROUPS), message).await.unwrap();
                    let other = json!({"type": "n"});
                    here.untyped().group_send(&format!("other-{}", n % 20), other).await.unwrap();
                }
            })
        })
        .collect();
    let mut next = [0; 4];
    for _ in 0..4 * MESSAGES {
        let message = soon("a message", member.receive()).await.to_value().unwrap();
        let sender = message["sender"].as_u64().unwrap() as usize;
        assert_eq!(message["n"], next[sender], "each once, in order");
        next[sender] += 1;
    }
    coming.abort();
    for sender in senders {
        sender.await.unwrap();
    }
    assert_eq!(there.counts().unreadable, 0);
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn sockets_of_another_process_get_typed_events_over_nats() {
    let server = NatsServer::new().await;
    let options = NatsOptions::url(server.url());
    typed_events(process(&options).await, process(&options).await).await;
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn a_question_that_nobody_hears_is_answered_at_once_over_nats() {
    let server = NatsServer::new().await;
    let channels = process(&NatsOptions::url(server.url())).await;
    let asked = channels.untyped().group_ask("nobody", json!({"type": "who"}), Duration::from_secs(600));
    let answers = soon("the server says that nobody listens", asked).await.unwrap();
    assert!(answers.is_complete(), "{answers:?}");
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn a_general_message_is_received_once_by_one_of_several_over_nats() {
    let server = NatsServer::new().await;
    let options = NatsOptions::url(server.url());
    let sender = process(&options).await;
    let (told, mut done) = tokio::sync::mpsc::unbounded_channel();
    for worker in 0..4 {
        let (channels, told) = (process(&options).await, told.clone());
        tokio::spawn(async move {
            while let Ok(message) = channels.untyped().receive("thumbnails.generate").await {
                let number = message.to_value().unwrap()["number"].as_u64().unwrap();
                if told.send((worker, number)).is_err() {
                    return;
                }
            }
        });
    }
    // Each has one subscription of its own besides what every process has.
    while server.subjects().await.len() < 4 * 3 + 2 {}
    for number in 0..200 {
        sender.untyped().send("thumbnails.generate", json!({"type": "job", "number": number})).await.unwrap();
    }
    let mut all = Vec::new();
    while all.len() < 200 {
        all.push(soon("a job is done", done.recv()).await.unwrap());
    }
    let mut numbers: Vec<_> = all.iter().map(|(_, number)| *number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..200).collect::<Vec<_>>(), "each once, none lost");
    for worker in 0..4 {
        let of_one: Vec<_> = all.iter().filter(|(of, _)| *of == worker).map(|(_, number)| *number).collect();
        assert!(!of_one.is_empty() && of_one.is_sorted(), "each has some, in order: {of_one:?}");
    }
    assert!(done.try_recv().is_err(), "none twice");
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn what_nobody_receives_is_counted_by_who_sends_over_nats() {
    let server = NatsServer::new().await;
    let options = NatsOptions::url(server.url());
    let (here, there) = (process(&options).await, process(&options).await);
    here.untyped().send("nobody", json!({"type": "job"})).await.unwrap();
    here.untyped().send("specific.gone!channel", json!({"type": "job"})).await.unwrap();
    assert_eq!(here.counts().gone, 2);
    // Between two receives messages wait, so many as a channel holds.
    here.untyped().send("nobody", json!({"type": "job"})).await.unwrap();
    let receive = |channels: Channels| tokio::spawn(async move { channels.untyped().receive("work").await.unwrap() });
    let first = receive(there.clone());
    while server.subjects().await.len() < 2 * 2 + 1 {}
    for _ in 0..1 + 100 + 5 {
        here.untyped().send("work", json!({"type": "job"})).await.unwrap();
    }
    soon("a job", first).await.unwrap();
    eventually("what is too much is counted", || there.counts().channel_full == 5).await;
    for _ in 0..100 {
        soon("a job", receive(there.clone())).await.unwrap();
    }
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn who_receives_no_more_leaves_what_waits_to_others_over_nats() {
    let server = NatsServer::new().await;
    let options = NatsOptions::url(server.url());
    let (sender, other) = (process(&options).await, process(&options).await);
    for (work, expiry) in [("given-up", Duration::from_secs(6)), ("ended", Duration::from_secs(60))] {
        let layer = NatsLayer::connect(&options).await.unwrap();
        let first = Channels::builder().expiry(expiry).layer(layer).build();
        let send = async |n: u32| sender.untyped().send(work, json!({"type": "job", "n": n})).await.unwrap();
        let receive = |channels: &Channels| {
            let channels = channels.clone();
            tokio::spawn(
                async move { channels.untyped().receive(work).await.unwrap().to_value().unwrap()["n"].clone() },
            )
        };
        let receiving = receive(&first);
        let receivers = async || server.subjects().await.iter().filter(|subject| subject.ends_with(work)).count();
        soon("it is there", async { while receivers().await < 1 {} }).await;
        for n in 0..4 {
            send(n).await;
        }
        assert_eq!(soon("a job", receiving).await.unwrap(), 0);
        let receiving = receive(&other);
        soon("another is there", async { while receivers().await < 2 {} }).await;
        if work == "ended" {
            drop(first);
        }
        // Those that waited, in whatever order.
        let mut all = vec![soon("a job", receiving).await.unwrap()];
        for _ in 0..2 {
            all.push(soon("a job", receive(&other)).await.unwrap());
        }
        all.sort_by_key(|n| n.as_u64());
        assert_eq!(all, [1, 2, 3], "{work}");
    }
    assert_eq!(sender.counts().gone, 0);
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn two_chats_are_one_room_over_nats() {
    let server = NatsServer::new().await;
    speak([Chat::new(&server.url()).await, Chat::new(&server.url()).await]).await;
}
