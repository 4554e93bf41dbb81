//! The outgoing queue: whole frames, bounded in bytes.

use bytes::Bytes;

use super::frames::Frames;

/// Frames that wait for the socket; holds no memory when empty.
#[derive(Debug)]
pub(super) struct Outgoing {
    frames: Frames,
    bytes: usize,
    limit: usize,
}

impl Outgoing {
    pub(super) fn new(limit: usize) -> Self {
        Self { frames: Frames::default(), bytes: 0, limit }
    }

    /// Whether a frame fits. One that is larger than the whole bound fits into an empty queue: it must go somehow.
    pub(super) fn has_room(&self, len: usize) -> bool {
        self.frames.is_empty() || self.bytes + len <= self.limit
    }

    pub(super) fn push(&mut self, frame: Bytes) {
        self.bytes += frame.len();
        self.frames.push_back(frame);
    }

    /// Drops the oldest frames until one of `len` bytes fits, and says how many.
    pub(super) fn make_room(&mut self, len: usize) -> usize {
        let mut dropped = 0;
        while !self.has_room(len)
            && let Some(frame) = self.frames.pop_front()
        {
            self.bytes -= frame.len();
            dropped += 1;
        }
        dropped
    }

    /// Drops everything, and says how many frames that were.
    pub(super) fn clear(&mut self) -> usize {
        self.bytes = 0;
        self.frames.clear()
    }

    /// Moves frames to `batch` until it holds about `bytes`.
    pub(super) fn drain_to(&mut self, batch: &mut Frames, bytes: usize) {
        let mut moved = 0;
        while moved < bytes
            && let Some(frame) = self.frames.pop_front()
        {
            self.bytes -= frame.len();
            moved += frame.len();
            batch.push_back(frame);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(len: usize) -> Bytes {
        vec![0; len].into()
    }

    #[test]
    fn the_bound_is_in_bytes() {
        let mut queue = Outgoing::new(10);
        assert!(queue.has_room(100), "a frame larger than the bound still fits an empty queue");
        queue.push(frame(6));
        assert!(queue.has_room(4) && !queue.has_room(5));
    }

    #[test]
    fn the_oldest_make_room() {
        let mut queue = Outgoing::new(10);
        for len in [4, 3, 3] {
            queue.push(frame(len));
        }
        assert_eq!(queue.make_room(5), 2);
        queue.push(frame(5));
        let mut batch = Frames::default();
        queue.drain_to(&mut batch, usize::MAX);
        assert_eq!(batch.iter().map(Bytes::len).collect::<Vec<_>>(), [3, 5]);
        assert_eq!(queue.clear(), 0);
    }
}
