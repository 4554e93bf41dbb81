//! What channels_redis has written is read, and what it reads is written.

use serde_json::{Value, json};

use super::*;
use crate::{
    layer::wire::fernet_key,
    message::{Message, packed},
    names::{ChannelName, GroupName},
};

fn golden() -> Value {
    serde_json::from_str(include_str!("golden.json")).unwrap()
}

fn bytes(hex: &Value) -> Vec<u8> {
    let digits = hex.as_str().unwrap();
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(byte).collect()
}

fn body(format: Format, secrets: &[&str], random_prefix: usize) -> Body {
    Body { format, keys: Keys::new(secrets), random_prefix, ttl: None }
}

/// The message of a vector without its address, and the address.
fn message_of(vector: &Value) -> (Value, Option<To>) {
    let mut message = vector["message"].clone();
    let to = message.as_object_mut().unwrap().remove("__asgi_channel__");
    (message, to.map(|to| serde_json::from_value(to).unwrap()))
}

#[test]
fn every_message_of_python_is_read() {
    for vector in golden()["messages"].as_array().unwrap() {
        let (message, to) = message_of(vector);
        let token = |format: &str| vector[format!("fernet_{format}_key=secret_t=1700000000_iv=00..0f")].clone();
        let texts = [token("msgpack"), token("json")].map(|token| token.as_str().unwrap().as_bytes().to_vec());
        let [msgpack_token, json_token] = texts;
        for (stored, body) in [
            (bytes(&vector["core_msgpack"]), body(Format::Msgpack, &[], 12)),
            (bytes(&vector["pubsub_msgpack"]), body(Format::Msgpack, &[], 0)),
            (bytes(&vector["core_json"]), body(Format::Json, &[], 12)),
            (bytes(&vector["pubsub_json"]), body(Format::Json, &[], 0)),
            (msgpack_token, body(Format::Msgpack, &["new", "secret"], 0)),
            (json_token, body(Format::Json, &["secret"], 0)),
        ] {
            let read = body.read(&stored).unwrap();
            assert_eq!(read.message.to_value().unwrap(), message, "{body:?}");
            assert_eq!(read.to, to, "{body:?}");
        }
    }
}

#[test]
fn messagepack_is_written_byte_for_byte_as_python_does() {
    for vector in golden()["messages"].as_array().unwrap() {
        // As it was sent: Python keeps the order of keys, and serde_json sorts them.
        let written = bytes(&vector["pubsub_msgpack"]);
        let body = body(Format::Msgpack, &[], 0);
        let read = body.read(&written).unwrap();
        assert_eq!(body.write(&read.message, read.to.as_ref()).unwrap(), written);
    }
}

#[test]
fn what_is_written_is_read_whatever_is_agreed_on() {
    let message = Message::from_value(json!({"type": "chat.message", "n": [1, -1, 1.5, null, "é"]})).unwrap();
    let channel = ChannelName::new("specific.abc!def").unwrap();
    for format in [Format::Msgpack, Format::Json] {
        for secrets in [&[][..], &["secret"], &["new", "secret"]] {
            for random_prefix in [0, 12] {
                for to in [None, Some(To::one(&channel)), Some(To::Many(vec![channel.to_string()]))] {
                    let body = body(format, secrets, random_prefix);
                    let written = body.write(&message, to.as_ref()).unwrap();
                    let read = body.read(&written).unwrap();
                    assert_eq!(read.message.to_value().unwrap(), message.to_value().unwrap());
                    assert_eq!((read.message.name(), read.to), ("chat.message", to));
                    if random_prefix > 0 {
                        assert_ne!(body.write(&message, None).unwrap(), body.write(&message, None).unwrap());
                    }
                }
            }
        }
    }
}

