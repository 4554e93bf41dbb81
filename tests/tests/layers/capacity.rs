//! How many messages wait in channels whose names fit a pattern.

use consumer_runtime::{ChannelCapacity, Format};
use serde_json::json;
use tests::{
    RedisServer, django_config,
    python::{Django, pythons},
};

use super::{Wire, options, process};

/// Patterns, channels and how many messages these hold; the capacity of others is 4.
fn capacities() -> (ChannelCapacity, [(&'static str, usize); 7]) {
    let capacities = ChannelCapacity::from([("work-[ab]", 1), ("work-?", 2), ("jobs.*", 3)]);
    let capacities = capacities.regex(r"^mail\.[a-z]+", 2).unwrap().regex("socket", 1).unwrap();
    let channels = [
        ("work-a", 1),
        ("work-c", 2),
        ("work-ab", 4),
        ("jobs.", 3),
        // An expression fits from the first character on, and need not reach to the last.
        ("mail.send-1", 2),
        ("mail.1", 4),
        ("websocket", 4),
    ];
    (capacities, channels)
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn the_first_pattern_that_fits_says_how_many_wait_over_redis() {
    let servers = [RedisServer::new().await];
    let mut options = options(&servers, Format::Msgpack, &[]);
    let (patterns, channels) = capacities();
    (options.capacity, options.channel_capacity) = (4, patterns);
    let process = process(Wire::Stored, &options).await;
    for (channel, capacity) in channels {
        for _ in 0..capacity {
            process.untyped().send(channel, json!({"type": "job"})).await.unwrap();
        }
        let error = process.untyped().send(channel, json!({"type": "job"})).await.unwrap_err();
        assert!(error.to_string().contains("is full"), "{channel}: {error}");
    }
}

#[tokio::test]
#[ignore = "needs channels_redis"]
async fn as_many_wait_as_with_django() {
    let servers = [RedisServer::new().await];
    let mut options = options(&servers, Format::Msgpack, &[]);
    let (patterns, channels) = capacities();
    let patterns = patterns.glob("specific.gone*", 2).regex(r"specific\.left", 3).unwrap();
    (options.capacity, options.channel_capacity) = (4, patterns);
    let ours = process(Wire::Stored, &options).await;
    let mut django = Django::new(&pythons()[0], Wire::Stored.django(), django_config(&options)).await;
    for (channel, capacity) in channels {
        for _ in 0..capacity - 1 {
            django.call("send", json!([channel, {"type": "job"}])).await;
        }
        ours.untyped().send(channel, json!({"type": "job"})).await.unwrap();
        let refused = django.try_call("send", json!([channel, {"type": "job"}])).await.unwrap_err();
        assert!(refused.starts_with("ChannelFull"), "{channel}: {refused}");
        assert!(ours.untyped().send(channel, json!({"type": "job"})).await.is_err(), "{channel}");
    }

    // Members of processes that fetch nothing, so that what is sent to them waits.
    for (member, capacity) in [("specific.gone!a", 2), ("specific.left!a", 3), ("specific.some!a", 4)] {
        let process = member.trim_end_matches('a');
        for by_django in [true, false] {
            assert!(servers[0].say(&format!("ZADD asgi:group:all 9999999999 {member}")).await.starts_with(':'));
            servers[0].say(&format!("DEL asgi{process}")).await;
            for _ in 0..5 {
                if by_django {
                    django.call("group_send", json!(["all", {"type": "job"}])).await;
                } else {
                    ours.untyped().group_send("all", json!({"type": "job"})).await.unwrap();
                }
            }
            let waiting = servers[0].say(&format!("ZCARD asgi{process}")).await;
            assert_eq!(waiting, format!(":{capacity}"), "{member}, Django: {by_django}");
        }
    }
}
