//! Whether two templates can give one name.
//!
//! Each template is an automaton over its symbols; the two walk through the same bytes side by side, breadth first, so
//! what is found is a shortest common name. All of it is `const`, since `routes!` asks while compiling.

use super::template::{CHARACTERS, State, Template};
use crate::names::MAX_NAME;

/// A name that two templates share.
#[derive(Clone, Copy)]
pub(crate) struct Example {
    bytes: [u8; MAX_NAME],
    len: usize,
}

impl Example {
    pub(crate) const fn as_str(&self) -> &str {
        let (name, _) = self.bytes.split_at(self.len);
        match std::str::from_utf8(name) {
            Ok(name) => name,
            Err(_) => "",
        }
    }
}

/// How much [`example`] needs of its scratch.
pub(crate) const fn scratch(a: &str, b: &str) -> usize {
    let pairs = Template::parse(a).states() * Template::parse(b).states();
    pairs + pairs.div_ceil(64)
}

/// A shortest name that both templates can give; `None` when there is none.
///
/// # Panics
/// When `scratch` is shorter than [`scratch`] says.
pub(crate) const fn example(a: &str, b: &str, scratch: &mut [u64]) -> Option<Example> {
    let (a, b) = (Template::parse(a), Template::parse(b));
    if a.is_impossible() || b.is_impossible() {
        return None;
    }
    let (bytes, count) = alphabet(&a, &b);
    let mut walk = Walk::new(&a, &b, scratch);
    walk.reach(State::START, State::START, 0, 0);
    let (mut head, mut length) = (0, 0);
    while length <= MAX_NAME {
        let level = walk.tail;
        if head == level {
            return None;
        }
        while head < level {
            let (at_a, at_b) = walk.pair(head);
            if a.accepts(at_a) && b.accepts(at_b) {
                return Some(walk.name(head, length));
            }
            match (a.only_byte(at_a), b.only_byte(at_b)) {
                (Some(byte), _) | (None, Some(byte)) => walk.follow(head, at_a, at_b, byte),
                (None, None) => {
                    let mut index = 0;
                    while index < count {
                        walk.follow(head, at_a, at_b, bytes[index]);
                        index += 1;
                    }
                }
            }
            head += 1;
        }
        length += 1;
    }
    None
}

/// The bytes that make a difference: those that stand in a template, and one for all others.
const fn alphabet(a: &Template, b: &Template) -> ([u8; CHARACTERS.len()], usize) {
    let mut bytes = [0; CHARACTERS.len()];
    let (mut count, mut index, mut other) = (0, 0, false);
    while index < CHARACTERS.len() {
        let byte = CHARACTERS[index];
        let literal = a.holds(byte) || b.holds(byte);
        if literal || !other {
            other = other || !literal;
            bytes[count] = byte;
            count += 1;
        }
        index += 1;
    }
    (bytes, count)
}

/// The pairs of states that were reached: a queue, and behind it one bit for each pair.
struct Walk<'a> {
    a: &'a Template,
    b: &'a Template,
    queue: &'a mut [u64],
    seen: &'a mut [u64],
    tail: usize,
}

/// An entry is a pair of states, the byte that led to it, and the entry before it.
const PAIR_BITS: u32 = 2 * State::BITS;
const BYTE_BITS: u32 = 8;

impl<'a> Walk<'a> {
    const fn new(a: &'a Template, b: &'a Template, scratch: &'a mut [u64]) -> Self {
        let (queue, seen) = scratch.split_at_mut(a.states() * b.states());
        let mut index = 0;
        while index < seen.len() {
            seen[index] = 0;
            index += 1;
        }
        Self { a, b, queue, seen, tail: 0 }
    }

    const fn reach(&mut self, at_a: State, at_b: State, byte: u8, before: usize) {
        let pair = self.a.index(at_a) * self.b.states() + self.b.index(at_b);
        let (word, bit) = (pair / 64, 1 << (pair % 64));
        if self.seen[word] & bit == 0 {
            self.seen[word] |= bit;
            let path = ((before as u64) << BYTE_BITS) | byte as u64;
            self.queue[self.tail] = (path << PAIR_BITS) | ((at_a.code() << State::BITS) | at_b.code());
            self.tail += 1;
        }
    }

    const fn pair(&self, entry: usize) -> (State, State) {
        let entry = self.queue[entry];
        (State::from_code(entry >> State::BITS), State::from_code(entry))
    }

    /// Reaches everything that `byte` leads to.
    const fn follow(&mut self, entry: usize, at_a: State, at_b: State, byte: u8) {
        let (nexts_a, nexts_b) = (self.a.step(at_a, byte), self.b.step(at_b, byte));
        let mut index = 0;
        while index < 4 {
            if let (Some(next_a), Some(next_b)) = (nexts_a[index / 2], nexts_b[index % 2]) {
                self.reach(next_a, next_b, byte, entry);
            }
            index += 1;
        }
    }

    /// The bytes on the way to an entry.
    const fn name(&self, mut entry: usize, len: usize) -> Example {
        let mut bytes = [0; MAX_NAME];
        let mut at = len;
        while at > 0 {
            at -= 1;
            let path = self.queue[entry] >> PAIR_BITS;
            bytes[at] = (path & 0xff) as u8;
            entry = (path >> BYTE_BITS) as usize;
        }
        Example { bytes, len }
    }
}

#[cfg(test)]
mod tests;
