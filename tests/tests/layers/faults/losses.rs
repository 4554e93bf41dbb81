//! What is lost, and that it is told.

use tests::{Line, Wire, soon};

use super::rig::Rig;

on_every_wire_with_django!(
    what_was_sent_while_a_process_was_cut_off_waits_or_is_counted,
    whatever_is_lost_was_an_error_or_is_counted,
);

async fn what_was_sent_while_a_process_was_cut_off_waits_or_is_counted(wire: Wire) {
    let mut rig = Rig::new(wire).await;
    rig.proxy.set(Line::Refusing).await;
    rig.proxy.cut().await;
    // By who is not cut off.
    let numbers: Vec<_> = (0..90).map(|_| rig.next()).collect();
    for number in &numbers {
        rig.send_by_django(*number).await.unwrap();
        rig.django_hears(*number).await;
    }
    rig.proxy.set(Line::Whole).await;
    match wire {
        // It was published to nobody.
        Wire::Published => rig.restored().await,
        Wire::Stored => {
            // In order, each once, and before the news that the server was away.
            for number in &numbers {
                rig.sockets_hear(*number).await;
            }
            rig.restored().await;
        }
    }
    rig.ends_whole_and_django_untouched().await;
}

async fn whatever_is_lost_was_an_error_or_is_counted(wire: Wire) {
    let mut rig = Rig::new(wire).await;
    let mut sent = Vec::new();
    for _ in 0..300 {
        let number = rig.next();
        if number % 50 == 0 {
            rig.proxy.cut().await;
        }
        if rig.there.send(number).await.is_ok() {
            sent.push(number);
        }
    }
    assert!(sent.len() > 30, "most of the time it was there");
    // The server has read the end of each connection before it reads this; who is not there yet hears none of it.
    rig.proxy.cut().await;
    rig.server.say("PING").await;
    rig.everybody_is_there().await;
    let last = rig.next();
    let sending = async { while rig.send(last).await.is_err() {} };
    soon("it is sent", sending).await;
    let outages = [rig.here.counts().layer_outages, rig.there.count("layer_outages").await];
    for (at, heard) in rig.heard_up_to(last).await.into_iter().enumerate() {
        let lost: Vec<_> = sent.iter().filter(|number| !heard.numbers.contains(number)).collect();
        assert!(lost.is_empty() || outages[at % 2] > 0, "{at} misses {lost:?}, and {outages:?}");
        // What is stored waits for who was cut off; what was fetched at that moment may be lost, for each cut.
        assert!(wire == Wire::Published || lost.len() <= 6 * 64, "{at} misses {lost:?}");
    }
    let counts = rig.here.counts();
    assert_eq!((counts.ended, counts.unreadable, counts.gone, counts.channel_full), (0, 0, 0, 0), "{counts:?}");
    assert_eq!(rig.django.failures().await, 0);
}
