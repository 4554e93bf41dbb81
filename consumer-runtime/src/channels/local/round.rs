//! Items on their way to every member of a group, member by member, without a copy of the list of members.

use std::collections::VecDeque;

/// The number of an item, counted from the group's beginning.
pub(super) type Number = u64;

/// Items that not all members have yet, and how far round the members they have come.
///
/// Members sit in numbered seats that stay theirs. A cursor goes round the seats, and each member that it comes to gets
/// everything that it does not have, the newest included; once the cursor has come full circle since an item was there,
/// every member has it. So a busy group's items leave together, and a member waits for a round at most.
#[derive(Debug)]
pub(super) struct Round<T> {
    items: VecDeque<Item<T>>,
    /// The number of the first item that is there, or of the next one.
    first: Number,
    at: Place,
}

#[derive(Debug)]
struct Item<T> {
    item: T,
    /// Where the cursor was; when it is here again one lap later, every member has the item.
    since: Place,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    lap: u64,
    seat: usize,
}

impl<T> Default for Round<T> {
    fn default() -> Self {
        Self { items: VecDeque::new(), first: 0, at: Place::default() }
    }
}

impl<T> Round<T> {
    /// Adds an item for all members that are seated now.
    pub(super) fn push(&mut self, item: T) {
        self.items.push_back(Item { item, since: self.at });
    }

    /// Whether every member has everything.
    pub(super) fn is_done(&self) -> bool {
        self.items.is_empty()
    }

    /// How many items are not everywhere yet.
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// The number that the next item gets: a member that has all before it needs nothing.
    pub(super) fn next(&self) -> Number {
        self.first + self.items.len() as Number
    }

    /// What a member still has to get that has everything before `from`.
    pub(super) fn missing(&self, from: Number) -> impl Iterator<Item = &T> {
        let skip = usize::try_from(from.saturating_sub(self.first)).unwrap_or(usize::MAX);
        self.items.iter().skip(skip).map(|item| &item.item)
    }

    /// Which seats come next, `most` at once.
    pub(super) fn seats(&mut self, most: usize, seats: usize) -> std::ops::Range<usize> {
        if self.at.seat >= seats {
            self.lap();
        }
        self.at.seat..seats.min(self.at.seat + most)
    }

    /// The members on `seats` have everything; what all members have by now is dropped.
    pub(super) fn advance(&mut self, end: usize, seats: usize) {
        self.at.seat = end;
        if end >= seats {
            self.lap();
        }
        while let Some(item) = self.items.front()
            && self.at >= (Place { lap: item.since.lap + 1, ..item.since })
        {
            self.items.pop_front();
            self.first += 1;
        }
        if self.items.is_empty() {
            self.items = VecDeque::new();
            if self.at.seat > 0 {
                self.lap();
            }
        }
    }

    fn lap(&mut self) {
        self.at = Place { lap: self.at.lap + 1, seat: 0 };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What happens to a group.
    #[derive(Clone, Debug)]
    enum Step {
        Join,
        Leave(usize),
        Send,
        Slice(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            2 => Just(Step::Join),
            1 => (0..64usize).prop_map(Step::Leave),
            3 => Just(Step::Send),
            3 => (1..5usize).prop_map(Step::Slice),
        ]
    }

    /// One who got `from..` of the items, and is still there or not.
    #[derive(Debug)]
    struct Member {
        joined: Number,
        next: Number,
    }

    proptest! {
        #[test]
        fn every_member_gets_each_item_once_in_order_from_its_join_to_its_leave(steps in prop::collection::vec(step(), 0..200)) {
            let mut round = Round::default();
            let mut seats: Vec<Option<Member>> = Vec::new();
            let mut sent = 0;
            let give = |round: &Round<Number>, member: &mut Member| {
                let missing: Vec<_> = round.missing(member.next).copied().collect();
                let expected: Vec<_> = (member.next..round.next()).collect();
                member.next = round.next();
                (missing, expected)
            };
            for step in steps {
                match step {
                    Step::Join => {
                        let member = Member { joined: sent, next: round.next() };
                        match seats.iter_mut().find(|seat| seat.is_none()) {
                            Some(seat) => *seat = Some(member),
                            None => seats.push(Some(member)),
                        }
                    }
                    Step::Leave(index) => {
                        let len = seats.len().max(1);
                        if let Some(mut member) = seats.get_mut(index % len).and_then(Option::take) {
                            let (missing, expected) = give(&round, &mut member);
                            prop_assert_eq!(missing, expected);
                            prop_assert_eq!(member.next, sent);
                            prop_assert!(member.joined <= sent);
                        }
                    }
                    Step::Send => {
                        if !seats.is_empty() {
                            round.push(sent);
                            sent += 1;
                        }
                    }
                    Step::Slice(most) => {
                        let len = seats.len();
                        let range = round.seats(most, len);
                        for member in seats[range.clone()].iter_mut().flatten() {
                            let (missing, expected) = give(&round, member);
                            prop_assert_eq!(missing, expected);
                        }
                        round.advance(range.end, len);
                        prop_assert!(seats.iter().flatten().all(|member| member.next >= round.first), "nobody misses what is dropped");
                    }
                }
                prop_assert_eq!(round.next(), sent);
            }
            let len = seats.len();
            for _ in 0..2 * len + 2 {
                let range = round.seats(3, len);
                for member in seats[range.clone()].iter_mut().flatten() {
                    let (missing, expected) = give(&round, member);
                    prop_assert_eq!(missing, expected);
                }
                round.advance(range.end, len);
            }
            prop_assert!(round.is_done());
            prop_assert!(seats.iter().flatten().all(|member| member.next == sent));
        }
    }
}
