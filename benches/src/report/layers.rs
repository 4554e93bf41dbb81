//! Channel layers, and sockets that another process sends to.

use super::{
    fanout::lost,
    measured,
    method::rounds,
    numbers::{bytes, count, digits, or_dash},
    table::table,
};
use crate::{machine::Facts, results::Results, servers::Server};

/// The heading of all that goes from process to process; the page keeps it when only other parts were measured anew.
pub(crate) const HEADING: &str = "## Channel layers";

const RATES: [(&str, &str); 5] =
    [("rate-2", "2"), ("rate-10", "10"), ("rate-50", "50"), ("rate-100", "100"), ("rate-500", "500")];
const PROCESSES: [(&str, &str); 4] =
    [("processes-1", "1"), ("processes-2", "2"), ("processes-4", "4"), ("processes-8", "8")];

/// What was measured of it.
pub(crate) struct Across<'a> {
    pub(crate) layers: Option<&'a Results>,
    pub(crate) spread: Option<&'a Results>,
    pub(crate) bridge: Option<&'a Results>,
}

pub(crate) fn across(all: &Across<'_>, machine: &Facts) -> String {
    let parts = [
        Some(head(all, machine)),
        all.bridge.map(bridge),
        all.layers.map(layers),
        all.spread.map(spread),
        left_out(all),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

impl Across<'_> {
    fn parts(&self) -> impl Iterator<Item = (&'static str, &Results)> {
        [("bridge", self.bridge), ("layers", self.layers), ("spread", self.spread)]
            .into_iter()
            .filter_map(|(name, results)| Some((name, results?)))
    }
}

fn head(all: &Across<'_>, machine: &Facts) -> String {
    let fact = |name: &str| machine.get(name).map_or("unknown", String::as_str);
    format!(
        "{HEADING}\n\n\
         What carries messages between processes, with a broker of its own (Redis or NATS) for each measurement: `benches -- across`.\n\
         Times are by the machine's clock, which both ends read. {}, {} cores; redis-server {}, nats-server {}, channels_redis {}, redis-py {},\n\
         Django {}, Daphne {}, uvicorn {}. Rounds: {}.\n",
        fact("cpu"),
        fact("cores"),
        fact("redis-server"),
        fact("nats-server"),
        fact("channels_redis"),
        fact("redis"),
        fact("django"),
        fact("daphne"),
        fact("uvicorn"),
        rounds(all.parts()),
    )
}

fn left_out(all: &Across<'_>) -> Option<String> {
    let lines = super::left_out_of(all.parts());
    (!lines.is_empty()).then(|| format!("### Left out of these\n\n{lines}"))
}

/// Sockets in one process, sent to by another.
fn bridge(results: &Results) -> String {
    [
        "### Django sends, to 1 000 sockets of another process\n\n\
         One process of Django's calls `group_send` on channels_redis; the sockets of the group are served by ours, by Daphne or\n\
         by uvicorn, with the same Redis. The server has the first core; Django, Redis and the client share the second. At each\n\
         rate: what the sockets got of what was sent, and the time from when a message was due to the last socket's receipt. What had\n\
         not come five seconds after the last was sent is lost. 500 a second are for ours alone.\n\n"
            .to_owned(),
        rates(results),
        "\nAs fast as one process can send, for two seconds, 32 messages always waiting for it. Daphne's best is the most frames\n\
         a second that it reached in the same round on either layer at any rate; what it is sent beyond that makes it slower.\n\
         Times count from when a message begins to wait for the process that sends.\n\n"
            .into(),
        flood(results, "flood"),
        if results.runs.iter().any(|run| run.work == "flood-from-ours") {
            "\nThe same with a process of ours that sends, one message after the other.\n\n".to_owned()
                + &flood(results, "flood-from-ours")
        } else {
            String::new()
        },
    ]
    .concat()
}

fn rates(results: &Results) -> String {
    let titles: Vec<_> = RATES.iter().map(|(_, rate)| format!("{rate}/s: frames/s, delivered, p50 / p99 ms")).collect();
    let head: Vec<_> = ["server"].into_iter().chain(titles.iter().map(String::as_str)).collect();
    let works = RATES.map(|(work, _)| work);
    let rows = measured(results, &works).into_iter().map(|server| {
        let cells = works.iter().map(|work| {
            let median = |name| results.median(work, server.name, name);
            let rate = or_dash(median("per_second"), count);
            format!("{rate}, {}, {}", delivered(results, work, server), times(results, work, server))
        });
        [server.title.to_owned()].into_iter().chain(cells).collect()
    });
    table(&head, rows)
}

fn flood(results: &Results, work: &'static str) -> String {
    let rows = measured(results, &[work]).into_iter().map(|server| {
        let median = |name| results.median(work, server.name, name);
        let against = results.ratio_to_best(work, server.name, "per_second", &["daphne-stored", "daphne-published"]);
        vec![
            server.title.to_owned(),
            or_dash(median("sends_per_second"), count),
            or_dash(median("per_second"), count),
            or_dash(against, digits),
            delivered(results, work, server),
            or_dash(median("cpu_us"), digits),
            times(results, work, server),
        ]
    });
    table(
        &["server", "sends/s", "frames/s", "× Daphne's best", "delivered", "server's CPU µs a frame", "p50 / p99 ms"],
        rows,
    )
}

fn delivered(results: &Results, work: &str, server: Server) -> String {
    match lost(results, work, server.name) {
        all if all == "0" => "all".into(),
        nothing if nothing == "–" => nothing,
        share => format!("{share} lost"),
    }
}

fn times(results: &Results, work: &str, server: Server) -> String {
    let time = |name| or_dash(results.median(work, server.name, name), digits);
    format!("{} / {}", time("p50_ms"), time("p99_ms"))
}

/// The floor that a layer's times are compared with.
fn floor_of(server: Server) -> Option<&'static str> {
    match server.name {
        "stored" | "stored-channels" => Some("stored-floor"),
        "published" | "published-channels" => Some("published-floor"),
        _ => None,
    }
}

