//! Who got what.

use std::time::{Duration, Instant};

use super::super::{
    crowd::Watch,
    speech::{Speech, message, number},
};

/// The number of the messages that find out whether all members are there.
const PROBE: u32 = 99_999_999;

/// A member that is not counted.
const UNCOUNTED: u32 = u32::MAX;

/// The books of all messages and members; message `n` goes to group `n % groups`.
#[derive(Debug)]
pub(crate) struct Deliveries {
    speech: Speech,
    groups: u32,
    /// How many members of each group are counted.
    sizes: Vec<u32>,
    /// The message that each member should get next.
    next: Vec<u32>,
    /// What each member was passed over with; it may come late, from servers that keep no order.
    skipped: Vec<Vec<u32>>,
    /// When each message was due, how many members still lack it, and whether one will lack it for good.
    messages: Vec<Message>,
    unfinished: usize,
    latencies: Vec<Duration>,
    received: u64,
    lost: u64,
    reordered: u64,
    disconnected: u64,
    probed: Vec<bool>,
    probes_missing: usize,
    wrong: Option<String>,
    finished_at: Instant,
}

#[derive(Clone, Copy, Debug)]
struct Message {
    due: Instant,
    lacking: u32,
    spoilt: bool,
}

impl Deliveries {
    /// Books for so many members, spread over the groups one by one.
    pub(crate) fn new(speech: Speech, members: usize, groups: usize) -> Self {
        let size = |group: usize| (members / groups + usize::from(group < members % groups)) as u32;
        Self {
            speech,
            groups: groups as u32,
            sizes: (0..groups).map(size).collect(),
            next: (0..members).map(|member| (member % groups) as u32).collect(),
            skipped: vec![Vec::new(); members],
            messages: Vec::new(),
            unfinished: 0,
            latencies: Vec::new(),
            received: 0,
            lost: 0,
            reordered: 0,
            disconnected: 0,
            probed: vec![false; members],
            probes_missing: members,
            wrong: None,
            finished_at: Instant::now(),
        }
    }

    /// Leaves this member out of the books; before the first message.
    pub(crate) fn ignore(&mut self, member: usize) {
        self.sizes[member % self.groups as usize] -= 1;
        self.next[member] = UNCOUNTED;
    }

    /// The message that finds out who is there.
    pub(crate) fn probe(&self) -> String {
        message(PROBE, 64)
    }

    /// How many members got no probe yet.
    pub(crate) fn probes_missing(&self) -> usize {
        self.probes_missing
    }

    /// Enters the next message and answers its number.
    pub(crate) fn send(&mut self, due: Instant) -> u32 {
        let number = self.messages.len() as u32;
        let lacking = self.sizes[(number % self.groups) as usize];
        self.messages.push(Message { due, lacking, spoilt: false });
        self.unfinished += usize::from(lacking > 0);
        number
    }

    /// The number that the next message will have.
    pub(crate) fn upcoming(&self) -> u32 {
        self.messages.len() as u32
    }

    /// How many messages have not reached all of their members.
    pub(crate) fn unfinished(&self) -> usize {
        self.unfinished
    }

    /// Forgets what was counted so far, as after the warm-up.
    pub(crate) fn start(&mut self) {
        self.latencies.clear();
        (self.received, self.lost, self.reordered, self.disconnected) = (0, 0, 0, 0);
        self.finished_at = Instant::now();
    }

    pub(crate) fn received(&self) -> u64 {
        self.received
    }

    /// Deliveries that did not come: members that were passed over or disconnected, and what never arrived.
    pub(crate) fn lost(&self) -> u64 {
        let never: u64 = self.messages.iter().map(|message| u64::from(message.lacking)).sum();
        self.lost + never
    }

    /// Messages that came to a member after a later one.
    pub(crate) fn reordered(&self) -> u64 {
        self.reordered
    }

    pub(crate) fn disconnected(&self) -> u64 {
        self.disconnected
    }

    /// When the last message reached its last member.
    pub(crate) fn finished_at(&self) -> Instant {
        self.finished_at
    }

    /// What a member got that nobody sent.
    pub(crate) fn wrong(&self) -> Option<&str> {
        self.wrong.as_deref()
    }

    /// The times from the due time to the last member's receipt, of all messages that reached everybody.
    pub(crate) fn latencies(&mut self) -> &mut [Duration] {
        &mut self.latencies
    }

    /// One member less lacks the message: it got it, or never will.
    fn settle(&mut self, number: u32, got: bool) {
        let message = &mut self.messages[number as usize];
        message.spoilt |= !got;
        message.lacking -= 1;
        if message.lacking == 0 {
            self.unfinished -= 1;
            self.finished_at = Instant::now();
            if !message.spoilt {
                self.latencies.push(self.finished_at - message.due);
            }
        }
    }

    /// Whether this message was sent, and to the member's group.
    fn is_for(&self, number: u32, member: usize) -> bool {
        number < self.upcoming() && number as usize % self.sizes.len() == member % self.sizes.len()
    }

    fn pass_over(&mut self, numbers: impl Iterator<Item = u32>) {
        for number in numbers {
            self.lost += 1;
            self.settle(number, false);
        }
    }

    fn take_probe(&mut self, member: usize, text: &[u8]) {
        if self.speech.said(text).as_deref() != Some(&message(PROBE, 64)) {
            self.wrong = Some(String::from_utf8_lossy(text).into_owned());
        }
        if !std::mem::replace(&mut self.probed[member], true) {
            self.probes_missing -= 1;
        }
    }
}

impl Watch for Deliveries {
    fn text(&mut self, member: usize, text: &[u8]) {
        let expected = self.next[member];
        match number(text) {
            Some(PROBE) => self.take_probe(member, text),
            Some(_) if expected == UNCOUNTED => {}
            Some(number) if number >= expected && self.is_for(number, member) => {
                self.skipped[member].extend((expected..number).step_by(self.groups as usize));
                self.next[member] = number + self.groups;
                self.received += 1;
                self.settle(number, true);
            }
            Some(number) if self.skipped[member].contains(&number) => {
                self.skipped[member].retain(|&skipped| skipped != number);
                self.reordered += 1;
                self.received += 1;
                self.settle(number, true);
            }
            _ => self.wrong = Some(String::from_utf8_lossy(text).into_owned()),
        }
    }

    fn closed(&mut self, member: usize) {
        self.disconnected += 1;
        let expected = std::mem::replace(&mut self.next[member], UNCOUNTED);
        if expected != UNCOUNTED {
            self.sizes[member % self.groups as usize] -= 1;
            let skipped = std::mem::take(&mut self.skipped[member]);
            self.pass_over(skipped.into_iter().chain((expected..self.upcoming()).step_by(self.groups as usize)));
        }
    }
}

#[cfg(test)]
mod tests;
