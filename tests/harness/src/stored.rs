//! What Redis holds, with rmpv and serde_json as the oracles.

use consumer_runtime::{__private::reading, Format, RedisOptions};
use serde_json::{Map, Value, json};

/// The fields that are the layers' own.
const OWN: [&str; 3] = ["__asgi_channel__", "__except__", "__reply_to__"];

/// Sees that any bytes are read as what they are, or refused, and that what is read is the same when it is written and read
/// again.
///
/// The first byte of `data` says how they are written: its lowest bit MessagePack or JSON, the next one whether random bytes
/// stand before them, the next one whether they should be encrypted; the rest is what Redis holds.
///
/// # Panics
/// When that does not hold.
pub fn run(data: &[u8]) {
    let Some((&how, stored)) = data.split_first() else { return };
    let format = if how & 1 == 0 { Format::Msgpack } else { Format::Json };
    let random_prefix = if how & 2 == 0 { 0 } else { 12 };
    let mut options = RedisOptions::default().serializer_format(format).random_prefix_length(random_prefix);
    if how & 4 != 0 {
        options = options.symmetric_encryption_keys(["new", "old"]);
        // Whoever knows no key writes nothing that is read.
        assert!(reading::read(&options, stored).is_err());
        return;
    }
    let known = stored.get(random_prefix..).and_then(|body| match format {
        Format::Json => serde_json::from_slice(body).ok(),
        _ => unpacked(body),
    });
    let Ok(read) = reading::read(&options, stored) else {
        // rmpv takes the one byte that begins no value for nil; Python refuses it.
        let is_reserved = how & 1 == 0 && stored.contains(&0xC1);
        assert!(is_reserved || !known.is_some_and(|known| must_be_read(&known)), "it is a message, and was refused");
        return;
    };
    // What has no form in JSON may be in a field that nobody wants.
    let Ok(value) = read.message.to_value() else { return };
    assert_eq!(value["type"], read.message.name());
    if let Some(mut known) = known {
        OWN.iter().for_each(|own| drop(known.as_object_mut().map(|fields| fields.remove(*own))));
        assert_eq!(value, known, "read otherwise than by the oracle");
    }
    let written = reading::write(&options, &read).expect("what was read can be written");
    let again = reading::read(&options, &written).expect("what was written is read");
    // serde_json reads the last digit of a long float as it likes, unless it is told to take its time.
    if how & 1 == 0 || !has_float(&value) {
        assert_eq!(again.message.to_value().expect("as before"), value);
    }
    assert_eq!(again.message.except(), read.message.except());
    assert_eq!(again.message.reply_to(), read.message.reply_to());
    assert_eq!(again.to, read.to);
}

fn has_float(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(list) => list.iter().any(has_float),
        Value::Object(fields) => fields.values().any(has_float),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

/// True for a message that nothing is wrong with.
fn must_be_read(known: &Value) -> bool {
    let Some(fields) = known.as_object() else { return false };
    let name = fields.get("type").and_then(Value::as_str);
    let has_own = fields.keys().any(|key| key.starts_with("__"));
    name.is_some_and(|name| !name.is_empty() && !name.starts_with(['_', '.'])) && !has_own
}

/// A message in MessagePack as JSON; nothing where the oracle refuses it, or where it has what the two may take for different
/// things: extensions, and maps with one key twice.
fn unpacked(body: &[u8]) -> Option<Value> {
    let mut rest = body;
    let value = rmpv::decode::read_value_with_max_depth(&mut rest, 100).ok()?;
    if rest.is_empty() { as_json(value) } else { None }
}

fn as_json(value: rmpv::Value) -> Option<Value> {
    Some(match value {
        rmpv::Value::Nil => Value::Null,
        rmpv::Value::Boolean(boolean) => json!(boolean),
        rmpv::Value::Integer(number) => match number.as_u64() {
            Some(number) => json!(number),
            None => json!(number.as_i64()?),
        },
        rmpv::Value::F32(number) => json!(number),
        rmpv::Value::F64(number) => json!(number),
        rmpv::Value::String(text) => json!(text.into_str()?),
        rmpv::Value::Binary(bytes) => json!(bytes),
        rmpv::Value::Array(list) => Value::Array(list.into_iter().map(as_json).collect::<Option<_>>()?),
        rmpv::Value::Map(entries) => {
            let (count, mut map) = (entries.len(), Map::new());
            for (key, value) in entries {
                let rmpv::Value::String(key) = key else { return None };
                map.insert(key.into_str()?, as_json(value)?);
            }
            if map.len() < count {
                return None;
            }
            Value::Object(map)
        }
        rmpv::Value::Ext(..) => return None,
    })
}
