//! What travels through a channel layer.

#[cfg(feature = "msgpack")]
pub(crate) mod packed;

use std::{any::Any, fmt, sync::Arc};

use serde_json::Value;

use crate::{
    error::Error,
    event::{Event, EventSet, Shared},
    names::ChannelName,
};

/// One message on its way to a channel or a group: a name and fields.
///
/// Inside a process it carries the typed event itself and is never serialised; layers that leave the process ask for
/// [`to_value`](Message::to_value), and carry [`except`](Message::except) and [`reply_to`](Message::reply_to) beside it.
/// Cloning shares the payload.
#[derive(Clone)]
pub struct Message {
    name: Name,
    body: Body,
    /// Rare, so that an ordinary message stays small.
    envelope: Option<Arc<Envelope>>,
}

/// What a message says besides the event.
#[derive(Clone, Default)]
struct Envelope {
    except: Vec<ChannelName>,
    reply_to: Option<ChannelName>,
}

/// The name of an event that is typed is known when it is compiled, and costs nothing.
#[derive(Clone)]
enum Name {
    Known(&'static str),
    Told(Arc<str>),
}

#[derive(Clone)]
enum Body {
    Typed(Arc<dyn Payload>),
    Value(Arc<Value>),
    /// As it came from another process, checked.
    #[cfg(feature = "msgpack")]
    Packed(Arc<[u8]>),
}

/// An event whose type is known to the sender alone.
trait Payload: Any + Send + Sync {
    fn to_value(&self) -> serde_json::Result<Value>;
    #[cfg(feature = "msgpack")]
    fn pack(&self) -> Result<Vec<u8>, Error>;
    fn into_any(self: Arc<Self>) -> Shared;
}

impl<E: Event> Payload for E {
    fn to_value(&self) -> serde_json::Result<Value> {
        serde_json::to_value(self)
    }

    #[cfg(feature = "msgpack")]
    fn pack(&self) -> Result<Vec<u8>, Error> {
        packed::pack(self)
    }

    fn into_any(self: Arc<Self>) -> Shared {
        self
    }
}

/// A message that nobody can dispatch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MessageError {
    /// It is not an object.
    NotAnObject,
    /// It has no `type`, or one that is not a string.
    NoType,
    /// It cannot be read; the text says why.
    Malformed(&'static str),
    /// Its `type` would name a private method in Django Channels: a leading `_` or `.`.
    LeadingUnderscore(String),
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why) => write!(f, "the message cannot be read: {why}"),
            Self::NotAnObject => f.write_str("a message is a JSON object with a `type`"),
            Self::NoType => f.write_str("the message has no `type`, such as \"chat.message\""),
            Self::LeadingUnderscore(name) => {
                write!(f, "the message type {name:?} begins with `_` or `.`; begin it with a letter")
            }
        }
    }
}

impl std::error::Error for MessageError {}

impl Message {
    /// A typed event.
    pub fn event<E: Event>(event: E) -> Self {
        Self { name: Name::Known(E::NAME), body: Body::Typed(Arc::new(event)), envelope: None }
    }

    /// A JSON object with a `type`, as Django sends it.
    ///
    /// # Errors
    /// [`MessageError`] when it is no object, or its `type` is missing or begins with `_` or `.`.
    pub fn from_value(value: Value) -> Result<Self, MessageError> {
        let fields = value.as_object().ok_or(MessageError::NotAnObject)?;
        let name = told(fields.get("type").and_then(Value::as_str))?;
        Ok(Self { name, body: Body::Value(Arc::new(value)), envelope: None })
    }

    /// A map with a `type` as MessagePack, as Django sends it over Redis. Bytes stay bytes.
    ///
    /// # Errors
    /// [`MessageError`] when it cannot be read, is no map with strings as keys, or its `type` is missing or begins with
    /// `_` or `.`.
    #[cfg(feature = "msgpack")]
    pub fn from_msgpack(bytes: &[u8]) -> Result<Self, MessageError> {
        let fields = packed::fields(bytes)?;
        // Of two fields with one name Python takes the last.
        let field = fields.iter().rfind(|field| field.key == "type").ok_or(MessageError::NoType)?;
        let name = told(packed::read(&bytes[field.value.clone()]).ok())?;
        let body = match fields.first() {
            // The name first, as Django mostly has it: then the rest is read without a copy, and bytes as such.
            Some(first) if first.entry != field.entry => packed::first(bytes, &fields, field).into(),
            Some(_) | None => bytes.into(),
        };
        Ok(Self { name, body: Body::Packed(body), envelope: None })
    }

