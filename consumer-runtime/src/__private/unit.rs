//! The serde impls of unit events: `{"type": ".."}` and nothing more.

use std::fmt;

use serde::{
    Deserializer, Serializer,
    de::{IgnoredAny, MapAccess, Visitor},
    ser::SerializeStruct,
};

/// Writes the name alone.
pub fn serialize<S: Serializer>(ty: &'static str, name: &'static str, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct(ty, 1)?;
    fields.serialize_field("type", name)?;
    fields.end()
}

/// Reads any map.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    struct AnyMap;

    impl<'de> Visitor<'de> for AnyMap {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(())
        }
    }

    deserializer.deserialize_map(AnyMap)
}
