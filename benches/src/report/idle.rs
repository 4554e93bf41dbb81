//! Memory of idle connections.

use super::{
    measured,
    numbers::{bytes, digits, or_dash},
    table::table,
};
use crate::results::Results;

pub(crate) fn idle(results: &Results) -> String {
    let ours = results.median("idle", "ours", "bytes");
    let rows = measured(results, &["idle"]).into_iter().map(|server| {
        let median = |name| results.median("idle", server.name, name);
        vec![
            server.title.to_owned(),
            or_dash(median("bytes"), bytes),
            // Memory does not drift as time does, so that runs of different rounds compare.
            or_dash(median("bytes").zip(ours).map(|(bytes, ours)| bytes / ours), digits),
            or_dash(median("process_bytes"), bytes),
        ]
    });
    let text = "## Memory\n\nThe server's resident memory with 15 000 members of one group less that with none, for each of them; opened\n\
                with a browser's headers, read after three seconds of silence. The kernel's part, some 4.6 kB a socket, is not in it.\n\
                Channels: 5 000 members, since a join there takes the longer the more there are.\n\n";
    text.to_owned() + &table(&["server", "a connection", "× ours", "process before"], rows)
}
