//! `channel_capacity` as a config value.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
    ser::{SerializeMap, SerializeSeq},
};

use super::{ChannelCapacity, Entry, Pattern};

/// One entry of a list.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "expected `[\"glob\", 10]`, or `{\"regex\": \"..\", \"capacity\": 10}`")]
enum Written {
    Pair(String, usize),
    Glob(Globbed),
    Regex(Expression),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Globbed {
    glob: String,
    capacity: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expression {
    regex: String,
    capacity: usize,
}

impl ChannelCapacity {
    /// Each glob once, which is what a map can say.
    fn is_map(&self) -> bool {
        self.0.iter().enumerate().all(|(at, entry)| {
            matches!(entry.pattern, Pattern::Glob(_))
                && self.0[..at].iter().all(|before| before.pattern != entry.pattern)
        })
    }
}

impl Serialize for ChannelCapacity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_map() {
            let mut map = serializer.serialize_map(Some(self.0.len()))?;
            for entry in &self.0 {
                map.serialize_entry(entry.pattern.text(), &entry.capacity)?;
            }
            return map.end();
        }
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for Entry { pattern, capacity } in &self.0 {
            let (text, capacity) = (pattern.text().to_owned(), *capacity);
            list.serialize_element(&match pattern {
                Pattern::Glob(_) => Written::Pair(text, capacity),
                Pattern::Regex(_) => Written::Regex(Expression { regex: text, capacity }),
            })?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for ChannelCapacity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = ChannelCapacity;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of globs and capacities, or a list such as [[\"http.*\", 10]]")
    }

    /// `None`, as Django's settings may have it.
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(ChannelCapacity::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut all = ChannelCapacity::default();
        while let Some((pattern, capacity)) = map.next_entry::<String, usize>()? {
            all = all.glob(pattern, capacity);
        }
        Ok(all)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut all = ChannelCapacity::default();
        while let Some(written) = list.next_element()? {
            all = match written {
                Written::Pair(glob, capacity) | Written::Glob(Globbed { glob, capacity }) => all.glob(glob, capacity),
                Written::Regex(Expression { regex, capacity }) => {
                    all.regex(regex, capacity).map_err(A::Error::custom)?
                }
            };
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_str, to_string};

    use super::*;

    #[test]
    fn every_form_is_read_in_its_order() {
        let map: ChannelCapacity = from_str(r#"{"b*": 1, "a*": 2, "*": 3}"#).unwrap();
        assert_eq!((map.of("ba"), map.of("ab"), map.of("c")), (Some(1), Some(2), Some(3)));
        assert_eq!(to_string(&map).unwrap(), r#"{"b*":1,"a*":2,"*":3}"#);
        let list = r#"[["b*",1],{"regex":"^a.+","capacity":2},["a",3]]"#;
        let read: ChannelCapacity = from_str(list).unwrap();
        assert_eq!((read.of("b"), read.of("ab"), read.of("a")), (Some(1), Some(2), Some(3)));
        assert_eq!(to_string(&read).unwrap(), list);
        assert!(from_str::<ChannelCapacity>("null").unwrap().is_empty());
        assert_eq!(from_str::<ChannelCapacity>(r#"[{"glob": "a", "capacity": 4}]"#).unwrap().of("a"), Some(4));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let told = |text: &str| from_str::<ChannelCapacity>(text).unwrap_err().to_string();
        assert!(told(r#"[{"regex": "a(", "capacity": 1}]"#).contains("`a(` in `channel_capacity`"));
        assert!(told(r#"[{"regexp": "a", "capacity": 1}]"#).contains(r#"{"regex": "..", "capacity": 10}"#));
        assert!(told(r#"{"a": -1}"#).contains("invalid value"));
        assert!(told("3").contains("a map of globs and capacities"));
    }
}
