//! What goes over the socket of one consumer.

use std::collections::BTreeMap;

use sha1::{Digest, Sha1};

use super::{build, listing::Builder, shape::Shape};
use crate::consumer::Consumer;

/// What goes over the socket of one consumer: the frames that a client may send, their replies, and what the server
/// sends by its own.
///
/// A client that was built for one contract works with a server that has another, as long as the server
/// [`serves`](Contract::serves) it.
///
/// ```
/// use consumer_runtime::{prelude::*, schema::Contract};
///
/// #[consumer("/ws/echo/")]
/// struct Echo {}
///
/// #[consumer]
/// impl Echo {
///     #[receive("echo.say")]
///     async fn say(&mut self, text: serde_json::Value) -> u32 {
///         text.to_string().len() as u32
///     }
/// }
///
/// let contract = Contract::of::<Echo>();
/// let text = contract.to_string();
/// assert!(text.starts_with("contract 1\nframe echo.say any -> "));
/// assert_eq!(Contract::parse(&text).unwrap(), contract);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contract {
    pub(super) inputs: BTreeMap<Input, Taken>,
    pub(super) sends: BTreeMap<String, Shape>,
    pub(super) taken_types: BTreeMap<String, Shape>,
    pub(super) given_types: BTreeMap<String, Shape>,
}

/// What a client may send.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Input {
    /// Binary frames.
    Bytes,
    /// A JSON frame of this `type`; without one, when the name is empty.
    Frame(String),
    /// Text frames that are not JSON.
    Text,
}

/// What a consumer takes, and answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Taken {
    /// The frame without its `type` and `id`.
    pub payload: Shape,
    /// The answer; `None` when the handler returns no value, so that a frame with an `id` is answered with `null`.
    pub reply: Option<Reply>,
}

/// What a handler answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply {
    /// The value.
    pub value: Shape,
}

impl Contract {
    /// The longest text that [`parse`](Self::parse) reads, in bytes: 16 KiB, since it travels in the head of a request.
    pub const MAX_TEXT: usize = 16 * 1024;

    /// The deepest nesting of a shape that [`parse`](Self::parse) reads.
    pub const MAX_DEPTH: usize = 64;

    /// The contract of a consumer, from its declarations.
    ///
    /// With the feature `schema`, payloads and values that derive `JsonSchema` (schemars 1) give their shapes. All others,
    /// and those that depend on a type parameter without that bound, are [`Shape::Any`].
    pub fn of<C: Consumer>() -> Self {
        build::contract(&Builder::of::<C>())
    }

    /// What the client may send, by kind and name.
    pub fn inputs(&self) -> impl Iterator<Item = (&Input, &Taken)> {
        self.inputs.iter()
    }

    /// What the server sends by its own.
    ///
    /// A shared handler's value has the name of its event. A type of `sends(..)` has the name of its wire `type` if that
    /// never changes, and its own name otherwise.
    pub fn sends(&self) -> impl Iterator<Item = (&str, &Shape)> {
        named(&self.sends)
    }

    /// The types that shapes of payloads refer to.
    pub fn taken_types(&self) -> impl Iterator<Item = (&str, &Shape)> {
        named(&self.taken_types)
    }

    /// The types that shapes of replies and of [`sends`](Self::sends) refer to.
    pub fn given_types(&self) -> impl Iterator<Item = (&str, &Shape)> {
        named(&self.given_types)
    }

    /// 16 hexadecimal digits that equal contracts share: the beginning of the text's SHA-1.
    ///
    /// It tells versions apart and proves nothing: whoever wants another contract of the same hash can have it.
    pub fn hash(&self) -> String {
        hash(&self.to_string())
    }
}

pub(super) fn hash(text: &str) -> String {
    Sha1::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn named(shapes: &BTreeMap<String, Shape>) -> impl Iterator<Item = (&str, &Shape)> {
    shapes.iter().map(|(name, shape)| (&**name, shape))
}
