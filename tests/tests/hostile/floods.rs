//! Floods of what costs the sender little: fragments, handshakes, connections, resets.

use tests::{allow_many_files, eventually};
use tokio::io::AsyncWriteExt;

use super::*;

#[tokio::test]
async fn fragments_without_end_are_ended_empty_or_not() {
    let party = Party::new().await;
    for payload in [&b""[..], b"x"] {
        let mut raw = party.raw().await;
        let flood = [frame(false, 1, payload), frame(false, 0, payload).repeat(190)].concat();
        raw.write(&flood).await;
        assert_eq!(raw.close_frame().await.map(|(code, _)| code), Some(1008), "{payload:?}");
    }
    party.ends_unharmed().await;
}

#[tokio::test]
async fn empty_messages_and_pings_between_empty_fragments_are_frames_as_any() {
    let party = Party::new().await;
    let mut raw = party.raw().await;
    let turn = [frame(false, 1, b""), frame(true, 9, b""), frame(true, 0, b"")].concat();
    raw.write(&turn.repeat(400)).await;
    assert_eq!(raw.close_frame().await.map(|(code, _)| code), Some(1008), "1 200 frames at once are too many");
    party.ends_unharmed().await;
}

#[tokio::test]
async fn a_storm_of_resets_leaves_nothing_behind() {
    const CLIENTS: usize = 300;
    let mut party = Party::new().await;
    let address = party.site.address;
    let resets = (0..CLIENTS).map(|number| {
        tokio::spawn(async move {
            if number % 3 == 0 {
                // In the middle of its head.
                let mut raw = Raw::connect(address).await;
                let head = handshake("/ws/room/", "");
                raw.write(&head.as_bytes()[..number % head.len()]).await;
                return raw.reset();
            }
            let mut raw = Raw::open(address, "/ws/room/").await;
            if number % 3 == 1 {
                // In the middle of a frame.
                let bytes = frame(true, 2, &[0; 1000]);
                raw.write(&bytes[..number]).await;
            }
            raw.reset();
        })
    });
    for reset in resets.collect::<Vec<_>>() {
        reset.await.unwrap();
    }
    party.honest.say("hello").await;
    assert_eq!(party.honest.hear().await, "5 bytes");
    party.diary.until("all are lost", |entries| entries.len() == 2 * CLIENTS / 3).await;
    assert_eq!(party.diary.count("1006 Lost"), 2 * CLIENTS / 3);
    party.ends_unharmed().await;
}

#[tokio::test]
async fn two_thousand_that_connect_at_once_all_get_in() {
    const CLIENTS: usize = 2000;
    allow_many_files();
    let party = Party::with(Settings { max_connections_per_ip: None, ..Settings::default() }).await;
    let clients = join_all((0..CLIENTS).map(|_| Raw::open(party.site.address, "/ws/room/"))).await;
    eventually("all are there", || party.site.channels.counts().accepted as usize == CLIENTS + 1).await;
    assert_eq!(party.site.channels.counts().refused, 0);
    for client in clients {
        client.reset();
    }
    party.diary.has(CLIENTS).await;
    party.ends_unharmed().await;
}

#[tokio::test]
async fn more_from_one_address_than_may_are_told_and_those_who_are_there_stay() {
    allow_many_files();
    let mut party = Party::with(Settings { max_connections_per_ip: Some(100), ..Settings::default() }).await;
    let address = party.site.address;
    let clients = join_all((0..500).map(|_| async move {
        let mut raw = Raw::connect(address).await;
        raw.write(handshake("/ws/room/", "").as_bytes()).await;
        let status = raw.response().await.status;
        (status, raw)
    }));
    let clients = clients.await;
    let count = |wanted| clients.iter().filter(|(status, _)| *status == wanted).count();
    assert_eq!((count(101), count(429)), (99, 401));
    party.honest.say("hello").await;
    assert_eq!(party.honest.hear().await, "5 bytes");
    drop(clients);
    party.diary.has(99).await;
    // Their places are given back a moment after they were told.
    let place = || Raw::connect(address);
    soon("a place", async {
        loop {
            let mut raw = place().await;
            raw.write(handshake("/ws/room/", "").as_bytes()).await;
            if raw.response().await.status == 101 {
                break;
            }
        }
    })
    .await;
    party.ends_unharmed().await;
}

#[tokio::test]
async fn bodies_that_never_come_hold_nobody_up() {
    let party = Party::new().await;
    let mut lines = Vec::new();
    for request in [
        "POST /ws/room/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n".to_owned(),
        "POST /ws/room/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n".to_owned(),
        "GET /ws/room/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n".to_owned(),
    ] {
        let mut raw = Raw::connect(party.site.address).await;
        raw.write(request.as_bytes()).await;
        let response = raw.response().await;
        assert!([405, 426].contains(&response.status), "{}", response.head);
        // A byte now and then, to somebody who may have hung up.
        let _ = raw.stream.write_all(b"x").await;
        lines.push(raw);
    }
    party.ends_unharmed().await;
}
