//! What one write takes along out of the queue.

use bytes::Bytes;

use super::Chunk;
use crate::connection::few::Few;

/// What one write takes along.
#[derive(Debug, Default)]
pub(in crate::connection) struct Batch {
    pub(super) chunks: Few<Chunk>,
    /// Whether the first is written in part.
    pub(super) cut: bool,
    /// Whether any of it was written since it was taken.
    pub(super) begun: bool,
}

impl Batch {
    /// Puts another frame in the place of each frame of data that is not begun.
    pub(in crate::connection) fn map(&mut self, mut to: impl FnMut(Bytes) -> Bytes) {
        let skip = usize::from(self.cut);
        for chunk in self.chunks.iter_mut().skip(skip).filter(|chunk| chunk.frames > 0) {
            chunk.bytes = to(std::mem::take(&mut chunk.bytes).into_bytes()).into();
        }
    }

    /// Makes one piece of what is left, of which nothing can be dropped any more.
    pub(in crate::connection) fn seal(&mut self) {
        if !self.chunks.is_empty() {
            let mut sealed = Chunk::joined(self.chunks.iter().map(|chunk| &*chunk.bytes));
            sealed.frames = self.chunks.iter().map(|chunk| chunk.frames).sum();
            self.chunks = Few::default();
            self.chunks.push_back(sealed);
            self.cut = true;
        }
    }

    /// Whether the socket took any of it.
    pub(in crate::connection) fn has_begun(&self) -> bool {
        self.begun
    }

    pub(in crate::connection) fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    pub(in crate::connection) fn len(&self) -> usize {
        self.chunks.len()
    }

    /// The bytes to write, piece by piece.
    pub(in crate::connection) fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.chunks.iter().map(|chunk| &*chunk.bytes)
    }

    /// Takes off what is written, and says how many frames of data are written whole by that.
    pub(in crate::connection) fn written(&mut self, mut written: usize) -> u32 {
        self.begun |= written > 0;
        let mut frames = 0;
        while let Some(chunk) = self.chunks.front_mut() {
            let part = written.min(chunk.bytes.len());
            if part < chunk.bytes.len() {
                chunk.bytes.advance(part);
                self.cut |= part > 0;
                return frames;
            }
            written -= part;
            self.cut = false;
            frames += chunk.frames;
            self.chunks.pop_front();
        }
        frames
    }
}
