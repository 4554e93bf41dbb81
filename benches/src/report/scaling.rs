//! The tables of `docs/scaling.md`: figures that the benchmarks' page has, and what follows from them.

mod needs;
mod quote;

use self::{
    needs::{Costs, Needs, Placing, needs},
    quote::{Cell, number},
};
use super::{
    numbers::{bytes, count, digits},
    table::{table, text_table},
};

/// What stands where a figure is missing, and wherever it is needed.
pub(crate) const UNMEASURED: &str = "**unmeasured**";

/// The kernel's part of a connection at rest; the page says so in words.
const KERNEL: f64 = 4_600.0;

/// The layers whose costs are calculated with, as the page names them.
const LAYERS: [&str; 3] = ["**`RedisPubSubLayer`**", "**`RedisLayer`**", "**`NatsLayer`**"];

/// A figure of the page.
struct Quote {
    what: &'static str,
    unit: &'static str,
    section: &'static str,
    cell: Cell,
}

const fn cell(heading: &'static str, row: &'static str, column: &'static str, part: usize) -> Cell {
    Cell { heading, row, column, part }
}

/// What the engine costs.
const ENGINE: [Quote; 3] = [
    Quote {
        what: "a connection at rest, in the process",
        unit: "B",
        section: "Memory",
        cell: cell("## Memory", "**ours**", "a connection", 0),
    },
    Quote {
        what: "a frame to one of 1 000 members, one message in flight: CPU",
        unit: "µs",
        section: "Fan-out and echo",
        cell: cell("### 1 000 members, 64 bytes", "**ours**", "CPU µs", 0),
    },
    Quote {
        what: "a handshake: CPU",
        unit: "µs",
        section: "Connect storm",
        cell: cell("## Connect storm", "**ours**", "CPU µs", 0),
    },
];

/// What a layer costs.
fn of_layer(layer: &'static str) -> [Quote; 5] {
    let processes = |what, column, part| Quote {
        what,
        unit: "µs",
        section: "Channel layers",
        cell: cell("### By processes", layer, column, part),
    };
    [
        processes("a send to one process: CPU in the broker", "1", 0),
        processes("a send to eight processes: CPU in the broker", "8", 0),
        processes("a send to eight processes: CPU in the sender", "8", 1),
        processes("a message: CPU in a process that receives it", "8", 2),
        Quote {
            what: "a group in a process",
            unit: "B",
            section: "Channel layers",
            cell: cell("### 10 000 groups", layer, "a group in the process", 0),
        },
    ]
}

/// The page with its tables written anew from the benchmarks' page, and what that does not have.
///
/// # Errors
/// When one of the places for a table is missing.
pub(crate) fn filled(scaling: &str, benchmarks: &str) -> Result<(String, Vec<String>), String> {
    let mut missing = Vec::new();
    let text = between(scaling, "figures", &figures(benchmarks, &mut missing))?;
    let text = between(&text, "needs", &LAYERS.map(|layer| all_needs(layer, benchmarks)).join("\n"))?;
    let text = between(&text, "bounds", &bounds(benchmarks))?;
    Ok((text, missing))
}

/// Puts a table between `<!-- name -->` and `<!-- end of name -->`.
fn between(text: &str, name: &str, table: &str) -> Result<String, String> {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let parts = text.split_once(&start).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) = parts.ok_or_else(|| format!("scaling.md has no `{}` with its end", start.trim_end()))?;
    Ok(format!("{before}{start}\n{table}\n{end}{after}"))
}

fn figures(benchmarks: &str, missing: &mut Vec<String>) -> String {
    let mut line = |what: String, quote: &Quote| {
        let value = number(benchmarks, quote.cell);
        if value.is_none() {
            missing.push(what.clone());
        }
        let text = value.map_or_else(|| UNMEASURED.into(), |value| figure(value, quote.unit));
        let anchor = quote.section.to_lowercase().replace(' ', "-");
        vec![what, text, format!("[{}](benchmarks.md#{anchor})", quote.section)]
    };
    let mut rows: Vec<_> = ENGINE.iter().map(|quote| line(quote.what.to_owned(), quote)).collect();
    for layer in LAYERS {
        rows.extend(
            of_layer(layer).iter().map(|quote| line(format!("{}: {}", layer.replace('*', ""), quote.what), quote)),
        );
    }
    text_table(&["figure", "measured", "where"], rows)
}

fn figure(value: f64, unit: &str) -> String {
    match unit {
        "B" => bytes(value),
        _ => format!("{} {unit}", digits(value)),
    }
}

