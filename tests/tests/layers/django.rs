//! Django's processes on the same servers: every way of writing messages, in both directions.

use axum::Router;
use consumer_runtime::{Format, RedisOptions, prelude::*};
use serde_json::{Value, json};
use tests::{
    RedisServer, Site,
    python::{Django, pythons},
    soon,
};

use super::{WIRES, Wire, options, process};

fn layer(wire: Wire) -> &'static str {
    match wire {
        Wire::Published => "pubsub.RedisPubSubChannelLayer",
        Wire::Stored => "core.RedisChannelLayer",
    }
}

/// The same settings, as `CHANNEL_LAYERS` has them.
fn config(options: &RedisOptions) -> Value {
    let mut config = serde_json::to_value(options).unwrap();
    let fields = config.as_object_mut().unwrap();
    for ours in ["timeout", "work_capacity"] {
        fields.remove(ours);
    }
    config
}

#[tokio::test]
#[ignore = "needs channels_redis"]
async fn every_way_of_writing_works_both_ways_with_django() {
    for wire in WIRES {
        every_way_of_writing_works_both_ways_with_django_by(wire).await;
    }
}

async fn every_way_of_writing_works_both_ways_with_django_by(wire: Wire) {
    let servers = [RedisServer::new().await, RedisServer::new().await];
    for python in pythons() {
        for (hosts, format, secrets) in [
            (1, Format::Msgpack, &[][..]),
            (2, Format::Msgpack, &[][..]),
            (1, Format::Msgpack, &["new", "old"][..]),
            (2, Format::Msgpack, &["new", "old"][..]),
            (1, Format::Json, &[][..]),
            (2, Format::Json, &[][..]),
            (1, Format::Json, &["new", "old"][..]),
            (2, Format::Json, &["new", "old"][..]),
        ] {
            let what = format!("{}, {hosts} hosts, {format:?}, {} keys", python.display(), secrets.len());
            let options = options(&servers[..hosts], format, secrets);
            let channels = process(wire, &options).await;
            let mut django = Django::new(&python, layer(wire), config(&options)).await;
            let mut ours = channels.untyped().new_channel();
            ours.group_add("chat_lobby").await.unwrap();
            django.call("group_add", json!(["chat_lobby", "<own>"])).await;
            let message = json!({
                "type": "chat.message", "text": "é", "list": [1, -1, 1.5, null, true], "large": 9_007_199_254_740_993_u64,
            });

            django.call("group_send", json!(["chat_lobby", message])).await;
            assert_eq!(soon("a message", ours.receive()).await.to_value().unwrap(), message, "{what}");
            assert_eq!(django.hear().await, message, "{what}");
            channels.untyped().group_send("chat_lobby", message.clone()).await.unwrap();
            assert_eq!(soon("a message", ours.receive()).await.to_value().unwrap(), message, "{what}");
            assert_eq!(django.hear().await, message, "{what}");

            django.call("send", json!([ours.name().as_str(), message])).await;
            assert_eq!(soon("a message", ours.receive()).await.to_value().unwrap(), message, "{what}");
            channels.untyped().send(&django.channel, message.clone()).await.unwrap();
            assert_eq!(django.hear().await, message, "{what}");
            assert_eq!(channels.counts().unreadable, 0, "{what}");
        }
    }
}

#[event("picture")]
struct Picture {
    name: String,
    #[serde(with = "serde_bytes")]
    data: Vec<u8>,
}

#[group("gallery", events(Picture))]
struct Gallery {}

#[consumer("/ws/gallery/", group = Gallery)]
struct Wall {}

#[consumer]
impl Wall {
    #[event("picture")]
    fn picture(event: &Picture) -> Value {
        json!([event.name, event.data])
    }
}

#[tokio::test]
#[ignore = "needs channels_redis"]
async fn djangos_group_send_reaches_our_sockets_and_bytes_stay_bytes_with_django() {
    for wire in WIRES {
        djangos_group_send_reaches_our_sockets_and_bytes_stay_bytes_with_django_by(wire).await;
    }
}

async fn djangos_group_send_reaches_our_sockets_and_bytes_stay_bytes_with_django_by(wire: Wire) {
    let servers = [RedisServer::new().await];
    let options = options(&servers, Format::Msgpack, &[]);
    let channels = process(wire, &options).await;
    let site = Site::on(Router::new().consumer::<Wall>(), channels.clone()).await;
    let mut client = site.client("/ws/gallery/").await;
    let mut django = Django::new(&pythons()[0], layer(wire), config(&options)).await;
    django.call("group_add", json!(["gallery", "<own>"])).await;

    let picture = json!({"type": "picture", "name": "a", "data": {"bytes": "00ff"}});
    django.call("group_send", json!(["gallery", picture])).await;
    assert_eq!(client.hear_json().await, json!(["a", [0, 255]]));
    assert_eq!(django.hear().await, picture);

    Gallery {}.send(&channels, Picture { name: "b".into(), data: vec![1, 254] }).await.unwrap();
    assert_eq!(client.hear_json().await, json!(["b", [1, 254]]));
    assert_eq!(django.hear().await, json!({"type": "picture", "name": "b", "data": {"bytes": "01fe"}}));

    // What Django may send and no handler wants harms nobody.
    for message in [json!({"type": "unknown"}), json!({"type": "websocket.disconnect"}), json!({"type": "picture"})] {
        django.call("group_send", json!(["gallery", message])).await;
        django.hear().await;
    }
    django.call("group_send", json!(["gallery", picture])).await;
    assert_eq!(client.hear_json().await, json!(["a", [0, 255]]));
    let counts = channels.counts();
    assert_eq!((counts.unhandled, counts.undecodable, counts.ended), (2, 1, 0), "{counts:?}");
}
