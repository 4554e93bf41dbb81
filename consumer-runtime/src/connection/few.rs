//! A queue that mostly holds nothing or one thing.

use super::spare::Spare;

/// Things in order. The first needs no allocation, so a connection that keeps up never makes one for its queues.
#[derive(Debug)]
pub(super) struct Few<T> {
    /// Filled whenever anything is.
    first: Option<T>,
    rest: Spare<T>,
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self { first: None, rest: Spare::default() }
    }
}

impl<T> Few<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.len()
    }

    pub(super) fn push_back(&mut self, item: T) {
        match self.first {
            None => self.first = Some(item),
            Some(_) => self.rest.push_back(item),
        }
    }

    pub(super) fn push_front(&mut self, item: T) {
        if let Some(second) = self.first.replace(item) {
            self.rest.push_front(second);
        }
    }

    pub(super) fn pop_front(&mut self) -> Option<T> {
        let first = self.first.take()?;
        self.first = self.pop_second();
        Some(first)
    }

    pub(super) fn pop_back(&mut self) -> Option<T> {
        self.rest.pop_back().or_else(|| self.first.take())
    }

    /// Takes the second, or nothing when there is none.
    pub(super) fn pop_second(&mut self) -> Option<T> {
        self.rest.pop_front()
    }

    pub(super) fn front_mut(&mut self) -> Option<&mut T> {
        self.first.as_mut()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.first.iter().chain(self.rest.iter())
    }

    pub(super) fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut T> {
        self.first.iter_mut().chain(self.rest.iter_mut())
    }

    /// Gives back the memory of a queue that has run empty.
    pub(super) fn rest(&mut self) {
        self.rest.rest();
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
        assert_eq!(few.pop_second(), Some('b'));
        assert_eq!(few.pop_back(), Some('d'));
        assert_eq!(std::iter::from_fn(|| few.pop_front()).collect::<String>(), "zc");
        assert!(few.is_empty() && few.pop_second().is_none() && few.pop_back().is_none());
        few.rest();
        assert_eq!(few.len(), 0);
    }
}
