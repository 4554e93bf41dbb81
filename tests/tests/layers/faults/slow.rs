//! Servers and lines that are slow, or say nothing.

use std::time::Duration;

use serde_json::json;
use tests::{Line, Wire};
use tokio::time::Instant;

use super::rig::{Plan, Rig, SHORT, django_hears_in_the_end};

on_every_wire_with_django!(
    a_line_of_two_hundred_milliseconds_costs_time_alone,
    a_server_that_sleeps_costs_time_alone,
    a_line_that_stalls_for_less_than_the_timeout_costs_time_alone,
    a_frozen_server_is_noticed_and_holds_nobody_up,
    a_stalled_line_is_noticed_and_holds_nobody_up,
);

async fn a_line_of_two_hundred_milliseconds_costs_time_alone(wire: Wire) {
    let mut rig = Rig::new(wire).await;
    let by = Duration::from_millis(100);
    rig.proxy.set(Line::Slow(by)).await;
    let begin = Instant::now();
    for reader in [0, 1] {
        assert_eq!(rig.tell(reader, "join a").await, "done: join a");
    }
    rig.everybody_hears_everybody().await;
    assert!(begin.elapsed() >= by * 2, "the line was slow");
    rig.proxy.set(Line::Whole).await;
    rig.ends_whole_and_django_untouched().await;
}

async fn a_line_that_stalls_for_less_than_the_timeout_costs_time_alone(wire: Wire) {
    let mut rig = Rig::new(wire).await;
    rig.proxy.set(Line::Stalled).await;
    let number = rig.next();
    rig.readers[1].say("join a").await;
    let stall = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        rig.proxy.set(Line::Whole).await;
    };
    let (sent, ()) = tokio::join!(rig.send(number), stall);
    sent.unwrap();
    // Whichever came first.
    let mut heard = [rig.readers[1].hear().await, rig.readers[1].hear().await];
    heard.sort_unstable();
    assert_eq!(heard, [number.to_string(), "done: join a".to_owned()]);
    for (at, reader) in rig.readers.iter_mut().enumerate().filter(|(at, _)| *at != 1) {
        assert_eq!(reader.hear().await, number.to_string(), "{at}");
    }
    rig.deaf_hear(number).await;
    rig.django_hears(number).await;
    rig.ends_whole_and_django_untouched().await;
}

async fn a_server_that_sleeps_costs_time_alone(wire: Wire) {
    let arguments = ["--enable-debug-command", "yes"].map(str::to_owned).to_vec();
    let plan = Plan { arguments, ..Plan::default() };
    let mut rig = Rig::with(wire, plan).await;
    for _ in 0..3 {
        let (number, begin) = (rig.next(), Instant::now());
        let sleeping = rig.server.say("DEBUG SLEEP 0.2");
        let sending = async {
            // Whoever comes first: a send that was before it has not waited.
            tokio::time::sleep(Duration::from_millis(20)).await;
            rig.send(number).await
        };
        let (slept, sent) = tokio::join!(sleeping, sending);
        assert_eq!(slept, "+OK");
        sent.unwrap();
        assert!(begin.elapsed() >= Duration::from_millis(200));
        rig.sockets_hear(number).await;
        rig.django_hears(number).await;
        assert_eq!(rig.tell(0, "join a").await, "done: join a");
    }
    rig.ends_whole_and_django_untouched().await;
}

async fn a_frozen_server_is_noticed_and_holds_nobody_up(wire: Wire) {
    let mut rig = Rig::with(wire, Plan { direct: true, timeout: SHORT, ..Plan::default() }).await;
    rig.server.freeze(true).await;
    silent(&mut rig).await;
    rig.server.freeze(false).await;
    lively(&mut rig).await;
    rig.ends_whole().await;
}

async fn a_stalled_line_is_noticed_and_holds_nobody_up(wire: Wire) {
    let mut rig = Rig::with(wire, Plan { timeout: SHORT, ..Plan::default() }).await;
    rig.proxy.set(Line::Stalled).await;
    silent(&mut rig).await;
    rig.proxy.set(Line::Whole).await;
    lively(&mut rig).await;
    rig.ends_whole_and_django_untouched().await;
}

/// Nobody answers: whoever sends or joins waits for `timeout`, everybody else for nothing.
async fn silent(rig: &mut Rig) {
    let number = rig.next();
    let begin = Instant::now();
    for error in [rig.send(number).await.unwrap_err(), rig.there.send(number).await.unwrap_err()] {
        assert!(error.starts_with("the channel layer is away: `hosts[0]`, for "), "{error}");
        assert!(error.ends_with("no answer within 500ms (`timeout`)"), "{error}");
    }
    assert!(begin.elapsed() >= SHORT * 2, "each has waited");
    for reader in [0, 1] {
        rig.readers[reader].ping().await;
        let told = rig.tell(reader, "join a").await;
        assert!(told.starts_with("failed: the channel layer is away: `hosts[0]`, for "), "{told}");
    }
    // Long enough to be taken for lost: nobody tells when.
    let fetches = if rig.wire == Wire::Stored { Duration::from_secs(2) } else { Duration::ZERO };
    tokio::time::sleep(fetches + SHORT * 3).await;
}

/// All is well again; what nobody has answered to may have been done.
async fn lively(rig: &mut Rig) {
    let unanswered = rig.next() - 1;
    rig.counted_outages().await;
    let number = rig.next();
    rig.send(number).await.unwrap();
    for (at, heard) in rig.heard_up_to(number).await.into_iter().enumerate() {
        assert_eq!(heard.restored, usize::from(at < 10), "{at}");
        let other: Vec<_> = heard.numbers.iter().filter(|heard| ![number, unanswered].contains(heard)).collect();
        assert!(other.is_empty(), "{other:?}");
    }
    django_hears_in_the_end(&mut rig.django, &json!({"type": "news", "number": number})).await;
    for reader in [0, 1] {
        assert_eq!(rig.tell(reader, "join a").await, "done: join a");
    }
}
