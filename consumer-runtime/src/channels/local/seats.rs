//! Numbered places, each free or taken.

use std::{cmp::Reverse, collections::BinaryHeap, ops::Range};

/// Values that keep their number; the lowest free number is given first, so that few free ones lie in between.
#[derive(Debug)]
pub(super) struct Seats<T> {
    seats: Vec<Option<T>>,
    taken: usize,
    /// Numbers that were given up; some may be taken again, or lie behind the end.
    free: BinaryHeap<Reverse<u32>>,
}

impl<T> Default for Seats<T> {
    fn default() -> Self {
        Self { seats: Vec::new(), taken: 0, free: BinaryHeap::new() }
    }
}

impl<T> Seats<T> {
    /// Takes a seat; `None` when no number is left.
    pub(super) fn take(&mut self, value: T) -> Option<u32> {
        while let Some(Reverse(number)) = self.free.pop() {
            if let Some(seat @ None) = self.seats.get_mut(number as usize) {
                *seat = Some(value);
                self.taken += 1;
                return Some(number);
            }
        }
        let number = u32::try_from(self.seats.len()).ok()?;
        if self.seats.is_empty() {
            // Most groups that there are many of have one member.
            self.seats.reserve_exact(1);
        }
        self.seats.push(Some(value));
        self.taken += 1;
        Some(number)
    }

    /// Gives a seat up.
    pub(super) fn give_up(&mut self, number: u32) -> Option<T> {
        let value = self.seats.get_mut(number as usize)?.take()?;
        self.taken -= 1;
        if self.taken == 0 {
            *self = Self::default();
            return Some(value);
        }
        self.free.push(Reverse(number));
        while let Some(None) = self.seats.last() {
            self.seats.pop();
        }
        if self.free.len() > 2 * self.seats.len() {
            self.free.retain(|Reverse(number)| (*number as usize) < self.seats.len());
        }
        Some(value)
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.seats.get_mut(number as usize)?.as_mut()
    }

    /// Who sits in a range of numbers.
    pub(super) fn range_mut(&mut self, range: Range<usize>) -> impl Iterator<Item = &mut T> {
        self.seats.get_mut(range).into_iter().flatten().flatten()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.seats.iter().flatten()
    }

    /// One more than the highest number that is taken.
    pub(super) fn end(&self) -> usize {
        self.seats.len()
    }

    /// How many are taken.
    pub(super) fn taken(&self) -> usize {
        self.taken
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_lowest_free_seat_is_given_first() {
        let mut seats = Seats::default();
        assert_eq!([0, 1, 2, 3].map(|value| seats.take(value)), [0, 1, 2, 3].map(Some));
        assert_eq!((seats.give_up(2), seats.give_up(1), seats.give_up(1)), (Some(2), Some(1), None));
        assert_eq!([4, 5, 6].map(|value| seats.take(value)), [1, 2, 4].map(Some));
        assert_eq!(seats.range_mut(1..3).map(|value| *value).collect::<Vec<_>>(), [4, 5]);
    }

    proptest! {
        #[test]
        fn nobody_loses_a_seat_and_nobody_shares_one(steps in prop::collection::vec(prop::option::of(0..40u32), 0..300)) {
            let mut seats = Seats::default();
            let mut model = HashMap::new();
            for (value, step) in steps.into_iter().enumerate() {
                match step {
                    None => {
                        let number = seats.take(value).unwrap();
                        prop_assert!(model.insert(number, value).is_none());
                    }
                    Some(number) => prop_assert_eq!(seats.give_up(number), model.remove(&number)),
                }
                prop_assert_eq!(seats.taken(), model.len());
                prop_assert_eq!(seats.end(), model.keys().max().map_or(0, |number| *number as usize + 1));
                prop_assert!(seats.free.len() <= 2 * seats.end().max(1) + 1);
            }
            for (number, value) in &model {
                prop_assert_eq!(seats.get_mut(*number), Some(&mut value.clone()));
            }
        }
    }
}
