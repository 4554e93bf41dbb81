//! A queue that mostly holds nothing or one thing.

use std::collections::VecDeque;

use super::spare::FIRST;

/// Things in order. The first needs no allocation, so a connection that keeps up never makes one for its queues.
#[derive(Debug)]
pub(super) enum Few<T> {
    /// Nothing, or one thing.
    One(Option<T>),
    /// In a box, so that a connection at rest has no room for it.
    #[expect(clippy::box_collection, reason = "two words less in every connection at rest")]
    Many(Box<VecDeque<T>>),
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self::One(None)
    }
}

impl<T> Few<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::One(one) => usize::from(one.is_some()),
            Self::Many(queue) => queue.len(),
        }
    }

    pub(super) fn push_back(&mut self, item: T) {
        match self {
            Self::One(one @ None) => *one = Some(item),
            Self::One(Some(_)) => self.queue(|queue| queue.push_back(item)),
            Self::Many(queue) => queue.push_back(item),
        }
    }

    pub(super) fn push_front(&mut self, item: T) {
        match self {
            Self::One(one @ None) => *one = Some(item),
            Self::One(Some(_)) => self.queue(|queue| queue.push_front(item)),
            Self::Many(queue) => queue.push_front(item),
        }
    }

    /// Makes a queue of the one that there is.
    fn queue(&mut self, add: impl FnOnce(&mut VecDeque<T>)) {
        let mut queue = VecDeque::with_capacity(FIRST);
        queue.extend(self.pop_front());
        add(&mut queue);
        *self = Self::Many(Box::new(queue));
    }

    #[inline]
    pub(super) fn pop_front(&mut self) -> Option<T> {
        match self {
            Self::One(one) => one.take(),
            Self::Many(queue) => queue.pop_front(),
        }
    }

    /// Takes the first `most`, or all when there are no more.
    pub(super) fn take(&mut self, most: usize) -> Self {
        match self {
            Self::Many(queue) if queue.len() > most => {
                let rest = queue.split_off(most);
                Self::Many(Box::new(std::mem::replace(queue, rest)))
            }
            Self::One(_) | Self::Many(_) => std::mem::take(self),
        }
    }

    pub(super) fn pop_back(&mut self) -> Option<T> {
        match self {
            Self::One(one) => one.take(),
            Self::Many(queue) => queue.pop_back(),
        }
    }

    /// Takes the second, or nothing when there is none.
    pub(super) fn pop_second(&mut self) -> Option<T> {
        match self {
            Self::One(_) => None,
            Self::Many(queue) => queue.remove(1),
        }
    }

    pub(super) fn front_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::One(one) => one.as_mut(),
            Self::Many(queue) => queue.front_mut(),
        }
    }

    pub(super) fn back_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::One(one) => one.as_mut(),
            Self::Many(queue) => queue.back_mut(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        let (one, queue) = match self {
            Self::One(one) => (one.as_ref(), None),
            Self::Many(queue) => (None, Some(queue.iter())),
        };
        one.into_iter().chain(queue.into_iter().flatten())
    }

    pub(super) fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut T> {
        let (one, queue) = match self {
            Self::One(one) => (one.as_mut(), None),
            Self::Many(queue) => (None, Some(queue.iter_mut())),
        };
        one.into_iter().chain(queue.into_iter().flatten())
    }

    /// Gives back the memory of a queue that has run empty.
    pub(super) fn rest(&mut self) {
        if self.is_empty() {
            *self = Self::One(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_leave_in_the_order_in_which_they_came() {
        let mut few = Few::default();
        for item in ['a', 'b', 'c'] {
            few.push_back(item);
        }
        assert_eq!(few.len(), 3);
        assert_eq!(few.iter().collect::<String>(), "abc");
        assert_eq!(few.pop_front(), Some('a'));
        few.push_back('d');
        few.push_front('z');
        assert_eq!(few.front_mut(), Some(&mut 'z'));
        assert_eq!(few.back_mut(), Some(&mut 'd'));
        assert_eq!(few.pop_second(), Some('b'));
        assert_eq!(few.pop_back(), Some('d'));
        assert_eq!(std::iter::from_fn(|| few.pop_front()).collect::<String>(), "zc");
        assert!(few.is_empty() && few.pop_second().is_none() && few.pop_back().is_none());
        for item in ['a', 'b', 'c'] {
            few.push_back(item);
        }
        assert_eq!(few.take(2).iter().collect::<String>(), "ab");
        assert_eq!(few.take(2).iter().collect::<String>(), "c");
        few.rest();
        assert_eq!((few.len(), few.back_mut()), (0, None));
        few.push_back('e');
        assert_eq!(few.back_mut(), Some(&mut 'e'));
    }
}
