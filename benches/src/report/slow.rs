//! A tenth of the members that does not read.

use super::{
    fanout::lost,
    measured,
    numbers::{bytes, digits, or_dash},
    table::table,
};
use crate::results::Results;

pub(crate) fn slow(results: &Results) -> String {
    let rows = measured(results, &["all-read", "a-tenth-does-not"]).into_iter().map(|server| {
        let work = "a-tenth-does-not";
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
    let head = [
        "server",
        "all read: p50 / p99 ms",
        "a tenth does not: p50 / p99 ms of the others",
        "lost by the others",
        "others disconnected",
        "of 50 cut off",
        "memory grown",
    ];
    let text = "## A tenth of the members reads nothing\n\n500 members, 100 messages of 8 KiB a second for four seconds, so that 3.3 MB wait for each member that does not\n\
                read, whose segments and receive buffer are small: far more than the kernel holds. A server has to keep it, drop\n\
                it, or cut the member off.\n\n";
    text.to_owned() + &table(&head, rows)
}
