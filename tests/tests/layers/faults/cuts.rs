//! Connections that are cut while the server is there.

use std::time::Duration;

use serde_json::json;
use tests::{Line, Wire};

use super::rig::{Plan, Rig, SHORT};

on_every_wire_with_django!(
    every_connection_is_cut_at_once,
    a_connection_is_cut_in_the_middle_of_a_message,
    connections_are_refused_for_a_while,
    connections_are_accepted_and_dropped_for_a_while,
    connections_that_a_router_has_forgotten_are_replaced,
);

async fn every_connection_is_cut_at_once(wire: Wire) {
    let mut rig = Rig::new(wire).await;
    for _ in 0..2 {
        rig.proxy.cut().await;
        rig.restored().await;
        rig.everybody_hears_everybody().await;
    }
    rig.ends_whole_and_django_untouched().await;
}

async fn a_connection_is_cut_in_the_middle_of_a_message(wire: Wire) {
    let mut rig = Rig::new(wire).await;
    let (lost, next) = (rig.next(), rig.next());
    // The name of the event, on its way to the first process that gets it.
    rig.proxy.cut_within("news");
    rig.send_by_django(lost).await.unwrap();
    rig.django_hears(lost).await;
    // It is one process that has lost it, and no more than this one message.
    let outages = async |rig: &mut Rig| [rig.here.counts().layer_outages, rig.there.count("layer_outages").await];
    while outages(&mut rig).await.iter().sum::<u64>() == 0 {}
    let of = outages(&mut rig).await;
    rig.send_by_django(next).await.unwrap();
    rig.django_hears(next).await;
    for (at, heard) in rig.heard_up_to(next).await.into_iter().enumerate() {
        // Sockets of both processes, in turn.
        let outages = of[at % 2];
        let is_reader = at < 10;
        assert_eq!(heard.numbers.contains(&lost), outages == 0, "{at}: {of:?}");
        assert_eq!(heard.restored as u64, if is_reader { outages } else { 0 }, "{at}: {of:?}");
    }
    assert_eq!(of.iter().sum::<u64>(), 1, "{of:?}");
    assert_eq!(rig.django.failures().await, 0);
    rig.everybody_hears_everybody().await;
}

async fn connections_are_refused_for_a_while(wire: Wire) {
    let mut rig = Rig::with(wire, Plan { timeout: SHORT, ..Plan::default() }).await;
    for reader in [0, 1] {
        assert_eq!(rig.tell(reader, "join a").await, "done: join a");
    }
    rig.proxy.set(Line::Refusing).await;
    // Those that are open are not touched.
    rig.everybody_hears_everybody().await;
    rig.proxy.cut().await;
    // Whoever leaves meanwhile is told that it failed, and is no member afterwards all the same.
    for reader in [0, 1] {
        let told = rig.tell(reader, "leave a").await;
        assert!(told.starts_with("failed: the channel layer is away: `hosts[0]`, for "), "{told}");
    }
    rig.proxy.set(Line::Whole).await;
    rig.restored().await;
    let members = match wire {
        Wire::Published => "PUBLISH asgi__group__room_a x",
        Wire::Stored => "ZCARD asgi:group:room_a",
    };
    assert_eq!(rig.server.say(members).await, ":0");
    let number = rig.next();
    rig.django.call("group_send", json!(["room_a", {"type": "news", "number": number}])).await;
    rig.ends_whole_and_django_untouched().await;
}

async fn connections_are_accepted_and_dropped_for_a_while(wire: Wire) {
    let mut rig = Rig::new(wire).await;
    rig.proxy.set(Line::Dropping).await;
    rig.proxy.cut().await;
    let before = rig.proxy.accepted();
    // As many sends as there is time for: most are told what the last try has found.
    let (begin, mut sends) = (tokio::time::Instant::now(), 0);
    while begin.elapsed() < Duration::from_secs(1) {
        rig.send(0).await.unwrap_err();
        rig.there.send(0).await.unwrap_err();
        sends += 2;
    }
    let tries = rig.proxy.accepted() - before;
    assert!(tries < 60, "{tries} connections for {sends} sends");
    rig.proxy.set(Line::Whole).await;
    rig.restored().await;
    rig.ends_whole_and_django_untouched().await;
}

async fn connections_that_a_router_has_forgotten_are_replaced(wire: Wire) {
    let mut rig = Rig::with(wire, Plan { timeout: SHORT, ..Plan::default() }).await;
    rig.proxy.forget();
    // Each process waits for an answer once.
    for error in [rig.send(0).await.unwrap_err(), rig.there.send(0).await.unwrap_err()] {
        assert!(error.contains("no answer within 500ms (`timeout`)"), "{error}");
    }
    rig.restored().await;
    rig.ends_whole_and_django_untouched().await;
}
