//! A browser's text frame: `{"type": .., ..fields, "id": ..}`.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess, Visitor},
};

use super::{
    Tagged,
    entries::{Entries, Envelope, Hidden, Key, Name},
};

/// The `id` of a frame: an integer or a string, given back in its reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum FrameId {
    Unsigned(u64),
    Signed(i64),
    Text(String),
}

impl<'de> Deserialize<'de> for FrameId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor;

        impl Visitor<'_> for IdVisitor {
            type Value = FrameId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an integer or a string as the frame's `id`")
            }

            fn visit_u64<E>(self, id: u64) -> Result<FrameId, E> {
                Ok(FrameId::Unsigned(id))
            }

            fn visit_i64<E>(self, id: i64) -> Result<FrameId, E> {
                Ok(FrameId::Signed(id))
            }

            fn visit_str<E>(self, id: &str) -> Result<FrameId, E> {
                Ok(FrameId::Text(id.to_owned()))
            }
        }

        deserializer.deserialize_any(IdVisitor)
    }
}

/// Why a frame could not become a value; the text is fit for the client.
#[derive(Debug)]
pub(crate) struct FrameError {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) id: Option<FrameId>,
}

/// Decodes a text frame.
///
/// One pass when `type` comes first or the consumer's frames have no type. Otherwise a first pass looks for `type` and
/// `id` alone and the second reads the payload; only what fails is read once more, to name the field.
pub(crate) fn decode_frame<T: Tagged>(text: &str) -> Result<(T, Option<FrameId>), FrameError> {
    let typed = T::NAMES.iter().any(|name| !name.is_empty());
    let mut envelope = Envelope::default();
    if T::NAMES.is_empty() {
        return Err(FrameError { code: "unexpected", message: "this consumer takes no JSON frames".into(), id: None });
    }
    if let Some(index) = T::NAMELESS.filter(|_| !typed && !text.trim_ascii_start().starts_with('{')) {
        // Not an object: no `type` and no `id` can be in it, so it is the payload as it stands.
        return read(text, |deserializer| T::read(index, deserializer)).map(|value| (value, None));
    }
    let seed = First { envelope: &mut envelope, typed, found: None, target: PhantomData };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    match seed.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value)) {
        Ok(Some(value)) => Ok((value, envelope.id)),
        Ok(None) | Err(_) => decode_slowly(text, typed),
    }
}

/// Two passes, with errors that name the field.
#[cold]
fn decode_slowly<T: Tagged>(text: &str, typed: bool) -> Result<(T, Option<FrameId>), FrameError> {
    let peek: Peek<'_> = read(text, |deserializer| deserializer.deserialize_map(PeekVisitor { typed }))?;
    let Peek { name, id } = peek;
    let index = match (name, typed) {
        (Some(name), true) => match T::find(&name) {
            Some(index) => index,
            None => {
                let message = format!("there is no frame type {:?} here", shorten(&name));
                return Err(FrameError { code: "unknown_type", message, id });
            }
        },
        (_, false) => T::NAMELESS.unwrap_or_default(),
        (None, true) => match T::NAMELESS {
            Some(index) => index,
            None => {
                let message = "the frame has no `type`".to_owned();
                return Err(FrameError { code: "bad_frame", message, id });
            }
        },
    };
    let mut envelope = Envelope::default();
    let read = read(text, |deserializer| {
        deserializer.deserialize_map(Known { index, typed, envelope: &mut envelope, target: PhantomData })
    });
    match read {
        Ok(value) => Ok((value, id)),
        Err(error) => Err(FrameError { id, ..error }),
    }
}

/// Reads the whole of `text`, and on failure says where.
fn read<'de, T>(
    text: &'de str,
    with: impl FnOnce(
        serde_path_to_error::Deserializer<'_, '_, &mut serde_json::Deserializer<serde_json::de::StrRead<'de>>>,
    ) -> Result<T, serde_json::Error>,
) -> Result<T, FrameError> {
    let mut track = serde_path_to_error::Track::new();
    let mut json = serde_json::Deserializer::from_str(text);
    let result = with(serde_path_to_error::Deserializer::new(&mut json, &mut track));
    result.and_then(|value| json.end().map(|()| value)).map_err(|error| {
        let path = track.path().to_string();
        let message = if error.classify() == serde_json::error::Category::Data && !matches!(&*path, "" | ".") {
            format!("field `{path}`: {error}")
        } else {
            error.to_string()
        };
        FrameError { code: "bad_frame", message, id: None }
    })
}

fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

/// The fast way: `None` when `type` is not the first entry, and the slow way must look for it.
struct First<'e, T> {
    envelope: &'e mut Envelope,
    typed: bool,
    found: Option<usize>,
    target: PhantomData<T>,
}

impl<'de, T: Tagged> DeserializeSeed<'de> for First<'_, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Tagged> Visitor<'de> for First<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Option<T>, A::Error> {
        if self.typed {
            if let Some(Key(key)) = map.next_key()?
                && key == "type"
            {
                let Key(name) = map.next_value()?;
                self.found = T::find(&name);
            }
            if self.found.is_none() {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Ok(None);
            }
        } else {
            self.found = T::NAMELESS;
        }
        let Some(index) = self.found else { return Ok(None) };
        let hidden = Hidden { name: if self.typed { Name::Second } else { Name::Field }, id: true };
        Entries { map, envelope: self.envelope, hidden }.read(index).map(Some)
    }
}

/// The payload of an index that is known already.
struct Known<'e, T> {
    index: usize,
    typed: bool,
    envelope: &'e mut Envelope,
    target: PhantomData<T>,
}

impl<'de, T: Tagged> Visitor<'de> for Known<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let hidden = Hidden { name: if self.typed { Name::Known } else { Name::Field }, id: true };
        Entries { map, envelope: self.envelope, hidden }.read(self.index)
    }
}

/// The frame's own entries.
struct Peek<'de> {
    name: Option<Cow<'de, str>>,
    id: Option<FrameId>,
}

struct PeekVisitor {
    /// A consumer whose frames have no types may have a field of that name, with any value.
    typed: bool,
}

impl<'de> Visitor<'de> for PeekVisitor {
    type Value = Peek<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Peek<'de>, A::Error> {
        let mut peek = Peek { name: None, id: None };
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "type" if self.typed => {
                    let Key(name) = map.next_value()?;
                    if peek.name.replace(name).is_some() {
                        return Err(de::Error::duplicate_field("type"));
                    }
                }
                "id" => {
                    if peek.id.is_some() {
                        return Err(de::Error::duplicate_field("id"));
                    }
                    peek.id = Some(map.next_value()?);
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(peek)
    }
}