#[test]
fn who_is_left_out_and_who_waits_for_an_answer_travel_along() {
    let [left_out, asker] = ["specific.abc!a", "specific.abc!b"].map(|name| ChannelName::new(name).unwrap());
    let message = Message::from_value(json!({"type": "a"})).unwrap();
    let message = message.with_except([left_out.clone()]).with_reply_to(asker.clone());
    for format in [Format::Msgpack, Format::Json] {
        let body = body(format, &[], 0);
        let read = body.read(&body.write(&message, None).unwrap()).unwrap().message;
        assert_eq!((read.except(), read.reply_to()), (&[left_out.clone()][..], Some(&asker)));
        assert_eq!(read.to_value().unwrap(), json!({"type": "a"}));
    }
    for forged in [
        json!({"type": "a", "__except__": 1}),
        json!({"type": "a", "__reply_to__": "no name"}),
        json!({"type": "a", "__asgi_channel__": {}}),
        json!([1]),
    ] {
        let body = body(Format::Json, &[], 0);
        assert!(body.read(forged.to_string().as_bytes()).is_err(), "{forged}");
    }
}

#[test]
fn a_key_that_is_not_known_and_an_old_token_are_told() {
    let message = Message::from_value(json!({"type": "a"})).unwrap();
    let written = body(Format::Msgpack, &["one"], 0).write(&message, None).unwrap();
    let error = body(Format::Msgpack, &["another"], 0).read(&written).unwrap_err();
    assert!(error.to_string().contains("symmetric_encryption_keys"), "{error}");
    let golden = golden();
    let old = golden["messages"][0]["fernet_msgpack_key=secret_t=1700000000_iv=00..0f"].as_str().unwrap().as_bytes();
    let strict = Body { ttl: Some(std::time::Duration::from_secs(70)), ..body(Format::Msgpack, &["secret"], 0) };
    assert!(strict.read(old).is_err() && body(Format::Msgpack, &["secret"], 0).read(old).is_ok());
}

#[test]
fn what_pythons_reader_refuses_is_refused_and_what_it_accepts_is_accepted() {
    let golden = golden();
    for (what, hex) in golden["rejected_by_python_receiver"].as_object().unwrap() {
        assert!(packed::fields(&bytes(hex)).is_err(), "{what}");
    }
    for (what, hex) in golden["accepted_by_python_receiver_though_never_emitted"].as_object().unwrap() {
        let accepted = packed::fields(&bytes(hex)).is_ok();
        assert_eq!(accepted, !what.starts_with("bin map key"), "{what}: no name of a field is bytes");
    }
    for (what, hex) in golden["msgpack_types"].as_object().unwrap() {
        let message = [&[0x81, 0xA1, b'v'], &*bytes(hex)].concat();
        let fields = packed::fields(&message).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(fields[0].value, 3..message.len(), "{what}");
    }
}

#[test]
fn names_belong_to_the_hosts_where_python_looks_for_them() {
    for vector in golden()["consistent_hash"].as_array().unwrap() {
        let name = vector["value"].as_str().unwrap();
        for (hosts, host) in vector["host_index"].as_object().unwrap() {
            let ring = Ring::new(hosts.parse().unwrap());
            assert_eq!(Some(ring.host(name) as u64), host.as_u64(), "{name} of {hosts}");
        }
    }
}

#[test]
fn things_are_called_what_python_calls_them() {
    let golden = golden();
    let keys = &golden["keys"];
    let (core, pubsub) = (CoreKeys::new("asgi"), PubSubKeys::new("asgi"));
    let group = GroupName::new("chat_lobby").unwrap();
    let channel = ChannelName::new(golden["channel_1"].as_str().unwrap()).unwrap();
    assert_eq!(core.messages(&channel), keys["prefix=asgi channel"]);
    assert_eq!(core.group(&group), keys["prefix=asgi group chat_lobby"]);
    assert_eq!(
        core.messages(&ChannelName::new("thumbnails-generate").unwrap()),
        keys["prefix=asgi general thumbnails-generate"]
    );
    assert_eq!(pubsub.group(&group), keys["pubsub group chat_lobby"]);
    assert_eq!(pubsub.group_of(&pubsub.group(&group)), Some("chat_lobby"));
    assert_eq!(pubsub.group_of(keys["pubsub channel example"].as_str().unwrap()), None);
}

#[test]
fn secrets_become_the_keys_that_python_makes_of_them() {
    for (secret, key) in golden()["fernet_keys"].as_object().unwrap() {
        assert_eq!(fernet_key(secret.as_bytes()), key.as_str().unwrap());
    }
}
