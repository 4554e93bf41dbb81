//! Sentinels: the master is whoever they name.

use std::time::Duration;

use axum::Router;
use consumer_runtime::{RedisHost, RedisLayer, RedisOptions, prelude::*};
use serde_json::{Value, json};
use tests::{
    RedisServer, Site, django_config, eventually,
    python::{Django, pythons},
    soon,
};

use super::{Wire, process};

on_redis!(a_failover_closes_no_socket);
on_redis_with_django!(sentinels_are_asked_as_by_channels_redis);

#[event("news")]
struct News {
    number: u32,
}

#[group("readers", events(News))]
struct Readers {}

#[consumer("/ws/news/", group = Readers)]
struct Reader {}

#[consumer]
impl Reader {
    #[event("news")]
    fn news(event: &News) -> u32 {
        event.number
    }
}

/// A master, a replica, and three sentinels that know of both and of each other.
struct Watched {
    master: RedisServer,
    _replica: RedisServer,
    sentinels: Vec<RedisServer>,
}

impl Watched {
    async fn new() -> Self {
        let master = RedisServer::new().await;
        let replica = RedisServer::with(&["--replicaof", &format!("127.0.0.1 {}", master.port())]).await;
        until(&master, "INFO replication", "connected_slaves:1").await;
        let mut sentinels = Vec::new();
        for _ in 0..3 {
            sentinels.push(RedisServer::sentinel(&master, "").await);
        }
        for sentinel in &sentinels {
            until(sentinel, "SENTINEL CKQUORUM main", "3 usable Sentinels").await;
            until(sentinel, "SENTINEL REPLICAS main", &replica.port().to_string()).await;
        }
        Self { master, _replica: replica, sentinels }
    }

    fn options(&self) -> RedisOptions {
        let sentinels = self.sentinels.iter().map(|sentinel| ("127.0.0.1", sentinel.port()));
        // A server that is killed is noticed at once; one that is slow since the machine is busy is not away.
        RedisOptions::on([RedisHost::sentinels("main", sentinels)]).timeout(Duration::from_secs(10))
    }
}

async fn until(server: &RedisServer, command: &str, told: &str) {
    soon(&format!("{command} tells {told}"), async {
        while !server.say_all(command).await.contains(told) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

/// Sends until it is taken.
async fn insist(channels: &Channels, number: u32) {
    soon("it is sent", async { while (Readers {}).send(channels, News { number }).await.is_err() {} }).await;
}

async fn a_failover_closes_no_socket(wire: Wire) {
    let mut watched = Watched::new().await;
    let options = watched.options();
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

    watched.master.kill().await;
    let error = soon("an error", async { Readers {}.send(&here, News { number: 2 }).await }).await.unwrap_err();
    assert!(error.to_string().contains("the channel layer is away"), "{error}");
    insist(&here, 3).await;
    eventually("it is noticed", || there.counts().layer_outages == 1).await;
    insist(&here, 4).await;
    for client in &mut clients {
        while client.hear().await != "4" {}
    }

    // The old master comes back, and is told by and by that it is none any more.
    watched.master.restart().await;
    until(&watched.master, "INFO replication", "role:slave").await;
    insist(&here, 5).await;
    for client in &mut clients {
        assert_eq!(client.hear().await, "5");
    }
    let late = process(wire, &options).await;
    let mut member = late.untyped().new_channel();
    member.group_add("late").await.unwrap();
    here.untyped().group_send("late", json!({"type": "a"})).await.unwrap();
    soon("a message", member.receive()).await;
    let counts = there.counts();
    assert_eq!((counts.ended, counts.accepted, counts.layer_outages), (0, 20, 1), "no socket was closed");
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn what_sentinels_do_not_know_is_told_at_once_over_redis() {
    let master = RedisServer::new().await;
    let open = RedisServer::sentinel(&master, "").await;
    let closed = RedisServer::sentinel(&master, "requirepass watchword").await;
    let told = async |host: Value| {
        let options: RedisOptions = serde_json::from_value(json!({"hosts": [host]})).unwrap();
        RedisLayer::connect(&options.timeout(Duration::from_secs(1))).await.unwrap_err().to_string()
    };
    // The dead one is no reason not to ask the other.
    let sentinels = json!([["127.0.0.1", 1], ["127.0.0.1", open.port()]]);
    let error = told(json!({"sentinels": sentinels, "master_name": "other"})).await;
    assert!(error.contains("`master_name` of `hosts[0]`: the sentinels know no master `other`"), "{error}");
    let error = told(json!({"sentinels": sentinels, "master_name": "main", "password": "secret"})).await;
    assert!(error.contains("`password` of `hosts[0]`"), "{error}");
    let sentinels = json!([["127.0.0.1", closed.port()]]);
    for kwargs in [json!({}), json!({"password": "wrong"})] {
        let host = json!({"sentinels": sentinels, "master_name": "main", "sentinel_kwargs": kwargs});
        let error = told(host).await;
        assert!(error.contains("`sentinel_kwargs` of `hosts[0]`"), "{error}");
    }
}

async fn sentinels_are_asked_as_by_channels_redis(wire: Wire) {
    let master = RedisServer::with(&["--requirepass", "secret"]).await;
    let more = "sentinel auth-pass main secret\nrequirepass watchword";
    let sentinel = RedisServer::sentinel(&master, more).await;
    let hosts = json!([{
        "sentinels": [["127.0.0.1", sentinel.port()]],
        "master_name": "main",
        "sentinel_kwargs": {"password": "watchword"},
        "password": "secret",
        "db": 2,
    }]);
    for python in pythons() {
        let options: RedisOptions = serde_json::from_value(json!({ "hosts": hosts })).unwrap();
        let ours = process(wire, &options).await;
        let mut django = Django::new(&python, wire.django(), django_config(&options)).await;
        let mut member = ours.untyped().new_channel();
        member.group_add("chat_lobby").await.unwrap();
        django.call("group_add", json!(["chat_lobby", "<own>"])).await;
        django.call("group_send", json!(["chat_lobby", {"type": "a"}])).await;
        assert_eq!(soon("a message", member.receive()).await.name(), "a");
        assert_eq!(django.hear().await["type"], "a");
        ours.untyped().group_send("chat_lobby", json!({"type": "b"})).await.unwrap();
        assert_eq!(django.hear().await["type"], "b");
    }
}
