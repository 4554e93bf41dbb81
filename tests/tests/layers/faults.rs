//! Servers that go away, and messages that nobody can read.

use std::time::Duration;

use axum::Router;
use consumer_runtime::{Format, prelude::*};
use serde_json::json;
use tests::{RedisServer, Site, eventually, soon};

use super::{WIRES, Wire, options, process};

#[event("news")]
pub(super) struct News {
    pub(super) number: u32,
}

#[group("readers", events(News))]
pub(super) struct Readers {}

#[consumer("/ws/news/", group = Readers)]
pub(super) struct Reader {}

#[consumer]
impl Reader {
    #[event("news")]
    fn news(event: &News) -> u32 {
        event.number
    }
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_server_that_dies_and_comes_back_closes_no_socket_over_redis() {
    for wire in WIRES {
        a_server_that_dies_and_comes_back_closes_no_socket_over_redis_by(wire).await;
    }
}

async fn a_server_that_dies_and_comes_back_closes_no_socket_over_redis_by(wire: Wire) {
    let mut servers = [RedisServer::new().await];
    let mut options = options(&servers, Format::Msgpack, &[]);
    options.timeout = Duration::from_millis(500);
    let (here, there) = (process(wire, &options).await, process(wire, &options).await);
    let site = Site::on(Router::new().consumer::<Reader>(), there.clone()).await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(site.client("/ws/news/").await);
    }
    Readers {}.send(&here, News { number: 1 }).await.unwrap();
    for client in &mut clients {
        assert_eq!(client.hear().await, "1");
    }

    servers[0].kill().await;
    let error = soon("an error", async { Readers {}.send(&here, News { number: 2 }).await }).await.unwrap_err();
    assert!(error.to_string().contains("the channel layer is away"), "{error}");
    servers[0].restart().await;
    eventually("it is noticed", || there.counts().layer_outages == 1).await;

    // The sender's own connection may need one more try.
    soon("it is sent", async { while (Readers {}).send(&here, News { number: 3 }).await.is_err() {} }).await;
    for client in &mut clients {
        assert_eq!(client.hear().await, "3", "what was sent meanwhile is lost, and told to who sent it");
    }
    let counts = there.counts();
    assert_eq!((counts.ended, counts.accepted), (0, 20), "no socket was closed");
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_frozen_server_is_noticed_and_holds_nobody_up_over_redis() {
    for wire in WIRES {
        a_frozen_server_is_noticed_and_holds_nobody_up_over_redis_by(wire).await;
    }
}

async fn a_frozen_server_is_noticed_and_holds_nobody_up_over_redis_by(wire: Wire) {
    let servers = [RedisServer::new().await];
    let mut options = options(&servers, Format::Msgpack, &[]);
    options.timeout = Duration::from_millis(300);
    let (here, there) = (process(wire, &options).await, process(wire, &options).await);
    let site = Site::on(Router::new().consumer::<Reader>(), there.clone()).await;
    let mut client = site.client("/ws/news/").await;

    servers[0].freeze(true).await;
    let error = soon("an error", async { Readers {}.send(&here, News { number: 1 }).await }).await.unwrap_err();
    assert!(error.to_string().contains("the channel layer is away"), "{error}");
    client.ping().await;
    let member = there.untyped().new_channel();
    let error = soon("an error", member.group_add("another")).await.unwrap_err();
    assert!(error.to_string().contains("away"), "{error}");
    // Long enough to be taken for lost: nobody tells when.
    let fetches = if wire == Wire::Stored { Duration::from_secs(2) } else { Duration::ZERO };
    tokio::time::sleep(fetches + options.timeout * 3).await;
    servers[0].freeze(false).await;
    eventually("it is noticed", || there.counts().layer_outages == 1).await;
    soon("it is sent", async { while (Readers {}).send(&here, News { number: 2 }).await.is_err() {} }).await;
    while client.hear().await != "2" {}
    assert_eq!(there.counts().ended, 0, "no socket was closed");
}

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
