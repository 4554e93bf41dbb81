//! What goes over the sockets of one process.

use std::sync::atomic::{AtomicU64, Ordering};

/// Written by whoever reads or writes a socket.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    frames_in: AtomicU64,
    bytes_in: AtomicU64,
    frames_out: AtomicU64,
    bytes_out: AtomicU64,
}

/// What it came to so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    /// Messages of clients, the fragments of each put together; no control frames.
    pub(crate) frames_in: u64,
    /// Bytes from clients, all that a frame consists of.
    pub(crate) bytes_in: u64,
    /// Frames of data to clients, as far as their sockets have taken them.
    pub(crate) frames_out: u64,
    /// Bytes to clients, all that a frame consists of, control frames too.
    pub(crate) bytes_out: u64,
}

impl Traffic {
    pub(crate) fn read(&self, bytes: usize) {
        self.bytes_in.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn message(&self) {
        self.frames_in.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn wrote(&self, bytes: usize, frames: u32) {
        self.bytes_out.fetch_add(bytes as u64, Ordering::Relaxed);
        self.frames_out.fetch_add(u64::from(frames), Ordering::Relaxed);
    }

    pub(crate) fn sum(&self) -> Sum {
        Sum {
            frames_in: self.frames_in.load(Ordering::Relaxed),
            bytes_in: self.bytes_in.load(Ordering::Relaxed),
            frames_out: self.frames_out.load(Ordering::Relaxed),
            bytes_out: self.bytes_out.load(Ordering::Relaxed),
        }
    }
}
