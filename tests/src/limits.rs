//! What the system allows a process.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Allows this process as many open files, and so sockets, as the system lets it have.
pub fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    // Where it cannot be raised, whoever needs more says so.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}
