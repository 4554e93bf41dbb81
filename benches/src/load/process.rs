//! What a server costs, read from `/proc`.

use std::{fs, io, time::Duration};

/// A process that is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process(pub(crate) u32);

impl Process {
    /// The CPU time of all its threads, user and system, in nanoseconds as the scheduler counts them.
    pub(crate) fn cpu(self) -> io::Result<Duration> {
        let mut total = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.0))? {
            // A thread may end between the two reads; what it used is then missing, which pools that rest make small.
            if let Ok(text) = fs::read_to_string(thread?.path().join("schedstat")) {
                total += on_cpu(&text).ok_or_else(|| io::Error::other("cannot read schedstat"))?;
            }
        }
        Ok(Duration::from_nanos(total))
    }

    /// The bytes of memory it has in RAM.
    pub(crate) fn memory(self) -> io::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0))?;
        resident(&status).ok_or_else(|| io::Error::other("no VmRSS in its status"))
    }

    /// How many files it has open, sockets among them.
    pub(crate) fn files(self) -> io::Result<usize> {
        Ok(fs::read_dir(format!("/proc/{}/fd", self.0))?.count())
    }
}

fn on_cpu(schedstat: &str) -> Option<u64> {
    schedstat.split_whitespace().next()?.parse().ok()
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_texts_are_read() {
        assert_eq!(on_cpu("54321 60380 1\n"), Some(54_321));
        assert_eq!(resident("Name:\tchat\nVmRSS:\t    4500 kB\nThreads:\t2\n"), Some(4_608_000));
        assert_eq!(resident("Name:\tchat\n"), None);
    }

    #[test]
    fn this_process_has_all_of_it() {
        let own = Process(std::process::id());
        assert!(own.cpu().unwrap() > Duration::ZERO);
        assert!(own.memory().unwrap() > 0);
        assert!(own.files().unwrap() > 0);
    }
}
