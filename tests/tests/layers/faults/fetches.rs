//! What is stored, and cut off on its way out.

use std::collections::BTreeSet;

use tests::{Line, Wire};

use super::rig::Rig;

on_wire!(stored_with_django, Stored, "needs channels_redis", a_cut_loses_no_more_than_one_fetch);

/// As many as are fetched at once when several wait.
const FETCH: usize = 64;

async fn a_cut_loses_no_more_than_one_fetch(wire: Wire) {
    let mut rig = Rig::new(wire).await;
    rig.proxy.set(Line::Refusing).await;
    rig.proxy.cut().await;
    let sent: BTreeSet<_> = (0..90).map(|_| rig.next()).collect();
    for number in &sent {
        rig.send_by_django(*number).await.unwrap();
        rig.django_hears(*number).await;
    }
    // The first process that fetches is cut off in the middle of what it gets.
    rig.proxy.cut_within("news");
    rig.proxy.set(Line::Whole).await;
    rig.counted_outages().await;
    let last = rig.next();
    rig.send_by_django(last).await.unwrap();
    rig.django_hears(last).await;
    let heard = rig.heard_up_to(last).await;
    let lost = |at: usize| sent.difference(&heard[at].numbers).count();
    // Sockets of both processes, in turn.
    let mut lost_by_process = [lost(0), lost(1)];
    assert!((2..heard.len()).all(|at| lost(at) == lost(at % 2)), "{lost_by_process:?}");
    assert!(heard[..10].iter().all(|heard| heard.restored == 1), "each is told once");
    lost_by_process.sort_unstable();
    assert_eq!(lost_by_process, [0, FETCH]);
    rig.ends_whole_and_django_untouched().await;
}
