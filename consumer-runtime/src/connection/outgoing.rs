//! The outgoing queue: whole frames, bounded in bytes, and a lane beside it for control frames.

mod batch;

pub(super) use batch::Batch;

use bytes::Bytes;

use super::{few::Few, piece::Piece, spare::Spare};
use crate::key::Key;

/// How many control frames wait for the socket; a client that pings faster than pongs leave need not have all of them
/// answered (RFC 6455 §5.5.3).
const CONTROL: usize = 32;

/// How much one write takes along.
const WRITE: usize = 64 * 1024;

/// Frames that are written one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    pub(crate) bytes: Piece,
    /// How many frames of data that is; none in a control frame.
    pub(crate) frames: u32,
    /// What it is about, when a newer frame about the same may take its place.
    pub(crate) key: Option<Key>,
}

impl Chunk {
    /// One frame of data.
    pub(crate) fn frame(bytes: impl Into<Piece>) -> Self {
        Self { bytes: bytes.into(), frames: 1, key: None }
    }

    /// Several frames of data as one, for one write.
    pub(crate) fn joined<'a>(frames: impl Iterator<Item = &'a [u8]> + Clone) -> Self {
        let mut bytes = Vec::with_capacity(frames.clone().map(<[u8]>::len).sum());
        let mut count = 0;
        for frame in frames {
            bytes.extend_from_slice(frame);
            count += 1;
        }
        Self { bytes: Bytes::from(bytes).into(), frames: count, key: None }
    }

    fn control(bytes: Bytes) -> Self {
        Self { bytes: bytes.into(), frames: 0, key: None }
    }
}

/// Frames that wait for the socket; holds no memory when empty.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    data: Few<Chunk>,
    /// Goes before all data, but never into the middle of a frame.
    control: Spare<Bytes>,
    /// The bytes in `data`.
    bytes: usize,
    /// Whether the first of `data` is written in part, so that nothing may come before it and it must stay.
    cut: bool,
}

impl Outgoing {
    pub(super) fn is_empty(&self) -> bool {
        self.data.is_empty() && self.control.is_empty()
    }

    /// Whether `len` bytes fit. What is larger than the whole bound fits into an empty queue: it must go somehow.
    pub(super) fn has_room(&self, len: usize, limit: usize) -> bool {
        self.data.is_empty() || self.bytes + len <= limit
    }

    /// How many bytes of data wait.
    #[cfg(any(feature = "inspector", feature = "metrics"))]
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn push(&mut self, chunk: Chunk) {
        self.bytes += chunk.bytes.len();
        self.data.push_back(chunk);
    }

    /// Puts small frames of data together with the small ones that wait before them, so that they can't be told from each
    /// other any more; false when there are none, or they are written in part.
    pub(super) fn append(&mut self, bytes: &[u8], frames: u32) -> bool {
        let is_cut = self.cut && self.data.len() == 1;
        let Some(last) = self.data.back_mut() else { return false };
        if is_cut || last.frames == 0 || !last.bytes.append(bytes) {
            return false;
        }
        last.frames += frames;
        self.bytes += bytes.len();
        true
    }

    /// A ping or pong; the oldest that waits is dropped when too many do.
    pub(super) fn push_control(&mut self, frame: Bytes) {
        if self.control.len() >= CONTROL {
            self.control.pop_front();
        }
        self.control.push_back(frame);
    }

    /// The close frame: after everything else.
    pub(super) fn push_last(&mut self, frame: Bytes) {
        self.push(Chunk::control(frame));
    }

    /// Puts a newer frame in the place of the one that waits with the same key; gives it back when there is none, or when
    /// it is so much longer that it does not fit.
    pub(super) fn replace(&mut self, chunk: Chunk, limit: usize) -> Result<(), Chunk> {
        let (len, whole) = (self.data.len(), self.data.len() - usize::from(self.cut));
        // There are two of one key when the first was on its way to the socket while the second came, and went no
        // further: the place to take is the last, or the older value would be read after the newer.
        let mut waiting = self.data.iter_mut().rev().take(whole);
        let waiting = waiting.find(|waiting| waiting.key.is_some() && waiting.key == chunk.key);
        let Some(waiting) = waiting else { return Err(chunk) };
        let bytes = self.bytes - waiting.bytes.len() + chunk.bytes.len();
        if bytes > limit && chunk.bytes.len() > waiting.bytes.len() && len > 1 {
            return Err(chunk);
        }
        self.bytes = bytes;
        *waiting = chunk;
        Ok(())
    }

