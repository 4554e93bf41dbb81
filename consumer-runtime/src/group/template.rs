//! A template of names as an automaton.

use crate::names::MAX_NAME;

/// What names consist of; digits first, since they make the plainest examples.
pub(super) const CHARACTERS: &[u8; 65] = b"1023456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-.";

/// A symbol that stands for a field; all others are the byte itself.
const FIELD: u8 = 0;

/// A template that the macros have checked.
///
/// A value is one character or more, and holds none of the texts that stand between two fields: the same rule as when a
/// template is filled.
pub(super) struct Template {
    symbols: [u8; MAX_NAME],
    len: usize,
    /// The texts between two fields, as ranges of the symbols.
    separators: [(u8, u8); MAX_NAME / 2],
    separator_count: usize,
    /// The number of the first state of each symbol, and of the end.
    first_states: [u16; MAX_NAME + 1],
    impossible: bool,
}

/// Where a template is while it reads a name.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// The symbol that is read next, or the field that is being read.
    symbol: usize,
    /// In a field: 0 before its first byte, else 1 and, when the value ends like a separator begins, the place of the
    /// last symbol that it has of it.
    inside: usize,
}

impl State {
    pub(super) const BITS: u32 = 14;
    pub(super) const START: Self = Self { symbol: 0, inside: 0 };

    pub(super) const fn code(self) -> u64 {
        ((self.symbol as u64) << 7) | self.inside as u64
    }

    pub(super) const fn from_code(code: u64) -> Self {
        Self { symbol: (code >> 7) as usize & 0x7f, inside: code as usize & 0x7f }
    }
}

impl Template {
    pub(super) const fn parse(template: &str) -> Self {
        let text = template.as_bytes();
        let mut parsed = Self {
            symbols: [FIELD; MAX_NAME],
            len: 0,
            separators: [(0, 0); MAX_NAME / 2],
            separator_count: 0,
            first_states: [0; MAX_NAME + 1],
            impossible: text.is_empty(),
        };
        let mut at = 0;
        let mut after_field = None;
        while at < text.len() {
            if parsed.len == MAX_NAME {
                // Each symbol is a byte at least, so every name would be too long.
                parsed.len = 0;
                parsed.separator_count = 0;
                parsed.impossible = true;
                return parsed;
            }
            if text[at] == b'{' {
                while at + 1 < text.len() && text[at] != b'}' {
                    at += 1;
                }
                if let Some(start) = after_field
                    && start < parsed.len
                {
                    parsed.separators[parsed.separator_count] = (start as u8, parsed.len as u8);
                    parsed.separator_count += 1;
                }
                parsed.symbols[parsed.len] = FIELD;
                after_field = Some(parsed.len + 1);
            } else {
                parsed.symbols[parsed.len] = text[at];
            }
            parsed.len += 1;
            at += 1;
        }
        parsed.count_states();
        parsed
    }

    const fn count_states(&mut self) {
        let (mut long, mut index) = (false, 0);
        while index < self.separator_count {
            let (start, end) = self.separators[index];
            long |= end - start > 1;
            index += 1;
        }
        // A separator of one byte is refused at once, so nothing of it need be remembered.
        let inside = if long { self.len + 1 } else { 2 };
        let mut symbol = 0;
        while symbol < self.len {
            let states = if self.symbols[symbol] == FIELD { inside } else { 1 };
            self.first_states[symbol + 1] = self.first_states[symbol] + states as u16;
            symbol += 1;
        }
    }

    /// How many states there are.
    pub(super) const fn states(&self) -> usize {
        self.first_states[self.len] as usize + 1
    }

    /// Which of them this is.
    pub(super) const fn index(&self, state: State) -> usize {
        self.first_states[state.symbol] as usize + state.inside
    }

    /// Whether it gives no name at all.
    pub(super) const fn is_impossible(&self) -> bool {
        self.impossible
    }

    /// Whether `byte` stands in it.
    pub(super) const fn holds(&self, byte: u8) -> bool {
        let mut symbol = 0;
        while symbol < self.len {
            if self.symbols[symbol] == byte {
                return true;
            }
            symbol += 1;
        }
        false
    }

    /// Whether a name may end here.
    pub(super) const fn accepts(&self, state: State) -> bool {
        state.symbol == self.len || (state.inside > 0 && state.symbol + 1 == self.len)
    }

    /// The only byte that can come next, when there is only one.
    pub(super) const fn only_byte(&self, state: State) -> Option<u8> {
        if state.symbol < self.len && self.symbols[state.symbol] != FIELD {
            Some(self.symbols[state.symbol])
        } else {
            None
        }
    }

    /// Where `byte` leads: within the field, and behind it.
    pub(super) const fn step(&self, state: State, byte: u8) -> [Option<State>; 2] {
        let State { symbol, inside } = state;
        if symbol == self.len {
            return [None, None];
        }
        if self.symbols[symbol] != FIELD {
            return [if self.symbols[symbol] == byte { Some(Self::behind(symbol)) } else { None }, None];
        }
        // Two fields never touch: a literal or the end follows.
        let next = symbol + 1;
        let leaves = inside > 0 && next < self.len && self.symbols[next] == byte;
        let stays = match self.within(inside, byte) {
            Some(inside) => Some(State { symbol, inside }),
            None => None,
        };
        [stays, if leaves { Some(Self::behind(next)) } else { None }]
    }

    const fn behind(symbol: usize) -> State {
        State { symbol: symbol + 1, inside: 0 }
    }

    /// What a value is inside of after `byte`; `None` when it would hold a separator.
    const fn within(&self, inside: usize, byte: u8) -> Option<usize> {
        // What the value has of a separator already.
        let end = inside;
        let mut start = end;
        while inside > 1 && self.symbols[start - 1] != FIELD {
            start -= 1;
        }
        let mut found = 1;
        while start <= end {
            let mut index = 0;
            while index < self.separator_count {
                let (from, to) = (self.separators[index].0 as usize, self.separators[index].1 as usize);
                if self.begins(from, to, start, end, byte) {
                    let len = end - start + 1;
                    if len == to - from {
                        return None;
                    }
                    // The first that fits is the longest, and holds the shorter ones.
                    if found == 1 {
                        found = from + len;
                    }
                }
                index += 1;
            }
            start += 1;
        }
        Some(found)
    }

    /// Whether the separator `from..to` begins with the symbols `start..end` and `byte`.
    const fn begins(&self, from: usize, to: usize, start: usize, end: usize, byte: u8) -> bool {
        let len = end - start;
        if len >= to - from || self.symbols[from + len] != byte {
            return false;
        }
        let mut index = 0;
        while index < len {
            if self.symbols[from + index] != self.symbols[start + index] {
                return false;
            }
            index += 1;
        }
        true
    }
}