    /// The message as MessagePack, its `type` included, as Python's `msgpack` reads it.
    ///
    /// Keys of maps that are numbers become strings, as they do in JSON.
    ///
    /// # Errors
    /// When the event's own `Serialize` fails.
    #[cfg(feature = "msgpack")]
    pub fn to_msgpack(&self) -> Result<Vec<u8>, Error> {
        let written = match &self.body {
            Body::Typed(event) => event.pack()?,
            Body::Value(value) => packed::pack(&**value)?,
            Body::Packed(bytes) => return Ok(bytes.to_vec()),
        };
        // Python's reader refuses keys that are no strings, and with them the whole message.
        if packed::fields(&written).is_ok() { Ok(written) } else { packed::pack(&self.to_value()?) }
    }

    /// Leaves channels out of a group send.
    #[must_use]
    pub fn with_except(mut self, except: impl IntoIterator<Item = ChannelName>) -> Self {
        let mut except = except.into_iter().peekable();
        if except.peek().is_some() {
            self.envelope().except.extend(except);
        }
        self
    }

    /// Asks for an answer of whoever handles it, sent to a channel of the process that asks.
    #[must_use]
    pub fn with_reply_to(mut self, channel: ChannelName) -> Self {
        self.envelope().reply_to = Some(channel);
        self
    }

    fn envelope(&mut self) -> &mut Envelope {
        Arc::make_mut(self.envelope.get_or_insert_default())
    }

    /// The members of the group that do not get it.
    pub fn except(&self) -> &[ChannelName] {
        self.envelope.as_ref().map_or(&[], |envelope| &envelope.except)
    }

    /// Where answers go; `None` when nobody asks.
    pub fn reply_to(&self) -> Option<&ChannelName> {
        self.envelope.as_ref()?.reply_to.as_ref()
    }

    /// The event's name, as the sender wrote it.
    pub fn name(&self) -> &str {
        match &self.name {
            Name::Known(name) => name,
            Name::Told(name) => name,
        }
    }

    /// The message as a JSON object, its `type` included.
    ///
    /// # Errors
    /// When the event's own `Serialize` fails.
    pub fn to_value(&self) -> serde_json::Result<Value> {
        match &self.body {
            Body::Typed(event) => event.to_value(),
            Body::Value(value) => Ok(Value::clone(value)),
            #[cfg(feature = "msgpack")]
            Body::Packed(bytes) => packed::read(bytes).map_err(serde::de::Error::custom),
        }
    }

    /// The message as one of a consumer's events; `None` when that consumer has no handler for it.
    pub(crate) fn decode<S: EventSet>(&self) -> Option<Result<S, Error>> {
        let index = S::find(self.name())?;
        let value = match &self.body {
            Body::Typed(event) => match S::from_shared(index, Arc::clone(event).into_any()) {
                Ok(event) => return Some(Ok(event)),
                // Another type with the same name, from another crate: they meet in the wire form.
                Err(_) => match event.to_value() {
                    Ok(value) => Arc::new(value),
                    Err(error) => return Some(Err(error.into())),
                },
            },
            Body::Value(value) => Arc::clone(value),
            #[cfg(feature = "msgpack")]
            Body::Packed(bytes) => return Some(packed::read(bytes)),
        };
        Some(crate::decode::read_value(&value).map_err(Error::from))
    }
}

/// The name in a message that came from elsewhere.
fn told(name: Option<&str>) -> Result<Name, MessageError> {
    let name = name.ok_or(MessageError::NoType)?;
    if name.starts_with(['_', '.']) || name.is_empty() {
        return Err(MessageError::LeadingUnderscore(name.to_owned()));
    }
    Ok(Name::Told(name.into()))
}

impl fmt::Debug for Message {
    /// The name alone: payloads never reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").field("name", &self.name()).finish_non_exhaustive()
    }
}