    /// Drops the oldest frames until one of `len` bytes fits, and says how many.
    pub(super) fn make_room(&mut self, len: usize, limit: usize) -> usize {
        let mut dropped = 0;
        while !self.has_room(len, limit) {
            let oldest = if self.cut { self.data.pop_second() } else { self.data.pop_front() };
            let Some(oldest) = oldest else { break };
            self.bytes -= oldest.bytes.len();
            dropped += oldest.frames as usize;
        }
        dropped
    }

    /// Drops everything but a frame that is written in part, and says how many frames that were.
    pub(super) fn clear(&mut self) -> usize {
        let cut = if self.cut { self.pop() } else { None };
        let dropped = self.data.iter().map(|chunk| chunk.frames as usize).sum();
        *self = Self::default();
        if let Some(chunk) = cut {
            self.push(chunk);
            self.cut = true;
        }
        dropped
    }

    /// Takes what the next write takes along; empty when nothing waits.
    pub(super) fn take(&mut self) -> Batch {
        if self.control.is_empty() && self.bytes <= WRITE {
            // The way of most: everything goes.
            self.bytes = 0;
            return Batch { chunks: std::mem::take(&mut self.data), cut: std::mem::take(&mut self.cut), begun: false };
        }
        let mut batch = Batch { chunks: Few::default(), cut: self.cut, begun: false };
        let mut taken = 0;
        if self.cut
            && let Some(chunk) = self.pop()
        {
            taken += chunk.bytes.len();
            batch.chunks.push_back(chunk);
        }
        self.cut = false;
        while let Some(frame) = self.control.pop_front() {
            batch.chunks.push_back(Chunk::control(frame));
        }
        self.control.rest();
        while taken < WRITE
            && let Some(chunk) = self.pop()
        {
            taken += chunk.bytes.len();
            batch.chunks.push_back(chunk);
        }
        self.data.rest();
        batch
    }

    /// Puts back what a write has left of its batch.
    pub(super) fn put_back(&mut self, mut batch: Batch) {
        self.cut = batch.cut;
        while let Some(chunk) = batch.chunks.pop_back() {
            self.bytes += chunk.bytes.len();
            self.data.push_front(chunk);
        }
    }

