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
    if T::NAMES.is_empty() {
        return Err(FrameError { code: "unexpected", message: "this consumer takes no JSON frames".into(), id: None });
    }
    if let Some(index) = T::NAMELESS.filter(|_| !typed && !text.trim_ascii_start().starts_with('{')) {
        // Not an object: no `type` and no `id` can be in it, so it is the payload as it stands.
        let seed = Whole { index, target: PhantomData };
        return Tracked::read(text, seed).map(|value| (value, None));
    }
    let (mut envelope, mut late) = (Envelope::default(), false);
    let first = First { envelope: &mut envelope, late: &mut late, typed, target: PhantomData };
    match Plain::read(text, first) {
        Ok(value) => Ok((value, envelope.id)),
        Err(_) if late => decode_in_two::<T, Plain>(text, typed).or_else(|_| decode_in_two::<T, Tracked>(text, typed)),
        Err(_) => decode_in_two::<T, Tracked>(text, typed),
    }
}

/// Two passes: the name, then the payload.
#[cold]
fn decode_in_two<T: Tagged, W: Way>(text: &str, typed: bool) -> Result<(T, Option<FrameId>), FrameError> {
    let Peek { name, id } = W::read(text, PeekSeed { typed })?;
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
    match W::read(text, Known { index, typed, target: PhantomData }) {
        Ok(value) => Ok((value, id)),
        Err(error) => Err(FrameError { id, ..error }),
    }
}

/// How a text is read.
trait Way {
    /// Reads the whole of `text`.
    fn read<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S) -> Result<S::Value, FrameError>;
}

/// Quickly; the error says little.
struct Plain;

impl Way for Plain {
    fn read<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S) -> Result<S::Value, FrameError> {
        let mut json = serde_json::Deserializer::from_str(text);
        seed.deserialize(&mut json).and_then(|value| json.end().map(|()| value)).map_err(|_| FrameError {
            code: "bad_frame",
            message: String::new(),
            id: None,
        })
    }
}

/// With an error that names the field.
struct Tracked;

impl Way for Tracked {
    fn read<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S) -> Result<S::Value, FrameError> {
        let mut track = serde_path_to_error::Track::new();
        let mut json = serde_json::Deserializer::from_str(text);
        let result = seed.deserialize(serde_path_to_error::Deserializer::new(&mut json, &mut track));
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
}

fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

/// A payload that is no object.
struct Whole<T> {
    index: usize,
    target: PhantomData<T>,
}

impl<'de, T: Tagged> DeserializeSeed<'de> for Whole<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(self.index, deserializer)
    }
}

/// The fast way, when `type` is the first entry; it fails at once when it is not, and then says that it is late.
struct First<'e, T> {
    envelope: &'e mut Envelope,
    late: &'e mut bool,
    typed: bool,
    target: PhantomData<T>,
}

impl<'de, T: Tagged> DeserializeSeed<'de> for First<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Tagged> Visitor<'de> for First<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let (found, name) = if self.typed {
            match map.next_key()? {
                Some(Key(key)) if key == "type" => {}
                _ => {
                    *self.late = true;
                    return Err(de::Error::missing_field("type"));
                }
            }
            (map.next_value_seed(Find(PhantomData::<T>))?, Name::Second)
        } else {
            (T::NAMELESS, Name::Field)
        };
        let Some(index) = found else { return Err(de::Error::missing_field("type")) };
        Entries { map, envelope: self.envelope, hidden: Hidden { name, id: true } }.read(index)
    }
}

/// The index of a name, without keeping the name.
struct Find<T>(PhantomData<T>);

impl<'de, T: Tagged> DeserializeSeed<'de> for Find<T> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T: Tagged> Visitor<'_> for Find<T> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(T::find(name))
    }
}

/// The payload of an index that is known already.
struct Known<T> {
    index: usize,
    typed: bool,
    target: PhantomData<T>,
}

impl<'de, T: Tagged> DeserializeSeed<'de> for Known<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Tagged> Visitor<'de> for Known<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let hidden = Hidden { name: if self.typed { Name::Known } else { Name::Field }, id: true };
        Entries { map, envelope: &mut Envelope::default(), hidden }.read(self.index)
    }
}

/// The frame's own entries.
struct Peek<'de> {
    name: Option<Cow<'de, str>>,
    id: Option<FrameId>,
}

struct PeekSeed {
    /// A consumer whose frames have no types may have a field of that name, with any value.
    typed: bool,
}

impl<'de> DeserializeSeed<'de> for PeekSeed {
    type Value = Peek<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Peek<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for PeekSeed {
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
