//! A queue of frames that mostly holds none or one.

use std::collections::VecDeque;

use bytes::Bytes;

/// Frames in order. The first needs no allocation, so a connection that keeps up never makes one for its queue.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// Filled whenever anything is.
    first: Option<Bytes>,
    rest: VecDeque<Bytes>,
}

impl Frames {
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.len()
    }

    pub(super) fn push_back(&mut self, frame: Bytes) {
        match self.first {
            None => self.first = Some(frame),
            Some(_) => self.rest.push_back(frame),
        }
    }

    pub(super) fn front_mut(&mut self) -> Option<&mut Bytes> {
        self.first.as_mut()
    }

    pub(super) fn pop_front(&mut self) -> Option<Bytes> {
        let first = self.first.take()?;
        self.first = self.rest.pop_front();
        if self.rest.is_empty() {
            self.rest = VecDeque::new();
        }
        Some(first)
    }

    /// Puts another frame in the place of each.
    pub(super) fn map(&mut self, mut to: impl FnMut(Bytes) -> Bytes) {
        for frame in self.first.iter_mut().chain(&mut self.rest) {
            *frame = to(std::mem::take(frame));
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Bytes> {
        self.first.iter().chain(&self.rest)
    }

    /// Drops everything, and says how many frames that were.
    pub(super) fn clear(&mut self) -> usize {
        let dropped = self.len();
        *self = Self::default();
        dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_leave_in_the_order_in_which_they_came() {
        let mut frames = Frames::default();
        for frame in ["a", "b", "c"] {
            frames.push_back(Bytes::from_static(frame.as_bytes()));
        }
        assert_eq!(frames.len(), 3);
        assert_eq!(frames.iter().map(|frame| frame[0]).collect::<Vec<_>>(), b"abc");
        assert_eq!(frames.pop_front().unwrap(), "a");
        frames.push_back(Bytes::from_static(b"d"));
        assert_eq!(frames.front_mut().unwrap(), "b");
        assert_eq!(std::iter::from_fn(|| frames.pop_front()).collect::<Vec<_>>().concat(), b"bcd");
        assert!(frames.is_empty());
        assert_eq!(frames.clear(), 0);
    }
}