    fn pop(&mut self) -> Option<Chunk> {
        let chunk = self.data.pop_front()?;
        self.bytes -= chunk.bytes.len();
        Some(chunk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(len: usize) -> Bytes {
        vec![0; len].into()
    }

    fn chunk(len: usize) -> Chunk {
        Chunk::frame(frame(len))
    }

    fn keyed(len: usize, key: u64) -> Chunk {
        Chunk { key: Key::new(key), ..chunk(len) }
    }

    fn sizes(batch: &Batch) -> Vec<usize> {
        batch.pieces().map(<[u8]>::len).collect()
    }

    #[test]
    fn the_bound_is_in_bytes() {
        let mut queue = Outgoing::default();
        assert!(queue.has_room(100, 10), "a frame larger than the bound still fits an empty queue");
        queue.push(chunk(6));
        assert!(queue.has_room(4, 10) && !queue.has_room(5, 10));
    }

    #[test]
    fn small_frames_are_put_together_but_not_behind_one_written_in_part() {
        let mut queue = Outgoing::default();
        assert!(!queue.append(&frame(6), 1), "there is none before it");
        queue.push(chunk(6));
        assert!(queue.append(&frame(4), 1));
        assert!(queue.has_room(10, 20) && !queue.has_room(11, 20));
        let mut batch = queue.take();
        assert_eq!(sizes(&batch), [10]);
        batch.written(7);
        queue.put_back(batch);
        assert!(!queue.append(&frame(2), 1));
        queue.push(chunk(2));
        assert!(queue.append(&frame(1), 1));
        queue.push_last(frame(4));
        assert!(!queue.append(&frame(5), 1), "nothing is put together with a close frame");
        queue.push(chunk(5));
        assert_eq!(queue.data.iter().map(|chunk| chunk.frames).collect::<Vec<_>>(), [2, 2, 0, 1]);
        assert_eq!(sizes(&queue.take()), [3, 3, 4, 5]);
    }

    #[test]
    fn the_oldest_make_room() {
        let mut queue = Outgoing::default();
        for len in [4, 3, 3] {
            queue.push(chunk(len));
        }
        assert_eq!(queue.make_room(5, 10), 2);
        queue.push(chunk(5));
        assert_eq!(sizes(&queue.take()), [3, 5]);
        assert_eq!(queue.clear(), 0);
    }

    #[test]
    fn control_frames_go_first_but_never_into_a_frame() {
        let mut queue = Outgoing::default();
        queue.push(chunk(10));
        queue.push(chunk(11));
        queue.push_control(frame(2));
        let mut batch = queue.take();
        assert_eq!(sizes(&batch), [2, 10, 11]);
        batch.written(5);
        queue.put_back(batch);
        queue.push_control(frame(3));
        let mut batch = queue.take();
        assert_eq!(sizes(&batch), [7, 3, 11]);
        batch.written(0);
        queue.put_back(batch);
        assert_eq!(sizes(&queue.take()), [7, 3, 11], "a write that took nothing changes nothing");
    }

    #[test]
    fn a_frame_written_in_part_stays_whatever_is_dropped() {
        let mut queue = Outgoing::default();
        for len in [10, 11, 12] {
            queue.push(chunk(len));
        }
        let mut batch = queue.take();
        batch.written(4);
        queue.put_back(batch);
        assert_eq!(queue.make_room(30, 30), 2);
        queue.push(chunk(1));
        assert_eq!(queue.clear(), 1);
        queue.push_last(frame(2));
        assert_eq!(sizes(&queue.take()), [6, 2]);
    }

    #[test]
    fn the_latest_takes_the_place_of_what_is_about_the_same() {
        let mut queue = Outgoing::default();
        queue.push(keyed(1, 7));
        queue.push(keyed(2, 8));
        assert!(queue.replace(keyed(3, 7), 10).is_ok());
        assert!(queue.replace(keyed(4, 9), 10).is_err());
        assert!(queue.replace(chunk(4), 10).is_err(), "what has no key replaces nothing");
        assert!(queue.has_room(5, 10) && !queue.has_room(6, 10));
        assert!(queue.replace(keyed(9, 7), 10).is_err(), "the bound holds for what grows, too");
        assert_eq!(sizes(&queue.take()), [3, 2]);
        queue.push(keyed(1, 7));
        assert!(queue.replace(keyed(11, 7), 10).is_ok(), "a frame larger than the bound fits when it is alone");
        assert!(queue.replace(keyed(10, 7), 5).is_ok(), "and what shrinks always does");
    }

    #[test]
    fn the_latest_is_the_last_although_an_older_one_was_on_its_way_when_it_came() {
        let mut queue = Outgoing::default();
        queue.push(keyed(10, 7));
        for (len, written) in [(11, 0), (12, 4)] {
            let mut batch = queue.take();
            queue.push(keyed(len, 7));
            batch.written(written);
            queue.put_back(batch);
        }
        assert!(queue.replace(keyed(13, 7), 100).is_ok());
        assert_eq!(sizes(&queue.take()), [6, 11, 13]);

        queue.push(keyed(10, 7));
        let mut batch = queue.take();
        batch.written(4);
        queue.put_back(batch);
        assert!(queue.replace(keyed(5, 7), 100).is_err(), "a frame that is written in part stays");
    }

    #[test]
    fn pongs_are_bounded() {
        let mut queue = Outgoing::default();
        for len in 1..=100 {
            queue.push_control(frame(len));
        }
        assert_eq!(sizes(&queue.take()), (69..=100).collect::<Vec<_>>());
    }
}
