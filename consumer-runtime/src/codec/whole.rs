//! The common case: a short message in one frame, all of which is here.

use super::{
    Incoming, Limits,
    header::{MASK, Opcode},
    mask,
};

/// Takes the message at the front of `input`, if it is so plain that nothing can be wrong with it; otherwise nothing is
/// taken, and the decoder looks at every rule.
///
/// Not compressed, of up to 125 bytes, within the limits, and a text is valid.
pub(super) fn take(limits: &Limits, input: &mut &[u8]) -> Option<Incoming> {
    let [first, second, a, b, c, d, rest @ ..] = *input else { return None };
    let is_text = *first == Opcode::Text.first_byte();
    if !is_text && *first != Opcode::Binary.first_byte() {
        return None;
    }
    let len = usize::from(second.checked_sub(MASK).filter(|len| *len < 126)?);
    if len > limits.max_message.min(limits.max_frame) {
        return None;
    }
    let (masked, rest) = rest.split_at_checked(len)?;
    let mut payload = masked.to_vec();
    mask::unmask(&mut payload, [*a, *b, *c, *d]);
    let incoming =
        if is_text { Incoming::Text(String::from_utf8(payload).ok()?) } else { Incoming::Binary(payload.into()) };
    *input = rest;
    Some(incoming)
}
