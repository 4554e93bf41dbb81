//! A tenth of the members that reads nothing, or slowly.

use super::{
    fanout::lost,
    measured,
    numbers::{bytes, digits, or_dash},
    table::table,
};
use crate::results::Results;

pub(crate) fn slow(results: &Results) -> String {
    let nothing = "## A tenth of the members reads nothing\n\n500 members, 100 messages of 8 KiB a second for four seconds, so that 3.3 MB wait for each member that does not\n\
                   read, whose segments and receive buffer are small: far more than the kernel holds. A server has to keep it, drop\n\
                   it, or cut the member off.\n\n";
    let slowly = "\n## A tenth of the members reads slowly\n\nThe same, but they read 80 000 bytes a second, a tenth of what they are sent.\n\n";
    let both = [(nothing, "a-tenth-does-not", "a tenth does not"), (slowly, "a-tenth-sips", "a tenth does so slowly")];
    both.map(|(text, work, what)| text.to_owned() + &beside_all(results, work, what)).concat()
}

/// A work with slow members beside the one without.
fn beside_all(results: &Results, work: &str, what: &str) -> String {
    let rows = measured(results, &["all-read", work]).into_iter().map(|server| {
        let median = |name| results.median(work, server.name, name);
        let times = |work| {
            let time = |name| or_dash(results.median(work, server.name, name), digits);
            format!("{} / {}", time("p50_ms"), time("p99_ms"))
        };
        vec![
            server.title.to_owned(),
            times("all-read"),
            times(work),
            lost(results, work, server.name),
            or_dash(median("disconnected"), |count| format!("{count:.0}")),
            or_dash(median("cut_off"), |count| format!("{count:.0}")),
            or_dash(median("grown_bytes"), bytes),
        ]
    });
    let others = format!("{what}: p50 / p99 ms of the others");
    let head = [
        "server",
        "all read: p50 / p99 ms",
        &*others,
        "lost by the others",
        "others disconnected",
        "of 50 cut off",
        "memory grown",
    ];
    table(&head, rows)
}
