//! Messages that nobody can read.

use consumer_runtime::Format;
use serde_json::json;
use tests::{RedisServer, Wire, soon};

use crate::{options, process};

#[tokio::test]
#[ignore = "needs redis-server"]
async fn what_cannot_be_read_is_counted_and_harms_nobody_over_redis() {
    let wire = Wire::Published;
    let servers = [RedisServer::new().await];
    let options = options(&servers, Format::Msgpack, &[]);
    let (here, there) = (process(wire, &options).await, process(wire, &options).await);
    let mut member = there.untyped().new_channel();
    member.group_add("chat_lobby").await.unwrap();
    for garbage in ["x", "\"\\x81\\x01\\xa1a\"", "\"\\x81\\xa4type\\xa2_a\"", "\"\\x81\\xa1a\\xd9\""] {
        assert_eq!(servers[0].say(&format!("PUBLISH asgi__group__chat_lobby {garbage}")).await, ":1", "{garbage}");
    }
    here.untyped().group_send("chat_lobby", json!({"type": "a"})).await.unwrap();
    assert_eq!(soon("a message", member.receive()).await.name(), "a");
    assert_eq!(there.counts().unreadable, 4);
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn what_is_stored_and_cannot_be_read_is_counted_over_redis() {
    let servers = [RedisServer::new().await];
    let options = options(&servers, Format::Msgpack, &[]);
    let (here, there) = (process(Wire::Stored, &options).await, process(Wire::Stored, &options).await);
    let mut member = there.untyped().new_channel();
    member.group_add("chat_lobby").await.unwrap();
    let queue = member.name().process_part().to_owned();
    // Too short for its random bytes; not MessagePack behind them; for nobody; for a channel that is no more.
    let nobody = "\\x81\\xa4type\\xa1a";
    let gone = "\\x82\\xa4type\\xa1a\\xb0__asgi_channel__\\xa5abc!d";
    for garbage in ["x", "012345678901x", &format!("012345678901{nobody}"), &format!("012345678901{gone}")] {
        assert_eq!(servers[0].say(&format!("ZADD asgi{queue} 1 \"{garbage}\"")).await, ":1", "{garbage}");
    }
    here.untyped().group_send("chat_lobby", json!({"type": "a"})).await.unwrap();
    assert_eq!(soon("a message", member.receive()).await.name(), "a");
    let counts = there.counts();
    assert_eq!((counts.unreadable, counts.gone), (3, 1), "{counts:?}");
}
