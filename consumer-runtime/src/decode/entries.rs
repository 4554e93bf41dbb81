//! A map's entries without the frame's own `type` and `id`.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{
        self, DeserializeSeed, IgnoredAny, MapAccess, Visitor,
        value::{BorrowedStrDeserializer, MapAccessDeserializer, StrDeserializer},
    },
};

use super::{FrameId, Tagged};

/// A map key, borrowed from the input wherever that is possible.
pub(super) struct Key<'de>(pub(super) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }

            fn visit_string<E>(self, text: String) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

/// What the frame says besides its payload.
#[derive(Default)]
pub(super) struct Envelope {
    pub(super) id: Option<FrameId>,
}

/// Which entries the payload must not see.
#[derive(Clone, Copy)]
pub(super) struct Hidden {
    pub(super) name: Name,
    pub(super) id: bool,
}

/// What a `type` among the entries is.
#[derive(Clone, Copy)]
pub(super) enum Name {
    /// An ordinary field.
    Field,
    /// The name, which was looked up before.
    Known,
    /// A second name, since the first was read before these entries.
    Second,
}

/// The rest of a map as a payload sees it.
pub(super) struct Entries<'e, A> {
    pub(super) map: A,
    pub(super) envelope: &'e mut Envelope,
    pub(super) hidden: Hidden,
}

impl<'de, A: MapAccess<'de>> Entries<'_, A> {
    /// Reads the payload of `index` out of these entries.
    pub(super) fn read<T: Tagged>(self, index: usize) -> Result<T, A::Error> {
        T::read(index, Payload(self))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Entries<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let mut seed = Some(seed);
        while let Some(entry) = self.map.next_key_seed(Sieve { seed: &mut seed, hidden: self.hidden })? {
            match entry {
                Entry::Field(key) => return Ok(Some(key)),
                Entry::Name => drop(self.map.next_value::<IgnoredAny>()?),
                Entry::SecondName => return Err(de::Error::duplicate_field("type")),
                Entry::Id => {
                    if self.envelope.id.replace(self.map.next_value()?).is_some() {
                        return Err(de::Error::duplicate_field("id"));
                    }
                }
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.map.size_hint()
    }
}

/// One key, seen by us before the payload sees it.
enum Entry<K> {
    Field(K),
    Name,
    SecondName,
    Id,
}

/// Hands a key on to the payload's own seed, unless it is one of ours; no copy in between.
struct Sieve<'s, K> {
    /// Taken by the first key that is the payload's, after which nobody asks again.
    seed: &'s mut Option<K>,
    hidden: Hidden,
}

impl<'de, K: DeserializeSeed<'de>> Sieve<'_, K> {
    fn sort<E: de::Error>(
        self,
        key: &str,
        hand_on: impl FnOnce(K) -> Result<K::Value, E>,
    ) -> Result<Entry<K::Value>, E> {
        match (key, self.hidden.name) {
            ("type", Name::Known) => return Ok(Entry::Name),
            ("type", Name::Second) => return Ok(Entry::SecondName),
            ("id", _) if self.hidden.id => return Ok(Entry::Id),
            _ => {}
        }
        match self.seed.take() {
            Some(seed) => hand_on(seed).map(Entry::Field),
            None => Err(E::custom("a key was read twice")),
        }
    }
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for Sieve<'_, K> {
    type Value = Entry<K::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for Sieve<'_, K> {
    type Value = Entry<K::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: de::Error>(self, key: &'de str) -> Result<Self::Value, E> {
        self.sort(key, |seed| seed.deserialize(BorrowedStrDeserializer::new(key)))
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<Self::Value, E> {
        self.sort(key, |seed| seed.deserialize(StrDeserializer::new(key)))
    }
}

/// The entries as a payload's deserializer.
///
/// Like serde's own for a map, except that a unit struct takes the empty rest.
struct Payload<'e, A>(Entries<'e, A>);

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Payload<'_, A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }

    fn deserialize_unit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, A::Error> {
        while self.0.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, A::Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        MapAccessDeserializer::new(self.0).deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf seq tuple tuple_struct map
        struct identifier ignored_any
    }
}
