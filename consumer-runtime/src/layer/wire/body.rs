//! One message on its way into Redis and out of it.

use std::{fmt, time::Duration};

use rand::RngCore;
use serde::{Deserialize, Serialize};

use super::{Format, Keys, format::Fields};
use crate::{
    layer::LayerError,
    message::{Message, MessageError},
    names::ChannelName,
};

/// The field with the channels that a message is for, where several share one key.
const CHANNEL: &str = "__asgi_channel__";

/// The members of a group that do not get a message.
const EXCEPT: &str = "__except__";

/// The channel that waits for an answer.
const REPLY_TO: &str = "__reply_to__";

/// How messages are written: what both ends of a layer must agree on.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) format: Format,
    pub(crate) keys: Keys,
    /// So many random bytes stand before each, so that equal messages are different members of a sorted set.
    pub(crate) random_prefix: usize,
    /// How old an encrypted message may be when it is read.
    pub(crate) ttl: Option<Duration>,
}

/// Who a message is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum To {
    /// A direct send.
    One(String),
    /// The members of a group that share one key.
    Many(Vec<String>),
}

/// A message, and who it is for if it says so.
#[derive(Clone, Debug)]
pub(crate) struct Addressed {
    pub(crate) message: Message,
    #[cfg_attr(not(feature = "redis"), expect(dead_code, reason = "elsewhere the subject says it"))]
    pub(crate) to: Option<To>,
}

#[cfg(feature = "redis")]
impl To {
    pub(crate) fn one(channel: &ChannelName) -> Self {
        Self::One(channel.to_string())
    }

    pub(crate) fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }
}

/// A message that is packed, for any number of processes.
pub(crate) struct Prepared<'b> {
    body: &'b Body,
    fields: Fields,
}

impl Prepared<'_> {
    /// What is stored for the channels of one process.
    ///
    /// # Errors
    /// [`LayerError::Unsendable`]
    pub(crate) fn to(&self, to: &To) -> Result<Vec<u8>, LayerError> {
        self.body.seal(&self.fields.with(CHANNEL, to).map_err(unsendable)?)
    }
}

fn unsendable(error: impl fmt::Display) -> LayerError {
    LayerError::Unsendable { reason: error.to_string() }
}

impl Body {
    /// Packs a message. What Django has no notion of, who is left out and who waits for an answer, travels in fields of its
    /// own, which its handlers do not look at.
    ///
    /// # Errors
    /// [`LayerError::Unsendable`] with what the event's own `Serialize` says.
    pub(crate) fn prepare(&self, message: &Message) -> Result<Prepared<'_>, LayerError> {
        let mut fields = Fields::of(message, self.format).map_err(unsendable)?;
        if !message.except().is_empty() {
            let except: Vec<_> = message.except().iter().map(ChannelName::as_str).collect();
            fields = fields.with(EXCEPT, &except).map_err(unsendable)?;
        }
        if let Some(reply_to) = message.reply_to() {
            fields = fields.with(REPLY_TO, &reply_to.as_str()).map_err(unsendable)?;
        }
        Ok(Prepared { body: self, fields })
    }

    /// What is stored or published.
    ///
    /// # Errors
    /// As [`prepare`](Self::prepare).
    pub(crate) fn write(&self, message: &Message, to: Option<&To>) -> Result<Vec<u8>, LayerError> {
        let prepared = self.prepare(message)?;
        match to {
            Some(to) => prepared.to(to),
            None => self.seal(&prepared.fields),
        }
    }

    fn seal(&self, fields: &Fields) -> Result<Vec<u8>, LayerError> {
        let sealed = self.keys.seal(fields.to_bytes().map_err(unsendable)?);
        if self.random_prefix == 0 {
            return Ok(sealed.into_owned());
        }
        let mut whole = vec![0; self.random_prefix];
        rand::rng().fill_bytes(&mut whole);
        whole.extend_from_slice(&sealed);
        Ok(whole)
    }

    /// The message in what was stored or published.
    ///
    /// # Errors
    /// [`MessageError`] says what is wrong with it.
    pub(crate) fn read(&self, whole: &[u8]) -> Result<Addressed, MessageError> {
        let sealed = whole.get(self.random_prefix..).ok_or(MessageError::Malformed("it is cut off"))?;
        let opened = self.keys.open(sealed, self.ttl).map_err(|_| {
            MessageError::Malformed("no key of `symmetric_encryption_keys` decrypts it, or it is too old")
        })?;
        let mut fields = Fields::parse(opened, self.format)?;
        let to = fields.take(CHANNEL)?;
        let except: Vec<String> = fields.take(EXCEPT)?.unwrap_or_default();
        let reply_to: Option<String> = fields.take(REPLY_TO)?;
        let mut message = fields.into_message()?;
        let name =
            |name| ChannelName::new(name).map_err(|_| MessageError::Malformed("it names a channel that cannot be"));
        if !except.is_empty() {
            message = message.with_except(except.into_iter().map(name).collect::<Result<Vec<_>, _>>()?);
        }
        if let Some(reply_to) = reply_to {
            message = message.with_reply_to(name(reply_to)?);
        }
        Ok(Addressed { message, to })
    }
}