/// The costs with this layer, when all are measured.
fn costs(layer: &'static str, page: &str) -> Option<Costs> {
    let [connection, frame, handshake] = ENGINE.map(|quote| number(page, quote.cell));
    let [one, eight, send, receive, group] = of_layer(layer).map(|quote| number(page, quote.cell));
    let us = |value: Option<f64>| value.map(|value| value / 1e6);
    let (one, eight) = (us(one)?, us(eight)?);
    let each = ((eight - one) / 7.0).max(0.0);
    Some(Costs {
        connection: connection? + KERNEL,
        frame: us(frame)?,
        handshake: us(handshake)?,
        send: us(send)?,
        receive: us(receive)?,
        broker: (one - each).max(0.0),
        broker_each: each,
        group: group?,
    })
}

/// What many sockets need with one layer.
fn all_needs(layer: &'static str, page: &str) -> String {
    let columns = [(1e5, Placing::Anywhere), (1e7, Placing::Anywhere), (1e7, Placing::ByRoom)];
    let needs = columns.map(|(sockets, placing)| needs(sockets, costs(layer, page)?, placing));
    let row = |what: &str, text: &dyn Fn(Needs) -> String| {
        let cells = needs.map(|needs| needs.map_or_else(|| UNMEASURED.into(), text));
        [vec![what.to_owned()], cells.to_vec()].concat()
    };
    let percent = |share: f64| format!("{} %", digits(share * 100.0));
    let rows = [
        row("processes, one core each, half busy", &|needs| count(needs.processes)),
        row("memory of all processes and their kernels", &|needs| bytes_long(needs.memory)),
        row("sends a second", &|needs| count(needs.sends)),
        row("processes with members of one room", &|needs| digits(needs.of_a_room)),
        row("messages that a process hears a second", &|needs| count(needs.heard)),
        row("of its core for hearing them", &|needs| percent(needs.bridging)),
        row("cores of the broker, busy", &|needs| digits(needs.broker)),
        row("brokers, one core each, half busy", &|needs| count(needs.brokers)),
        row("from the broker to the processes", &|needs| bits(needs.from_broker)),
        row("to the clients", &|needs| bits(needs.to_clients)),
        row("of all cores while everybody comes back in a minute", &|needs| percent(needs.return_share)),
    ];
    let name = layer.replace('*', "");
    let head = [&*name, "100 000 sockets", "10 million, anywhere", "10 million, by room"];
    table(&head, rows)
}

/// What bounds one server and one process.
fn bounds(page: &str) -> String {
    let rows = LAYERS.iter().map(|&layer| {
        let costs = costs(layer, page);
        let rate = |of: &dyn Fn(Costs) -> f64| {
            let rate = costs.map(of).filter(|rate| rate.is_finite());
            rate.map_or_else(|| UNMEASURED.into(), count)
        };
        let sends = |processes: f64| rate(&move |costs| 1.0 / (costs.broker + processes * costs.broker_each));
        vec![
            layer.replace('*', ""),
            sends(1.0),
            sends(8.0),
            sends(64.0),
            rate(&|costs| 1.0 / costs.receive),
            rate(&|costs| 1.0 / costs.frame),
        ]
    });
    table(
        &[
            "a second and core, at most",
            "sends through one broker, to 1 process each",
            "to 8",
            "to 64",
            "messages heard by a process",
            "frames of a process to its members",
        ],
        rows,
    )
}

fn bytes_long(value: f64) -> String {
    if value >= 999.5e6 { format!("{} GB", digits(value / 1e9)) } else { bytes(value) }
}

/// Bytes a second as bits a second.
fn bits(bytes: f64) -> String {
    match bytes * 8.0 {
        bits if bits >= 999.5e6 => format!("{} Gbit/s", digits(bits / 1e9)),
        bits => format!("{} Mbit/s", digits(bits / 1e6)),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const SCALING: &str = include_str!("../../../docs/scaling.md");
    const BENCHMARKS: &str = include_str!("../../../docs/benchmarks.md");

    /// Figures that the page of `benchmarks` lacks.
    pub(in super::super) fn missing(benchmarks: &str) -> Vec<String> {
        filled(SCALING, benchmarks).unwrap().1
    }

    #[test]
    fn the_documents_agree() {
        let (text, missing) = filled(SCALING, BENCHMARKS).unwrap();
        assert_eq!(text, SCALING, "run `benches -- write`");
        // Before there is a section on layers, these figures are missing, and the page says so.
        assert_eq!(missing.is_empty(), BENCHMARKS.contains(super::super::layers::HEADING), "{missing:?}");
        assert_eq!(missing.is_empty(), !SCALING.contains(UNMEASURED));
    }

    #[test]
    fn a_page_without_a_place_is_an_error() {
        let error = filled("# Scaling\n\n<!-- figures -->\nno end\n", "").unwrap_err();
        assert_eq!(error, "scaling.md has no `<!-- figures -->` with its end");
    }

    #[test]
    fn large_numbers_have_large_units() {
        assert_eq!([bytes_long(609e6), bytes_long(61e9)], ["609 MB", "61.0 GB"]);
        assert_eq!([bits(12e6), bits(1.5e9)], ["96.0 Mbit/s", "12.0 Gbit/s"]);
    }
}
