//! Servers that die, and come back.

use serde_json::json;
use tests::{Wire, soon};

use super::rig::{Plan, Rig, SHORT};

on_every_wire_with_django!(
    a_server_that_dies_and_comes_back_finds_a_thousand_sockets_as_they_were,
    who_sends_or_joins_while_it_is_down_is_told_for_how_long,
    who_joins_while_it_is_down_is_in_when_it_is_back_in_time,
    an_outage_after_the_other_is_told_once_each,
);

/// It has nothing in it.
async fn comes_back(rig: &mut Rig) {
    rig.server.restart().await;
    rig.restored().await;
}

/// Django's own layer comes back to its groups after a while, or not at all.
async fn django_comes_back(rig: &mut Rig) {
    if rig.wire == Wire::Stored {
        let django = &mut rig.django;
        let join = async { while django.try_call("group_add", json!(["readers", "<own>"])).await.is_err() {} };
        soon("Django is there again", join).await;
    }
    rig.everybody_is_there().await;
}

async fn a_server_that_dies_and_comes_back_finds_a_thousand_sockets_as_they_were(wire: Wire) {
    let mut rig = Rig::with(wire, Plan { readers: 500, direct: true, ..Plan::default() }).await;
    rig.server.kill().await;
    rig.send(0).await.unwrap_err();
    rig.there.send(0).await.unwrap_err();
    comes_back(&mut rig).await;
    // Whoever listens or fetches, whoever sends, Django's, and the test's own questions: not one for each socket or try.
    let connections = rig.server.info("total_connections_received").await;
    assert!(connections < 20, "{connections} connections");
    django_comes_back(&mut rig).await;
    // Which is the first that they hear: what was sent meanwhile has failed, and is not delivered behind anybody's back.
    rig.ends_whole().await;
}

async fn who_sends_or_joins_while_it_is_down_is_told_for_how_long(wire: Wire) {
    let mut rig = Rig::with(wire, Plan { direct: true, timeout: SHORT, ..Plan::default() }).await;
    rig.server.kill().await;
    // Whatever the first one has found out, it is known from then on.
    let _ = (rig.send(0).await, rig.there.send(0).await);
    for error in [rig.send(0).await.unwrap_err(), rig.there.send(0).await.unwrap_err()] {
        assert!(error.starts_with("the channel layer is away: `hosts[0]`, for "), "{error}");
        assert!(error.contains("refused"), "{error}");
    }
    // One of each process; who cannot join is told, is no member, and stays.
    for reader in [0, 1] {
        let told = rig.tell(reader, "join a").await;
        assert!(told.starts_with("failed: the channel layer is away: `hosts[0]`, for "), "{told}");
    }
    comes_back(&mut rig).await;
    django_comes_back(&mut rig).await;
    for reader in [0, 1] {
        assert_eq!(rig.tell(reader, "join a").await, "done: join a");
    }
    let number = rig.next();
    rig.django.call("group_send", json!(["room_a", {"type": "news", "number": number}])).await;
    for reader in [0, 1] {
        assert_eq!(rig.readers[reader].hear().await, number.to_string());
    }
    rig.ends_whole().await;
}

async fn who_joins_while_it_is_down_is_in_when_it_is_back_in_time(wire: Wire) {
    let mut rig = Rig::with(wire, Plan { direct: true, timeout: tests::PATIENCE, ..Plan::default() }).await;
    rig.server.kill().await;
    for reader in [0, 1] {
        rig.readers[reader].say("join a").await;
    }
    if wire == Wire::Stored {
        // To join is to ask once, there.
        for reader in [0, 1] {
            let told = rig.readers[reader].hear().await;
            assert!(told.starts_with("failed: the channel layer is away: `hosts[0]`, for "), "{told}");
        }
    }
    rig.server.restart().await;
    if wire == Wire::Published {
        for reader in [0, 1] {
            let mut heard = [rig.readers[reader].hear().await, rig.readers[reader].hear().await];
            heard.sort_unstable();
            assert_eq!(heard, ["done: join a", "restored"]);
        }
        let number = rig.next();
        rig.django.call("group_send", json!(["room_a", {"type": "news", "number": number}])).await;
        for reader in [0, 1] {
            assert_eq!(rig.readers[reader].hear().await, number.to_string());
        }
    }
    rig.others_restored(if wire == Wire::Published { 2 } else { 0 }).await;
    django_comes_back(&mut rig).await;
    rig.ends_whole().await;
}

async fn an_outage_after_the_other_is_told_once_each(wire: Wire) {
    let mut rig = Rig::with(wire, Plan { direct: true, ..Plan::default() }).await;
    for _ in 0..3 {
        rig.server.kill().await;
        comes_back(&mut rig).await;
        django_comes_back(&mut rig).await;
        rig.everybody_hears_everybody().await;
    }
    rig.ends_whole().await;
}
