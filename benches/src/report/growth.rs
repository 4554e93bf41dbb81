//! More members, more groups, more joins.

use super::{
    measured,
    numbers::{digits, or_dash},
    table::table,
};
use crate::results::Results;

const MEMBERS: [(&str, &str); 4] =
    [("members-100", "100"), ("members-1000", "1 000"), ("members-5000", "5 000"), ("members-15000", "15 000")];
const GROUPS: [(&str, &str); 3] = [("groups-1", "1 group"), ("groups-100", "100"), ("groups-10000", "10 000")];
const MARKS: [(&str, &str); 4] =
    [("at_100_us", "100"), ("at_1000_us", "1 000"), ("at_5000_us", "5 000"), ("at_14000_us", "14 000")];

pub(crate) fn growth(results: &Results) -> String {
    [
        "## Growth\n\n### CPU per delivery by members of one group, in µs (× floor)\n\nOne message in flight.\n\n".to_owned(),
        by_work(results, "members", &MEMBERS),
        "\n### CPU per delivery by groups, 10 000 members in all, in µs (× floor)\n\n\
         One message in flight, to one group after the other. With 10 000 groups each message has one receiver, so that\n\
         its own receipt is part of the cost.\n\n"
            .into(),
        by_work(results, "server", &GROUPS),
        "\n### CPU of one more member by how many are in the group, in µs\n\n\
         The handshake with a browser's headers, and the join.\n\n"
            .into(),
        joins(results),
    ]
    .concat()
}

fn by_work(results: &Results, corner: &'static str, works: &[(&'static str, &'static str)]) -> String {
    let head: Vec<_> = [corner].into_iter().chain(works.iter().map(|(_, title)| *title)).collect();
    let names: Vec<_> = works.iter().map(|(work, _)| *work).collect();
    let rows = measured(results, &names).into_iter().map(|server| {
        let cells = names.iter().map(|work| {
            let ratio = results.ratio(work, server.name, "cpu_us", "floor");
            let ratio = ratio.map(|ratio| format!(" ({})", digits(ratio))).unwrap_or_default();
            or_dash(results.median(work, server.name, "cpu_us"), digits) + &ratio
        });
        [server.title.to_owned()].into_iter().chain(cells).collect()
    });
    table(&head, rows)
}

fn joins(results: &Results) -> String {
    let head: Vec<_> = ["server"].into_iter().chain(MARKS.iter().map(|(_, title)| *title)).collect();
    let rows = measured(results, &["joins"]).into_iter().map(|server| {
        let cells = MARKS.iter().map(|(figure, _)| or_dash(results.median("joins", server.name, figure), digits));
        [server.title.to_owned()].into_iter().chain(cells).collect()
    });
    table(&head, rows)
}
