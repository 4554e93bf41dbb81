//! The end of a process in good order.

use std::time::Duration;

use axum::Router;
use consumer_runtime::{Format, prelude::*};
use tests::{RedisServer, Site};

use super::{Wire, options, process};

#[consumer("/ws/{room}/", group = "room_{room}")]
struct Visitor {
    room: String,
}

#[consumer]
impl Visitor {
    #[event("news")]
    fn news(_: &News) -> &'static str {
        "news"
    }
}

#[event("news")]
struct News {}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_drain_leaves_nothing_in_the_groups_over_redis() {
    let servers = [RedisServer::new().await];
    let channels = process(Wire::Stored, &options(&servers, Format::Msgpack, &[])).await;
    let site = Site::on(Router::new().consumer::<Visitor>(), channels.clone()).await;
    let mut clients = Vec::new();
    for room in 0..50 {
        clients.push(site.client(&format!("/ws/{room}/")).await);
    }
    let member = channels.untyped().new_channel();
    member.group_add("room_7").await.unwrap();
    member.group_add("another").await.unwrap();
    assert_eq!(servers[0].say("EVAL \"return #redis.call('KEYS', 'asgi:group:*')\" 0").await, ":51");
    let hearing = async {
        for client in &mut clients {
            assert_eq!(client.hear_close().await.0, 1012);
        }
    };
    assert!(tokio::join!(channels.drain(Duration::ZERO, Duration::from_secs(10)), hearing).0);
    assert_eq!(servers[0].say("EVAL \"return #redis.call('KEYS', 'asgi:group:*')\" 0").await, ":0");
}
