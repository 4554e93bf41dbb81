//! Which of several hosts a name belongs to.

/// The ring of `n` hosts, as Python finds one in it: by 12 bits of the name's CRC-32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ring {
    hosts: usize,
}

impl Ring {
    /// A ring of at least one host.
    pub(crate) fn new(hosts: usize) -> Self {
        Self { hosts: hosts.max(1) }
    }

    /// The place of the host that a name belongs to.
    pub(crate) fn host(self, name: &str) -> usize {
        let bits = crc32fast::hash(name.as_bytes()) & 0xFFF;
        // Python divides floats, and so must this: the parts of a ring of three, say, are not whole.
        let host = (f64::from(bits) / (4096.0 / self.hosts as f64)) as usize;
        host.min(self.hosts - 1)
    }
}
