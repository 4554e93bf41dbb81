//! From the flat tagged form, `{"type": "chat.message", ..fields}`, to a value in one pass.
//!
//! The generated enums say which names they know and how to read each payload ([`Tagged`]); everything else is here:
//! reading the name borrowed, taking the frame's own `type` and `id` out of the payload's sight, falling back when
//! `type` is late or missing, and naming the field when something does not fit.

mod entries;
mod frame;
mod set;

pub(crate) use frame::{FrameId, decode_frame};
pub use set::deserialize_tagged;
pub(crate) use set::read_value;

use std::borrow::Cow;

use serde::Deserializer;

/// A set of named payloads: implemented by the enums that `#[consumer]` generates.
#[doc(hidden)]
pub trait Tagged: Sized {
    /// The names, by index; the nameless handler has the empty name.
    const NAMES: &'static [&'static str];

    /// The index of the payload that has no name.
    const NAMELESS: Option<usize> = None;

    /// The index of a name; `a.b` and `a_b` are the same name.
    fn find(name: &str) -> Option<usize>;

    /// Reads the payload of an index.
    fn read<'de, D: Deserializer<'de>>(index: usize, payload: D) -> Result<Self, D::Error>;
}

/// The method name that Channels makes of an event's name.
pub fn fold(name: &str) -> Cow<'_, str> {
    if name.contains('.') { Cow::Owned(name.replace('.', "_")) } else { Cow::Borrowed(name) }
}
