//! What is spoken with Redis.

use consumer_runtime::Format;
use serde_json::json;
use tests::{RedisServer, Wire, soon};

use super::{options, process};

on_redis!(a_server_of_the_old_protocol_is_asked_in_it);

async fn a_server_of_the_old_protocol_is_asked_in_it(wire: Wire) {
    let servers = [RedisServer::with(&["--rename-command", "HELLO", ""]).await];
    assert!(servers[0].say("HELLO 3").await.contains("unknown command"));
    let options = options(&servers, Format::Msgpack, &[]);
    let (here, there) = (process(wire, &options).await, process(wire, &options).await);
    let message = || json!({"type": "chat.message"});
    let mut member = there.untyped().new_channel();
    member.group_add("chat_lobby").await.unwrap();
    here.untyped().group_send("chat_lobby", message()).await.unwrap();
    assert_eq!(soon("a message", member.receive()).await.name(), "chat.message");
    servers[0].say("CLIENT KILL TYPE normal").await;
    // Only who asks finds out; then it is opened again.
    let sending = async { while here.untyped().group_send("chat_lobby", message()).await.is_err() {} };
    soon("it is sent", sending).await;
    assert_eq!(soon("a message", member.receive()).await.name(), "chat.message");
}
