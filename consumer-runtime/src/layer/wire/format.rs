//! The two serializers, which are those that channels_redis comes with.

use std::borrow::Cow;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    error::Error,
    message::{Message, MessageError, packed},
};

/// How a message is written, `serializer_format` as channels_redis calls it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// MessagePack, which carries bytes as well.
    #[default]
    Msgpack,
    /// JSON, for who reads along. It has no bytes: they become lists of numbers.
    Json,
}

/// A message with fields beside those of its event.
pub(super) enum Fields {
    Msgpack {
        bytes: Vec<u8>,
        /// How many fields have a name like those of the layer, so that others are not looked through for them.
        own: usize,
    },
    Json(Value),
}

fn is_own(key: &str) -> bool {
    key.starts_with("__")
}

impl Fields {
    pub(super) fn of(message: &Message, format: Format) -> Result<Self, Error> {
        Ok(match format {
            Format::Msgpack => Self::Msgpack { bytes: message.to_msgpack()?, own: 0 },
            Format::Json => Self::Json(message.to_value()?),
        })
    }

    pub(super) fn parse(bytes: Vec<u8>, format: Format) -> Result<Self, MessageError> {
        match format {
            Format::Msgpack => {
                let own = packed::fields(&bytes)?.iter().filter(|field| is_own(field.key)).count();
                Ok(Self::Msgpack { bytes, own })
            }
            Format::Json => match serde_json::from_slice(&bytes) {
                Ok(value @ Value::Object(_)) => Ok(Self::Json(value)),
                Ok(_) => Err(MessageError::NotAnObject),
                Err(_) => Err(MessageError::Malformed("it is not JSON")),
            },
        }
    }

    /// The same with one more field.
    pub(super) fn with<T: Serialize>(&self, key: &str, value: &T) -> Result<Self, Error> {
        Ok(match self {
            Self::Msgpack { bytes, own } => {
                let bytes = packed::with(bytes, &packed::fields(bytes)?, key, value)?;
                Self::Msgpack { bytes, own: *own }
            }
            Self::Json(fields) => {
                let mut fields = fields.clone();
                fields[key] = serde_json::to_value(value)?;
                Self::Json(fields)
            }
        })
    }

    /// Takes a field out; `None` when it is not there.
    ///
    /// # Errors
    /// When it is not what it should be.
    pub(super) fn take<T: DeserializeOwned>(&mut self, key: &str) -> Result<Option<T>, MessageError> {
        let malformed = MessageError::Malformed("a field of the layer's own, `__..__`, is not what it should be");
        match self {
            Self::Msgpack { own: 0, .. } => Ok(None),
            Self::Msgpack { bytes, own } => {
                let fields = packed::fields(bytes)?;
                // Of two fields with one name Python takes the last.
                let Some(field) = fields.iter().rfind(|field| field.key == key) else { return Ok(None) };
                let value = packed::read(&bytes[field.value.clone()]).map_err(|_| malformed)?;
                *own -= fields.iter().filter(|other| other.key == key).count();
                *bytes = packed::without(bytes, &fields, field);
                Ok(Some(value))
            }
            Self::Json(fields) => {
                let value = fields.as_object_mut().and_then(|fields| fields.remove(key));
                value.map(|value| serde_json::from_value(value).map_err(|_| malformed)).transpose()
            }
        }
    }

    pub(super) fn to_bytes(&self) -> Result<Cow<'_, [u8]>, Error> {
        Ok(match self {
            Self::Msgpack { bytes, .. } => Cow::Borrowed(bytes),
            Self::Json(value) => Cow::Owned(serde_json::to_vec(value)?),
        })
    }

    pub(super) fn into_message(self) -> Result<Message, MessageError> {
        match self {
            Self::Msgpack { bytes, .. } => Message::from_msgpack(&bytes),
            Self::Json(value) => Message::from_value(value),
        }
    }
}
