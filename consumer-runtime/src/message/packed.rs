//! Messages as MessagePack, the form in which they leave the process.
//!
//! A message is one map with string keys. What Python's packer never writes and its reader takes all the same is taken
//! here too (floats of four bytes, numbers and lengths in more bytes than they need); what its reader refuses is refused.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::MessageError;
use crate::error::Error;

/// How deep a message may be nested, as deep as serde_json reads.
const DEEPEST: usize = 128;

/// One field of a message: where its key and its value stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field<'a> {
    pub(crate) key: &'a str,
    /// The whole entry, key and value.
    pub(crate) entry: Range<usize>,
    pub(crate) value: Range<usize>,
}

/// A value as MessagePack: structs are maps, and what has a readable form (times, UUIDs) is written as in JSON.
///
/// # Errors
/// Those of the value's own `Serialize`.
pub(crate) fn pack<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(128);
    let mut serializer = rmp_serde::Serializer::new(&mut bytes).with_struct_map().with_human_readable();
    value.serialize(&mut serializer)?;
    Ok(bytes)
}

/// The fields of a message.
///
/// # Errors
/// When it is no message: cut off, followed by something else, no map, or a map somewhere in it has a key that is no
/// string.
pub(crate) fn fields(bytes: &[u8]) -> Result<Vec<Field<'_>>, MessageError> {
    let mut walk = Walk { bytes, at: 0 };
    let Kind::Map(count) = walk.head()? else { return Err(MessageError::NotAnObject) };
    // Every field takes two bytes at least, whatever the count says.
    let mut fields = Vec::with_capacity(count.min(bytes.len() / 2));
    for _ in 0..count {
        let start = walk.at;
        let key = walk.key()?;
        let value = walk.at;
        walk.skip()?;
        fields.push(Field { key, entry: start..walk.at, value: value..walk.at });
    }
    if walk.at < bytes.len() { Err(malformed("it is followed by something else")) } else { Ok(fields) }
}

/// The message without a field, and without others of its name.
#[cfg(any(feature = "nats", feature = "redis"))]
pub(crate) fn without(bytes: &[u8], fields: &[Field<'_>], field: &Field<'_>) -> Vec<u8> {
    let others = || fields.iter().filter(|other| other.key != field.key);
    let mut rest = map_of(others().count());
    others().for_each(|other| rest.extend_from_slice(&bytes[other.entry.clone()]));
    rest
}

/// The message with a field before the others, and without others of its name.
pub(crate) fn first(bytes: &[u8], fields: &[Field<'_>], field: &Field<'_>) -> Vec<u8> {
    let others = || fields.iter().filter(|other| other.key != field.key);
    let mut whole = map_of(others().count() + 1);
    whole.extend_from_slice(&bytes[field.entry.clone()]);
    others().for_each(|other| whole.extend_from_slice(&bytes[other.entry.clone()]));
    whole
}

/// The message with one more field.
#[cfg(any(feature = "nats", feature = "redis"))]
pub(crate) fn with<T: Serialize>(bytes: &[u8], fields: &[Field<'_>], key: &str, value: &T) -> Result<Vec<u8>, Error> {
    let mut whole = map_of(fields.len() + 1);
    for field in fields {
        whole.extend_from_slice(&bytes[field.entry.clone()]);
    }
    whole.extend(pack(key)?);
    whole.extend(pack(value)?);
    Ok(whole)
}

/// A value out of a message.
///
/// # Errors
/// What does not fit.
pub(crate) fn read<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, Error> {
    let mut deserializer = rmp_serde::Deserializer::from_read_ref(bytes).with_human_readable();
    Ok(T::deserialize(&mut deserializer)?)
}

/// The head of a map with so many entries.
fn map_of(len: usize) -> Vec<u8> {
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(len @ 0..16), _) => vec![0x80 | len],
        (_, Ok(len)) => [&[0xDE], &len.to_be_bytes()[..]].concat(),
        _ => [&[0xDF], &(len as u32).to_be_bytes()[..]].concat(),
    }
}

fn malformed(why: &'static str) -> MessageError {
    MessageError::Malformed(why)
}

/// What a value begins with.
enum Kind {
    /// So many bytes follow, and nothing else.
    Plain(usize),
    /// A string of so many bytes.
    Text(usize),
    /// So many values follow.
    List(usize),
    /// So many keys and values follow.
    Map(usize),
}

/// Goes through a message without reading more of it than where things end; a nest of any depth takes no stack.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], MessageError> {
        let taken = self.bytes.get(self.at..).and_then(|rest| rest.get(..len)).ok_or(malformed("it is cut off"))?;
        self.at += len;
        Ok(taken)
    }

    /// A length of so many bytes.
    fn len(&mut self, bytes: usize) -> Result<usize, MessageError> {
        let len = self.take(bytes)?.iter().fold(0_u64, |len, byte| (len << 8) | u64::from(*byte));
        usize::try_from(len).map_err(|_| malformed("it is cut off"))
    }

    fn head(&mut self) -> Result<Kind, MessageError> {
        let marker = self.take(1)?[0];
        Ok(match marker {
            0x00..=0x7F | 0xC0 | 0xC2 | 0xC3 | 0xE0..=0xFF => Kind::Plain(0),
            0x80..=0x8F => Kind::Map(usize::from(marker & 0x0F)),
            0x90..=0x9F => Kind::List(usize::from(marker & 0x0F)),
            0xA0..=0xBF => Kind::Text(usize::from(marker & 0x1F)),
            0xC1 => return Err(malformed("it has a byte that begins no value")),
            0xC4..=0xC6 => Kind::Plain(self.len(1 << (marker - 0xC4))?),
            // An extension has a byte that says which.
            0xC7..=0xC9 => Kind::Plain(self.len(1 << (marker - 0xC7))? + 1),
            0xCA => Kind::Plain(4),
            0xCB => Kind::Plain(8),
            0xCC..=0xCF => Kind::Plain(1 << (marker - 0xCC)),
            0xD0..=0xD3 => Kind::Plain(1 << (marker - 0xD0)),
            0xD4..=0xD8 => Kind::Plain((1 << (marker - 0xD4)) + 1),
            0xD9..=0xDB => Kind::Text(self.len(1 << (marker - 0xD9))?),
            0xDC | 0xDD => Kind::List(self.len(2 << (marker - 0xDC))?),
            0xDE | 0xDF => Kind::Map(self.len(2 << (marker - 0xDE))?),
        })
    }

    fn key(&mut self) -> Result<&'a str, MessageError> {
        match self.head()? {
            Kind::Text(len) => self.text(len),
            _ => Err(malformed("a map in it has a key that is no string; Python's reader refuses such a message")),
        }
    }

    fn text(&mut self, len: usize) -> Result<&'a str, MessageError> {
        std::str::from_utf8(self.take(len)?).map_err(|_| malformed("a string in it is not UTF-8"))
    }

    /// Goes past one value.
    fn skip(&mut self) -> Result<(), MessageError> {
        // What is still to come, from the outside in: so many values, or so many keys and values.
        let mut open = vec![(1, false)];
        while let Some((left, is_map)) = open.last_mut() {
            if *left == 0 {
                open.pop();
                continue;
            }
            *left -= 1;
            if *is_map {
                self.key()?;
            }
            match self.head()? {
                Kind::Plain(len) => drop(self.take(len)?),
                Kind::Text(len) => drop(self.text(len)?),
                Kind::List(len) => open.push((len, false)),
                Kind::Map(len) => open.push((len, true)),
            }
            if open.len() > DEEPEST {
                return Err(malformed("it is nested too deeply"));
            }
        }
        Ok(())
    }
}

