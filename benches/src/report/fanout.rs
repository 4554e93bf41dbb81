//! Fan-out and echo, server by server.

use super::{
    measured,
    numbers::{count, digits, or_dash},
    table::table,
};
use crate::results::Results;

pub(crate) fn fanout(results: &Results) -> String {
    let parts = [
        "## Fan-out and echo\n\n### 1 000 members, 64 bytes\n\n".to_owned(),
        one_and_sixteen(results),
        "\n### 5 000 members, 64 bytes, one message in flight\n\n".into(),
        closed(results, "five-thousand"),
        "\n### Open loop: 1 000 messages a second to 1 000 members\n\n\
         Times from when a message was due to the last member's receipt, of the messages that reached everybody;\n\
         lost is also what had not come five seconds after the last was sent.\n\n"
            .into(),
        open(results),
        "\n### Echo, 100 connections, 64 bytes\n\n".into(),
        echo(results),
    ];
    parts.concat()
}

/// The three cells of a work that both loops have: rate, CPU, ratio.
fn three(results: &Results, work: &str, server: &str, floor: &str) -> [String; 3] {
    [
        or_dash(results.median(work, server, "per_second"), count),
        or_dash(results.median(work, server, "cpu_us"), digits),
        or_dash(results.ratio(work, server, "cpu_us", floor), digits),
    ]
}

fn times(results: &Results, work: &str, server: &str) -> String {
    let time = |name| or_dash(results.median(work, server, name), digits);
    format!("{} / {}", time("p50_ms"), time("p99_ms"))
}

fn one_and_sixteen(results: &Results) -> String {
    let head = [
        "server",
        "1 in flight: deliveries/s",
        "CPU µs",
        "× floor",
        "p50 / p99 ms",
        "16 in flight: deliveries/s",
        "CPU µs",
        "× floor joined",
        "p50 / p99 ms",
    ];
    let rows = measured(results, &["one", "sixteen"]).into_iter().map(|server| {
        let mut cells = vec![server.title.to_owned()];
        cells.extend(three(results, "one", server.name, "floor"));
        cells.push(times(results, "one", server.name));
        cells.extend(three(results, "sixteen", server.name, "joined"));
        cells.push(times(results, "sixteen", server.name));
        cells
    });
    table(&head, rows)
}

fn closed(results: &Results, work: &'static str) -> String {
    let rows = measured(results, &[work]).into_iter().map(|server| {
        let mut cells = vec![server.title.to_owned()];
        cells.extend(three(results, work, server.name, "floor"));
        cells.push(times(results, work, server.name));
        cells
    });
    table(&["server", "deliveries/s", "CPU µs", "× floor", "p50 / p99 ms"], rows)
}

fn open(results: &Results) -> String {
    let rows = measured(results, &["open"]).into_iter().map(|server| {
        let median = |name| results.median("open", server.name, name);
        vec![
            server.title.to_owned(),
            or_dash(median("per_second"), count),
            times(results, "open", server.name),
            lost(results, "open", server.name),
            or_dash(median("disconnected"), count),
            or_dash(median("reordered"), count),
        ]
    });
    table(&["server", "deliveries/s", "p50 / p99 ms", "lost", "members disconnected", "out of order"], rows)
}

fn echo(results: &Results) -> String {
    let head =
        ["server", "1 in flight: echoes/s", "CPU µs", "× floor", "16 in flight: echoes/s", "CPU µs", "× floor joined"];
    let rows = measured(results, &["echo-one", "echo-sixteen"]).into_iter().map(|server| {
        let mut cells = vec![server.title.to_owned()];
        cells.extend(three(results, "echo-one", server.name, "floor"));
        cells.extend(three(results, "echo-sixteen", server.name, "joined"));
        cells
    });
    table(&head, rows)
}

/// The share of deliveries that did not come.
pub(crate) fn lost(results: &Results, work: &str, server: &str) -> String {
    or_dash(lost_share(results, work, server), |share| {
        if share == 0.0 { "0".into() } else { format!("{} %", digits(share * 100.0)) }
    })
}

fn lost_share(results: &Results, work: &str, server: &str) -> Option<f64> {
    let lost = results.median(work, server, "lost")?;
    Some(lost / (lost + results.median(work, server, "deliveries")?))
}

/// The p99, and what became of messages and members if it was not well.
pub(crate) fn fate(results: &Results, work: &str, server: &str) -> String {
    let mut words = vec![or_dash(results.median(work, server, "p99_ms"), |time| format!("{} ms", digits(time)))];
    if lost_share(results, work, server).is_some_and(|share| share > 0.0) {
        words.push(format!("{} lost", lost(results, work, server)));
    }
    if let Some(count) = results.median(work, server, "disconnected").filter(|&count| count > 0.0) {
        words.push(format!("{count:.0} disconnected"));
    }
    words.join(", ")
}
