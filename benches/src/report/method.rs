//! What stands around the tables.

use super::Kept;
use crate::{machine::Facts, results::Results};

pub(crate) fn head() -> String {
    "# Benchmarks\n\n\
     The chat of [`examples/chat`](../examples/chat), as users run it, beside the same chat on other servers and beside a loop that\n\
     does nothing but `send`. Ratios out of one interleaved run on one machine; this page is written by the command that\n\
     measures:\n\n\
     ```sh\n\
     cargo run --release -p benches -- all       # about 40 minutes; needs node, npm, python3 and redis-server for some of it\n\
     cargo run --release -p benches -- across    # the channel layers alone, about 14 minutes\n\
     cargo run --release -p benches -- restart   # and `soak`: a restart with 5 000 clients, ten minutes of traffic\n\
     cargo run --release -p benches -- write     # this page, the chart, and the tables of scaling.md\n\
     ```\n\n\
     ![CPU per delivery, deliveries per second and memory per idle connection, by server](benchmarks.svg)\n\n\
     Bars with » are cut.\n"
        .into()
}

pub(crate) fn machine(facts: &Facts) -> String {
    let fact = |name: &str| facts.get(name).map_or("unknown", String::as_str);
    let versions = [
        "axum",
        "tokio",
        "fastwebsockets",
        "socketioxide",
        "ws",
        "socket.io",
        "node",
        "channels",
        "django",
        "uvicorn",
        "daphne",
        "python",
        "uWebSockets",
    ];
    let versions: Vec<_> =
        versions.into_iter().filter_map(|name| Some(format!("{name} {}", facts.get(name)?))).collect();
    format!(
        "## The machine\n\n{}, {} cores, {}, Linux {}, {}.\n\nRivals: {}.\n",
        fact("cpu"),
        fact("cores"),
        fact("memory"),
        fact("kernel"),
        fact("rustc"),
        versions.join(", ")
    )
}

/// How many rounds each section has, and what disturbed them.
pub(crate) fn rounds<'a>(sections: impl Iterator<Item = (&'static str, &'a Results)>) -> String {
    let rounds = sections.map(|(name, results)| {
        let (rounds, disturbed) = results.rounds();
        let disturbed = match disturbed {
            0 => String::new(),
            runs => format!(", {runs} of {} runs disturbed", results.runs.len()),
        };
        format!("{name} {rounds}{disturbed}")
    });
    rounds.collect::<Vec<_>>().join("; ")
}

pub(crate) fn method(kept: &Kept) -> String {
    let pinned = match kept.engine().all(|(_, results)| results.pinned) {
        true => {
            "The server has the first core and the client the second, which asks the kernel for events without waiting; a\n  \
                 multi-threaded runtime has one worker then."
        }
        false => "Some of these runs were not pinned: the server and the client shared all cores.",
    };
    METHOD.replace("{rounds}", &rounds(kept.engine())).replace("{pinned}", pinned)
}

const METHOD: &str = "\
## Method

- **Rounds.** Each server is started, warmed up, measured and ended, then the next one has its turn; when all are through, the
  next round begins. Figures are medians over the rounds; ratios are medians of the ratios to the floor's run of the same
  round, since the speed of a machine drifts by more than the servers differ. Rounds: {rounds}. A run beside
  which other programs used more than 0.3 cores counts only when there is no quieter one.
- **Cores.** {pinned}
- **The client** is one thread with edge-triggered epoll; it parses frames by hand and reads with one `recv` a readable socket.
  It counts every message at every member, by number and in order, so that nothing lost, doubled or late goes unseen. Before it
  measures, it sends until every member has received a text that is what was sent, byte for byte.
  The member that sends is one of those that receive.
- **Closed loop**: so many messages are under way; one is done when all members have it. **Open loop**: a message is sent when it
  is due, and its time counts from then.
- **CPU** is what the scheduler counts for the server's threads, user and system, over the measured part alone. On loopback this has
  the receiver's half of TCP in it, which runs inside the sender's system call; on a real network that half is elsewhere, so
  that what a server itself does weighs more than here.
- **The floors** parse no JSON and queue nothing: one thread, epoll, a ready frame, a `send` to each member; joined writes put the frames
  found in one read into one `send`. They are what the kernel costs.
- **The rivals** are in [`benches/rivals`](../benches/rivals), each as its documentation shows it, with one addition: a message is parsed
  and written as JSON once, as in every chat (not in uWebSockets' and the floors', which send on what came). axum is there twice:
  as its users write it first (a broadcast channel, a split socket), and tuned as far as we could (a read buffer of 1 KiB instead of
  128, one task a connection, shared texts, one flush for all that waits). Socket.IO's servers speak Engine.IO over a WebSocket;
  socketioxide runs the handlers of one sender side by side, so that its messages may overtake each other.
  Channels has its layer in memory, and no authentication. Our program is `examples/chat` with `--unlimited`, which lifts the limits on rates
  and connections; for handlers with `self` and for the echo it is `benches/src/bin/ours.rs`. All Rust programs are built with
  thin LTO and one codegen unit, and the system's allocator.
- **What this does not tell**: two cores, so nothing about more of them; loopback, so nothing about networks; no TLS; no compression.
  With 16 in flight, the quickest servers come near to what the client can count, so that their rates are lower bounds; CPU
  per delivery is the better figure there.
";
