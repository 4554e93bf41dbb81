//! A restart with everybody connected, and hours of traffic.

use super::{
    numbers::{bytes, count, digits, or_dash},
    table::table,
};
use crate::figures::Figures;

/// The headings of these sections; the page keeps each when it was not measured anew.
pub(crate) const HEADINGS: [&str; 2] = ["## Restart", "## Soak"];

/// A row's text, the name of its figure, and how to write that.
type Row = (&'static str, &'static str, fn(f64) -> String);

fn rows(figures: &Figures, rows: &[Row]) -> String {
    let rows = rows.iter().map(|(text, name, show)| vec![(*text).to_owned(), or_dash(figures.get(name), show)]);
    table(&["", ""], rows)
}

fn seconds(value: f64) -> String {
    format!("{} s", digits(value))
}

fn from_ms(value: f64) -> String {
    seconds(value / 1e3)
}

fn whole(value: f64) -> String {
    format!("{value:.0}")
}

pub(crate) fn restart(figures: &Figures) -> String {
    let text = format!(
        "{}\n\nThe server is told to end (SIGTERM) while all clients are connected, and a new one is started in its place at once,\n\
         both with the default limits but that of connections from one address. Clients come back as\n\
         [the protocol](protocol.md#coming-back) says, on loopback, both ends on the same two cores; times count from the signal.\n\
         `cargo run --release -p benches -- restart`.\n\n",
        HEADINGS[0]
    );
    text + &rows(
        figures,
        &[
            ("clients", "clients", whole),
            ("all connected, all at once", "connected_s", seconds),
            ("closed with 1012 and a hint", "told", whole),
            ("the new server listens", "listening_s", seconds),
            ("the old one has ended, its drain whole", "drained_s", seconds),
            ("a half is back", "p50_ms", from_ms),
            ("99 of 100 are back", "p99_ms", from_ms),
            ("all are back", "last_s", seconds),
            ("attempts that nobody answered", "unanswered", whole),
            ("attempts that were put off with a 503", "put_off", whole),
        ],
    )
}

pub(crate) fn soak(figures: &Figures) -> String {
    let text = format!(
        "{}\n\nSockets that say nothing, and talkers in rooms of ten that say something every second, with handlers that take `self`.\n\
         The server is a process of its own, whose resident memory is read every second; the slope is that of the straight line\n\
         through the second half. Then all close. `cargo run --release -p benches -- soak`.\n\n",
        HEADINGS[1]
    );
    text + &rows(
        figures,
        &[
            ("minutes", "minutes", digits),
            ("idle sockets", "idle", whole),
            ("talkers", "talkers", whole),
            ("memory before anybody came", "before_bytes", bytes),
            ("memory once all were there", "first_bytes", bytes),
            ("memory at the end", "last_bytes", bytes),
            ("the most", "most_bytes", bytes),
            ("slope, a minute", "slope_bytes", bytes),
            ("memory after all had gone", "after_bytes", bytes),
            ("cores used", "cpu", digits),
            ("messages said", "said", count),
            ("deliveries missing", "missing", whole),
            ("connections lost", "lost", whole),
            ("sockets left at the end", "left", whole),
        ],
    )
}