#[cfg(all(test, feature = "redis"))]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn message() -> Vec<u8> {
        pack(&json!({"type": "a", "list": [1, [2.5, null], {"x": "y"}], "long": "z".repeat(300)})).unwrap()
    }

    #[test]
    fn every_cut_and_every_tail_is_noticed() {
        let message = message();
        assert_eq!(
            fields(&message).unwrap().iter().map(|field| field.key).collect::<Vec<_>>(),
            ["list", "long", "type"]
        );
        for end in 0..message.len() {
            assert!(fields(&message[..end]).is_err(), "cut off after {end}");
        }
        let error = fields(&[&*message, &[0]].concat()).unwrap_err();
        assert!(error.to_string().contains("followed"), "{error}");
    }

    #[test]
    fn lengths_that_lie_cost_nothing_and_nests_take_no_stack() {
        // A map and a list of four thousand million entries.
        for liar in [&[0xDF, 0xFF, 0xFF, 0xFF, 0xFF][..], &[0x81, 0xA1, b'a', 0xDD, 0xFF, 0xFF, 0xFF, 0xFF]] {
            assert!(fields(liar).unwrap_err().to_string().contains("cut off"));
        }
        let nest = [&[0x81, 0xA1, b'a'][..], &[0x91; 1_000_000], &[0xC0]].concat();
        assert!(fields(&nest).unwrap_err().to_string().contains("nested"));
        let deep = [&[0x81, 0xA1, b'a'][..], &[0x91; 100], &[0xC0]].concat();
        assert!(fields(&deep).is_ok() && read::<Value>(&deep).is_ok());
    }

    #[test]
    fn a_field_comes_and_goes() {
        for count in [0, 1, 14, 15, 16, 17, 70_000] {
            let map: BTreeMap<String, usize> = (0..count).map(|number| (format!("f{number}"), number)).collect();
            let plain = pack(&map).unwrap();
            let more = with(&plain, &fields(&plain).unwrap(), "__one_more__", &["a", "b"]).unwrap();
            let all = fields(&more).unwrap();
            let added = all.last().unwrap();
            assert_eq!((all.len(), added.key), (count + 1, "__one_more__"));
            assert_eq!(read::<Vec<String>>(&more[added.value.clone()]).unwrap(), ["a", "b"]);
            assert_eq!(without(&more, &all, added), plain, "{count}");
            let turned = first(&more, &all, added);
            let turned = fields(&turned).unwrap().iter().map(|field| field.key.to_owned()).collect::<Vec<_>>();
            assert_eq!((turned.len(), &*turned[0]), (count + 1, "__one_more__"));
        }
    }

    #[test]
    fn of_two_fields_with_one_name_the_last_is_left() {
        let twice = b"\x83\xa4type\xa1a\xa1n\x01\xa4type\xa1b";
        let all = fields(twice).unwrap();
        assert_eq!(first(twice, &all, &all[2]), b"\x82\xa4type\xa1b\xa1n\x01");
        assert_eq!(without(twice, &all, &all[2]), b"\x81\xa1n\x01");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = fields(&bytes);
            let _ = super::super::Message::from_msgpack(&bytes).map(|message| message.to_value());
        }

        #[test]
        fn a_message_with_a_byte_changed_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut message = message();
            *at.get_mut(&mut message) = byte;
            if let Ok(fields) = fields(&message) {
                prop_assert_eq!(fields.last().map_or(1, |field| field.entry.end), message.len());
                let _ = read::<Value>(&message);
            }
        }
    }
}
