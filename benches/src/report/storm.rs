//! Handshakes.

use super::{
    measured,
    numbers::{count, digits, or_dash},
    table::table,
};
use crate::results::Results;

pub(crate) fn storm(results: &Results) -> String {
    let rows = measured(results, &["storm"]).into_iter().map(|server| {
        let median = |name| results.median("storm", server.name, name);
        vec![
            server.title.to_owned(),
            or_dash(median("per_second"), count),
            or_dash(median("cpu_us"), digits),
            or_dash(results.ratio("storm", server.name, "cpu_us", "floor"), digits),
        ]
    });
    let text = "## Connect storm\n\n10 000 handshakes with a browser's headers, 100 under way at once, all into one group. The client opens its\n\
                sockets on the other core. Channels: 2 000 handshakes.\n\n";
    text.to_owned() + &table(&["server", "handshakes/s", "CPU µs", "× floor"], rows)
}
