//! A queue that mostly is not there.

use std::collections::VecDeque;

/// How many things there is room for as soon as there is one: where one waits, others mostly follow.
pub(super) const FIRST: usize = 8;

/// Things in order, in one word while there are none.
#[derive(Debug)]
#[expect(clippy::box_collection, reason = "three words less in every connection at rest")]
pub(super) struct Spare<T>(Option<Box<VecDeque<T>>>);

impl<T> Default for Spare<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Spare<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn queue(&mut self) -> &mut VecDeque<T> {
        self.0.get_or_insert_with(|| Box::new(VecDeque::with_capacity(FIRST)))
    }

    pub(super) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |queue| queue.len())
    }

    pub(super) fn push_back(&mut self, item: T) {
        self.queue().push_back(item);
    }

    pub(super) fn push_front(&mut self, item: T) {
        self.queue().push_front(item);
    }

    /// Takes the first `most`, or all when there are no more.
    pub(super) fn take(&mut self, most: usize) -> VecDeque<T> {
        match &mut self.0 {
            Some(queue) if queue.len() > most => {
                let rest = queue.split_off(most);
                std::mem::replace(queue, rest)
            }
            Some(_) | None => self.0.take().map(|queue| *queue).unwrap_or_default(),
        }
    }

    pub(super) fn front(&self) -> Option<&T> {
        self.0.as_ref()?.front()
    }

    pub(super) fn pop_front(&mut self) -> Option<T> {
        self.0.as_mut()?.pop_front()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.0.iter().flat_map(|queue| queue.iter())
    }

    /// Gives back the memory of a queue that has run empty.
    pub(super) fn rest(&mut self) {
        if self.is_empty() {
            self.0 = None;
        }
    }
}
