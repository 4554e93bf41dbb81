//! Servers that go away, messages that nobody can read, and processes that are too slow.

use std::time::Duration;

use axum::Router;
use consumer_runtime::{NatsLayer, NatsOptions, prelude::*};
use serde_json::json;
use tests::{
    NatsServer, Site, allow_many_files, eventually,
    news::{News, Reader, Readers},
    soon,
};

use super::process;

fn hasty(server: &NatsServer) -> NatsOptions {
    let mut options = NatsOptions::url(server.url());
    options.timeout = Duration::from_millis(500);
    options.ping_interval = Duration::from_millis(300);
    options
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn a_server_that_dies_and_comes_back_closes_no_socket_over_nats() {
    let mut server = NatsServer::new().await;
    let options = hasty(&server);
    let (here, there) = (process(&options).await, process(&options).await);
    // 1 000 sockets, half of them on each process.
    allow_many_files();
    let mut clients = Vec::new();
    let mut sites = Vec::new();
    for channels in [&here, &there] {
        let site = Site::on(Router::new().consumer::<Reader>(), channels.clone()).await;
        for _ in 0..500 {
            clients.push(site.client("/ws/news/").await);
        }
        sites.push(site);
    }
    for round in 1..=2 {
        Readers {}.send(&here, News { number: 1 }).await.unwrap();
        for client in &mut clients {
            assert_eq!(client.hear().await, "1");
        }
        server.kill().await;
        let error = soon("an error", async { Readers {}.send(&here, News { number: 2 }).await }).await.unwrap_err();
        assert!(error.to_string().contains("the channel layer is away"), "{error}");
        server.restart().await;
        eventually("it is noticed", || [&here, &there].iter().all(|one| one.counts().layer_outages == round)).await;
        Readers {}.send(&here, News { number: 3 }).await.unwrap();
        for client in &mut clients {
            // What was sent meanwhile is lost, and told to who sent it. To tell of the outage is a task of its own.
            let mut heard = [client.hear().await, client.hear().await];
            heard.sort();
            assert_eq!(heard, ["3", "restored"]);
        }
    }
    for counts in [here.counts(), there.counts()] {
        assert_eq!((counts.ended, counts.accepted), (0, 500), "no socket was closed");
    }
    // Of each the process, the group, and what it says to itself: nothing is left of the connections before.
    soon("nothing is left", async { while (server.connections().await, server.subjects().await.len()) != (2, 6) {} })
        .await;
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn a_join_waits_for_a_server_that_is_away_for_a_moment_over_nats() {
    let mut server = NatsServer::new().await;
    let channels = process(&NatsOptions::url(server.url())).await;
    let mut member = channels.untyped().new_channel();
    server.kill().await;
    let joining = member.group_add("room");
    let (joined, ()) = tokio::join!(joining, server.restart());
    joined.unwrap();
    channels.untyped().group_send("room", json!({"type": "a"})).await.unwrap();
    assert_eq!(soon("a message", member.receive()).await.name(), "a");
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn another_server_of_the_list_takes_over_over_nats() {
    let (mut first, second) = (NatsServer::new().await, NatsServer::new().await);
    let mut options = hasty(&first);
    options.servers.push(second.url());
    let channels = process(&options).await;
    let mut member = channels.untyped().new_channel();
    member.group_add("room").await.unwrap();
    first.kill().await;
    eventually("it is noticed", || channels.counts().layer_outages == 1).await;
    channels.untyped().group_send("room", json!({"type": "a"})).await.unwrap();
    assert_eq!(soon("a message", member.receive()).await.name(), "a");
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn a_frozen_server_is_noticed_and_holds_nobody_up_over_nats() {
    let server = NatsServer::new().await;
    let options = hasty(&server);
    let (here, there) = (process(&options).await, process(&options).await);
    let site = Site::on(Router::new().consumer::<Reader>(), there.clone()).await;
    let mut client = site.client("/ws/news/").await;

    server.freeze(true).await;
    let error = soon("an error", async { Readers {}.send(&here, News { number: 1 }).await }).await.unwrap_err();
    assert!(error.to_string().contains("the channel layer is away"), "{error}");
    client.ping().await;
    let member = there.untyped().new_channel();
    let error = soon("an error", member.group_add("another")).await.unwrap_err();
    assert!(error.to_string().contains("away"), "{error}");
    for channels in [&here, &there] {
        soon("it is taken for lost", async {
            let told = async || Readers {}.send(channels, News { number: 1 }).await.map_err(|error| error.to_string());
            while !told().await.is_err_and(|error| error.contains("is silent")) {}
        })
        .await;
    }
    server.freeze(false).await;
    eventually("it is noticed", || [&here, &there].iter().all(|one| one.counts().layer_outages == 1)).await;
    Readers {}.send(&here, News { number: 2 }).await.unwrap();
    while client.hear().await != "2" {}
    assert_eq!(there.counts().ended, 0, "no socket was closed");
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn a_layer_that_ends_leaves_nothing_over_nats() {
    let mut server = NatsServer::new().await;
    let options = hasty(&server);
    for is_drained in [true, false] {
        let channels = process(&options).await;
        let member = channels.untyped().new_channel();
        member.group_add("room").await.unwrap();
        let layer = NatsLayer::connect(&options).await.unwrap();
        assert_eq!(server.connections().await, 2);
        if is_drained {
            layer.drain().await;
            layer.drain().await;
        }
        drop((member, channels, layer));
        soon("they are gone", async { while server.connections().await > 0 {} }).await;
    }
    // While there is no server, too.
    let channels = process(&options).await;
    server.kill().await;
    drop(channels);
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    eventually("no task is left", || tasks() == 0).await;
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn what_cannot_be_read_is_counted_and_harms_nobody_over_nats() {
    let server = NatsServer::new().await;
    let options = NatsOptions::url(server.url());
    let (here, there) = (process(&options).await, process(&options).await);
    let mut member = there.untyped().new_channel();
    member.group_add("chat.lobby").await.unwrap();
    let receiving = tokio::spawn({
        let there = there.clone();
        async move { there.untyped().receive("work").await.unwrap() }
    });
    while server.subjects().await.len() < 2 * 2 + 2 {}
    let process = format!("asgi.process.{}", member.name().process_part().trim_end_matches('!').replace('.', ":"));
    let (mine, gone, other) = (
        format!("{process}.!{}", member.name().as_str().split_once('!').unwrap().1),
        format!("{process}.!nobody"),
        format!("{process}.another"),
    );
    let right: &[u8] = b"\x81\xa4type\xa1a";
    let wrong: [&[u8]; 6] = [b"", b"x", b"\x81\x01\xa1a", b"\x81\xa4type\xa2_a", b"\x81\xa1a\xd9", b"\xff\xff"];
    let mut garbage = Vec::new();
    for subject in ["asgi.group.chat:lobby", "asgi.channel.work", &mine] {
        garbage.extend(wrong.map(|body| (subject, body)));
    }
    garbage.extend([(gone.as_str(), right), (&other, right), ("asgi.group.chat.lobby", right)]);
    server.publish(&garbage).await;
    here.untyped().group_send("chat.lobby", json!({"type": "a"})).await.unwrap();
    assert_eq!(soon("a message", member.receive()).await.name(), "a");
    here.untyped().send("work", json!({"type": "job"})).await.unwrap();
    assert_eq!(soon("a message", receiving).await.unwrap().name(), "job");
    let counts = there.counts();
    assert_eq!((counts.unreadable, counts.gone), (3 * 6 + 1, 1), "{counts:?}");
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn nobody_else_confirms_what_is_sent_over_nats() {
    let server = NatsServer::new().await;
    let options = NatsOptions::url(server.url());
    let channels = process(&options).await;
    let subject = server.subjects().await.into_iter().find(|subject| subject.starts_with("asgi.echo.")).unwrap();
    let word = |n: u64| n.to_be_bytes();
    let (here, number) = (subject.replace('*', "here"), subject.replace('*', "0"));
    server
        .publish(&[
            (&here, &word(u64::MAX)),
            (&here, &word(1 << 40)),
            (&here, b"x"),
            (&number, &word(1)),
            (&number, b""),
        ])
        .await;
    eventually("it is counted", || channels.counts().unreadable == 5).await;
    channels.untyped().group_send("room", json!({"type": "a"})).await.unwrap();
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn a_message_that_is_too_large_is_told_before_it_is_sent_over_nats() {
    let server = NatsServer::with("max_payload: 1000").await;
    let channels = process(&NatsOptions::url(server.url())).await;
    let mut member = channels.untyped().new_channel();
    member.group_add("room").await.unwrap();
    let send = |size| channels.untyped().group_send("room", json!({"type": "a", "text": "x".repeat(size)}));
    let error = send(1000).await.unwrap_err().to_string();
    assert!(error.contains("the NATS server allows 1000") && error.contains("`max_payload`"), "{error}");
    send(900).await.unwrap();
    let message = soon("a message", member.receive()).await.to_value().unwrap();
    assert_eq!(message["text"].as_str().unwrap().len(), 900);
    assert_eq!(channels.counts().layer_outages, 0);
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn what_a_slow_process_drops_is_counted_over_nats() {
    let server = NatsServer::new().await;
    let mut options = NatsOptions::url(server.url());
    options.pending_bytes = 1000;
    let channels = process(&options).await;
    let log = tests::Log::begin();
    let mut member = channels.untyped().new_channel();
    member.group_add("room").await.unwrap();
    let burst = vec![("asgi.group.room", &b"\x81\xa4type\xa1a"[..]); 5000];
    server.publish(&burst).await;
    let (mut heard, full) = (0, || channels.counts().channel_full);
    soon("each is heard or counted", async {
        while heard + full() < 5000 {
            tokio::select! {
                _ = member.receive() => heard += 1,
                () = tokio::time::sleep(Duration::from_millis(1)) => {}
            }
        }
    })
    .await;
    assert!(full() > 0 && heard > 0, "{heard} heard, {} counted", full());
    assert_eq!(log.lines_with("raise `pending_bytes`"), 1, "{}", log.text());
}