/// From one process to another.
fn layers(results: &Results) -> String {
    let head = [
        "layer",
        "200 a second: p50 / p99 ms",
        "over the floor's p50, ms",
        "one by one: sends/s",
        "64 at once: sends/s",
        "arrived",
        "p50 / p99 ms",
    ];
    let works = ["layer-paced", "layer-one", "layer-many"];
    let rows = measured(results, &works).into_iter().map(|server| {
        let rate = |work| or_dash(results.median(work, server.name, "per_second"), count);
        let over = floor_of(server).and_then(|floor| results.difference("layer-paced", server.name, "p50_ms", floor));
        vec![
            server.title.to_owned(),
            times(results, "layer-paced", server),
            or_dash(over, digits),
            rate("layer-one"),
            rate("layer-many"),
            delivered(results, "layer-many", server),
            times(results, "layer-many", server),
        ]
    });
    let times = table(&head, rows);
    let rows = measured(results, &works).into_iter().map(|server| {
        let both = |figure| {
            let of = |work| or_dash(results.median(work, server.name, figure), digits);
            format!("{} / {}", of("layer-one"), of("layer-many"))
        };
        vec![server.title.to_owned(), both("broker_us"), both("sender_us"), both("receiver_us")]
    });
    let costs = table(
        &[
            "CPU µs of a send, one by one / 64 at once",
            "in the broker",
            "in the process that sends",
            "in the one that receives",
        ],
        rows,
    );
    format!(
        "### From one process to another\n\n\
         Messages of 64 bytes to a group that one other process is in, without sockets. The floors give the commands that a\n\
         layer cannot do without on bare sockets, by blocking threads; 64 at once share their writes there. A process that is not\n\
         quick enough loses what is beyond its capacity of 100.\n\n{times}\n{costs}"
    )
}

/// More processes, and more groups.
fn spread(results: &Results) -> String {
    let head: Vec<_> = ["layer"].into_iter().chain(PROCESSES.iter().map(|(_, title)| *title)).collect();
    let works = PROCESSES.map(|(work, _)| work);
    let processes = |cell: &dyn Fn(&str, Server) -> String| {
        let rows = measured(results, &works).into_iter().map(|server| {
            let cells = works.iter().map(|work| cell(work, server));
            [server.title.to_owned()].into_iter().chain(cells).collect()
        });
        table(&head, rows)
    };
    let costs = processes(&|work, server| {
        let of = |name| or_dash(results.median(work, server.name, name), digits);
        format!("{} / {} / {}", of("broker_us"), of("sender_us"), of("receiver_us"))
    });
    let rates = processes(&|work, server| {
        let rate = or_dash(results.median(work, server.name, "per_second"), count);
        format!("{rate}, {}", delivered(results, work, server))
    });
    let rows = measured(results, &["layer-groups"]).into_iter().map(|server| {
        let median = |name| results.median("layer-groups", server.name, name);
        vec![
            server.title.to_owned(),
            or_dash(median("join_seconds"), |seconds| format!("{} s", digits(seconds))),
            or_dash(median("group_bytes"), bytes),
            or_dash(median("broker_group_bytes"), bytes),
            or_dash(median("per_second"), count),
            delivered(results, "layer-groups", server),
            or_dash(median("broker_us"), digits),
        ]
    });
    let groups = table(
        &[
            "layer",
            "to join all",
            "a group in the process",
            "in the broker",
            "sends/s",
            "arrived",
            "CPU µs of a send in the broker",
        ],
        rows,
    );
    format!(
        "### By processes\n\n\
         So many processes are in one group, another one sends with 16 at once. CPU in µs: in the broker for each send, in the process\n\
         that sends for each send, in each that receives for each message.\n\n{costs}\n\
         Sends a second, and what arrived; all receivers and the broker share one core here, so that this is no bound of it.\n\n{rates}\n\
         ### 10 000 groups\n\n\
         One process joins them one after the other; then another one sends to one group after the other, 16 at once.\n\n{groups}"
    )
}
