//! How many files this process and its children may open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that are no connections: binaries, listeners, pipes, epoll.
const OTHERS: u64 = 100;

/// Raises the limit as far as it goes; its children have the same.
pub(crate) fn raise() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    // Without a hard limit there is nothing to raise to; what is there stays.
    if let Some(maximum) = limit.maximum {
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(maximum), maximum: Some(maximum) });
    }
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// Whether so many connections can be open in one process.
pub(crate) fn allow_connections(count: usize) -> Result<(), String> {
    let limit = raise();
    if count as u64 + OTHERS > limit {
        return Err(format!(
            "{count} connections need more than the {limit} files a process may open; see `ulimit -Hn`"
        ));
    }
    Ok(())
}
