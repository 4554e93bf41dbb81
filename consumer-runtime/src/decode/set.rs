//! `Deserialize` of an event enum, for any format.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserializer,
    de::{self, DeserializeSeed, IntoDeserializer, MapAccess, Visitor, value::StringDeserializer},
};
use serde_json::Value;

use super::{
    Tagged,
    entries::{Entries, Envelope, Hidden, Key, Name},
};

/// An event's `id` is an ordinary field; only a browser's frame has one of its own.
const EVENT: Hidden = Hidden { name: Name::Second, id: false };

/// Reads a value in the flat tagged form.
///
/// One pass when `type` comes first; entries before it are kept as JSON values and read after it.
///
/// # Errors
/// When `type` is missing or unknown, or a field does not fit.
pub fn deserialize_tagged<'de, T: Tagged, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(SetVisitor(PhantomData))
}

struct SetVisitor<T>(PhantomData<T>);

impl<'de, T: Tagged> Visitor<'de> for SetVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map with a `type`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut early = Vec::new();
        while let Some(Key(key)) = map.next_key()? {
            if key != "type" {
                early.push((key.into_owned(), map.next_value::<Value>()?));
                continue;
            }
            let Key(name) = map.next_value()?;
            let Some(index) = T::find(&name) else {
                return Err(de::Error::unknown_variant(&name, T::NAMES));
            };
            let mut envelope = Envelope::default();
            return if early.is_empty() {
                Entries { map, envelope: &mut envelope, hidden: EVENT }.read(index)
            } else {
                let late = Late { early: early.into_iter(), value: None, map };
                Entries { map: late, envelope: &mut envelope, hidden: EVENT }.read(index)
            };
        }
        Err(de::Error::missing_field("type"))
    }
}

/// Entries that were read before `type`, and then the rest.
struct Late<A> {
    early: std::vec::IntoIter<(String, Value)>,
    value: Option<Value>,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Late<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.early.next() {
            Some((key, value)) => {
                self.value = Some(value);
                let key: StringDeserializer<A::Error> = key.into_deserializer();
                seed.deserialize(key).map(Some)
            }
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.value.take() {
            Some(value) => seed.deserialize(value).map_err(de::Error::custom),
            None => self.map.next_value_seed(seed),
        }
    }
}

/// Reads a payload that stands alone, such as a `serde_json::Value` out of the layer.
pub(crate) fn read_value<T: Tagged>(value: &Value) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    struct Seed<T>(PhantomData<T>);

    impl<'de, T: Tagged> DeserializeSeed<'de> for Seed<T> {
        type Value = T;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
            deserialize_tagged(deserializer)
        }
    }

    let mut track = serde_path_to_error::Track::new();
    let deserializer = serde_path_to_error::Deserializer::new(value, &mut track);
    Seed(PhantomData).deserialize(deserializer).map_err(|error| serde_path_to_error::Error::new(track.path(), error))
}
