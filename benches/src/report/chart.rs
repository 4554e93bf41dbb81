//! The chart: three panels of bars, legible on light and dark pages.

use std::fmt::Write as _;

use super::{
    Kept, measured,
    numbers::{bytes, count, digits},
};
use crate::results::Results;

const WIDTH: f64 = 760.0;
const LABELS: f64 = 210.0;
const BARS: f64 = 450.0;
const ROW: f64 = 20.0;
const TITLE: f64 = 40.0;

const STYLE: &str = "\
text { font: 13px system-ui, sans-serif; fill: #24292f } .title { font-weight: 600 } .note { fill: #57606a }
.ours { fill: #0969da } .floor { fill: #8c959f } .rival { fill: #d4a72c }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .note { fill: #9198a1 } .ours { fill: #4493f8 } .floor { fill: #656c76 } .rival { fill: #bb8009 }
}";

/// One panel: a bar for each server; bars longer than `longest` are cut, and their number tells.
struct Panel {
    title: &'static str,
    rows: Vec<(String, &'static str, f64)>,
    longest: f64,
    text: fn(f64) -> String,
}

pub(crate) fn svg(kept: &Kept) -> String {
    let panels = [
        kept.table.as_ref().map(|results| Panel {
            title: "CPU per delivery, 1 000 members, one message in flight; × floor, less is better",
            rows: rows(results, "one", |server| results.ratio("one", server, "cpu_us", "floor")),
            longest: 2.5,
            text: digits,
        }),
        kept.table.as_ref().map(|results| Panel {
            title: "Deliveries per second and core, 16 messages in flight; more is better",
            rows: rows(results, "sixteen", |server| results.median("sixteen", server, "per_second")),
            longest: f64::INFINITY,
            text: count,
        }),
        kept.idle.as_ref().map(|results| Panel {
            title: "Memory of an idle connection; less is better",
            rows: rows(results, "idle", |server| results.median("idle", server, "bytes")),
            longest: 40_000.0,
            text: bytes,
        }),
    ];
    let (mut body, mut y) = (String::new(), 0.0);
    for panel in panels.into_iter().flatten().filter(|panel| !panel.rows.is_empty()) {
        draw(&panel, &mut y, &mut body);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\">\n<style>\n{STYLE}\n</style>\n{body}</svg>\n",
        height = y + 10.0
    )
}

fn rows(results: &Results, work: &str, value: impl Fn(&str) -> Option<f64>) -> Vec<(String, &'static str, f64)> {
    measured(results, &[work])
        .into_iter()
        .filter_map(|server| {
            let class = match server.name {
                "ours" | "ours-self" => "ours",
                "floor" | "joined" => "floor",
                _ => "rival",
            };
            let label = server.title.replace(['*', '`'], "");
            Some((label, class, value(server.name)?))
        })
        .collect()
}

fn draw(panel: &Panel, y: &mut f64, body: &mut String) {
    let largest = panel.rows.iter().map(|(.., value)| *value).fold(0.0, f64::max);
    let scale = BARS / largest.min(panel.longest).max(f64::MIN_POSITIVE);
    *y += TITLE;
    // Writing into a `String` does not fail.
    let _ = writeln!(body, "<text class=\"title\" x=\"0\" y=\"{}\">{}</text>", *y - 12.0, panel.title);
    for (label, class, value) in &panel.rows {
        let cut = *value > panel.longest;
        let width = (value.min(panel.longest) * scale).max(1.0);
        let middle = *y + ROW * 0.7;
        let text = (panel.text)(*value) + if cut { " »" } else { "" };
        let _ = writeln!(body, "<text x=\"{}\" y=\"{middle:.1}\" text-anchor=\"end\">{label}</text>", LABELS - 8.0);
        let _ = writeln!(
            body,
            "<rect class=\"{class}\" x=\"{LABELS}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{}\" rx=\"2\"/>",
            *y + 2.0,
            ROW - 5.0
        );
        let _ =
            writeln!(body, "<text class=\"note\" x=\"{:.1}\" y=\"{middle:.1}\">{text}</text>", LABELS + width + 8.0);
        *y += ROW;
    }
}
