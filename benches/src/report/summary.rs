//! The table that says it all: work by work, the floor, the rivals and ours.

use super::{
    Kept,
    fanout::fate,
    measured,
    numbers::{bytes, count, digits, or_dash},
    table::text_table,
};
use crate::results::Results;

const OURS: [&str; 2] = ["ours", "ours-self"];
const FLOORS: [&str; 2] = ["floor", "joined"];

pub(crate) fn summary(kept: &Kept) -> String {
    let mut rows = Vec::new();
    if let Some(results) = &kept.table {
        let cpu =
            |work: &'static str| move |server: &str| or_dash(results.ratio(work, server, "cpu_us", "floor"), digits);
        let rate = |work: &'static str| move |server: &str| rate_cell(results, work, server);
        let floor =
            |work| or_dash(results.median(work, "floor", "cpu_us"), |value| format!("1.00 ({} µs)", digits(value)));
        rows.push(line(results, "one", "fan-out, one message in flight: CPU per delivery", &floor("one"), cpu("one")));
        let joined = rate("sixteen")("joined");
        rows.push(line(results, "sixteen", "fan-out, 16 in flight: deliveries/s", &joined, rate("sixteen")));
        rows.push(with_self(results));
        let name = "5 000 members, one in flight: CPU per delivery";
        rows.push(line(results, "five-thousand", name, &floor("five-thousand"), cpu("five-thousand")));
        let open = |server: &str| fate(results, "open", server);
        rows.push(line(results, "open", "open loop, 1 M deliveries/s offered: p99", &open("joined"), open));
        let name = "echo, 100 connections, one in flight: CPU per echo";
        rows.push(line(results, "echo-one", name, &floor("echo-one"), cpu("echo-one")));
        let joined = rate("echo-sixteen")("joined");
        rows.push(line(results, "echo-sixteen", "echo, 16 in flight: echoes/s", &joined, rate("echo-sixteen")));
    }
    if let Some(results) = &kept.idle {
        let cell = |server: &str| or_dash(results.median("idle", server, "bytes"), bytes);
        rows.push(line(results, "idle", "memory of an idle connection", &cell("floor"), cell));
    }
    if let Some(results) = &kept.storm {
        let cell = |server: &str| or_dash(results.median("storm", server, "per_second"), count);
        rows.push(line(results, "storm", "handshakes/s, 100 under way", &cell("floor"), cell));
    }
    if let Some(results) = &kept.slow {
        let cell = |server: &str| fate(results, "a-tenth-does-not", server);
        let name = "a tenth of the members reads nothing: p99 of the others";
        rows.push(line(results, "a-tenth-does-not", name, &cell("floor"), cell));
    }
    rows.retain(|row| row[1..].iter().any(|cell| cell != "–"));
    let table = text_table(&["work", "floor", "rivals", "ours"], rows);
    format!(
        "## Side by side\n\nRatios are to the floor's run of the same round; a rate has its ratio to joined writes behind it.\n\n{table}"
    )
}

/// One work: its floor, each rival that took part, and ours.
fn line(results: &Results, work: &str, name: &str, floor: &str, cell: impl Fn(&str) -> String) -> Vec<String> {
    let rivals: Vec<_> = measured(results, &[work])
        .into_iter()
        .filter(|server| !OURS.contains(&server.name) && !FLOORS.contains(&server.name))
        .map(|server| format!("{} {}", server.title, cell(server.name)))
        .collect();
    let rivals = if rivals.is_empty() { "–".into() } else { rivals.join("; ") };
    vec![name.into(), floor.into(), rivals, format!("**{}**", cell("ours")).replace("**–**", "–")]
}

fn rate_cell(results: &Results, work: &str, server: &str) -> String {
    let rate = results.median(work, server, "per_second");
    let ratio = results.ratio(work, server, "per_second", "joined").filter(|_| server != "joined");
    let ratio = ratio.map(|ratio| format!(" ({})", digits(ratio)));
    or_dash(rate, count) + &ratio.unwrap_or_default()
}

/// Handlers with `self` against axum tuned, in the first two works and the one with 5 000 members.
fn with_self(results: &Results) -> Vec<String> {
    let cells = |server: &str| {
        let cpu = or_dash(results.ratio("one", server, "cpu_us", "floor"), digits);
        format!("{cpu} / {}", rate_cell(results, "sixteen", server))
    };
    if !results.has("one", "ours-self") {
        return vec!["–".into(); 4];
    }
    let name = "the first two with handlers that take `self`";
    vec![name.into(), "–".into(), format!("axum, tuned {}", cells("axum-tuned")), format!("**{}**", cells("ours-self"))]
}

#[cfg(test)]
mod tests {
    use super::{super::fanout::lost, *};
    use crate::{figures::Figures, results::Run};

    #[test]
    fn a_loss_is_told_beside_the_time() {
        let mut figures = Figures::default();
        for (name, value) in [("p99_ms", 12.3), ("deliveries", 900.0), ("lost", 100.0), ("disconnected", 7.0)] {
            figures.set(name, value);
        }
        let run = Run { work: "open".into(), server: "ours".into(), round: 0, figures };
        let results = Results { runs: vec![run], ..Results::default() };
        assert_eq!(fate(&results, "open", "ours"), "12.3 ms, 10.0 % lost, 7 disconnected");
        assert_eq!(lost(&results, "open", "ours"), "10.0 %");
    }
}
