//! Sharded publish and subscribe on a cluster whose nodes fail and whose slots move.

use std::time::Duration;

use axum::Router;
use consumer_runtime::{Channels, RedisClusterLayer, RedisOptions, prelude::*};
use serde_json::json;
use tests::{Client, RedisCluster, RedisServer, Site, eventually, soon};

#[event("news")]
struct News {
    number: u32,
}

#[group("readers_{topic}", events(News))]
struct Readers {
    topic: u32,
}

#[consumer("/ws/news/{topic}/", group = Readers)]
struct Reader {
    topic: u32,
}

#[consumer]
impl Reader {
    #[event("news")]
    fn news(event: &News) -> u32 {
        event.number
    }

    #[event("who")]
    async fn who(&mut self, _: &Who, context: &mut Context<Self>) -> String {
        context.channel_name().to_string()
    }
}

#[event("who", answer = String)]
struct Who {}

fn options(cluster: &RedisCluster) -> RedisOptions {
    RedisOptions::on(cluster.nodes.iter().map(RedisServer::url)).timeout(Duration::from_secs(2))
}

async fn process(options: &RedisOptions) -> Channels {
    Channels::builder().layer(RedisClusterLayer::connect(options).await.expect("the cluster answers")).build()
}

/// So many topics that each node has some.
const TOPICS: u32 = 12;

async fn insist(channels: &Channels, topic: u32, number: u32) {
    let what = format!("{number} is sent on {topic}");
    soon(&what, async { while (Readers { topic }).send(channels, News { number }).await.is_err() {} }).await;
}

/// A process without sockets, and one with a socket for each topic, each of which has heard of number 1.
struct Rig {
    here: Channels,
    there: Channels,
    clients: Vec<Client>,
    _site: Site,
}

impl Rig {
    async fn new(cluster: &RedisCluster) -> Self {
        let options = options(cluster);
        let (here, there) = (process(&options).await, process(&options).await);
        let site = Site::on(Router::new().consumer::<Reader>(), there.clone()).await;
        let mut clients = Vec::new();
        for topic in 0..TOPICS {
            clients.push(site.client(&format!("/ws/news/{topic}/")).await);
        }
        let mut rig = Self { here, there, clients, _site: site };
        rig.everyone_hears(1).await;
        rig
    }

    async fn everyone_hears(&mut self, number: u32) {
        for topic in 0..TOPICS {
            insist(&self.here, topic, number).await;
        }
        for client in &mut self.clients {
            // What came before may have been lost, or not.
            while client.hear().await != number.to_string() {}
        }
    }

    fn no_socket_was_closed(&self) {
        let counts = self.there.counts();
        assert_eq!((counts.ended, counts.accepted, counts.unreadable), (0, TOPICS.into(), 0));
    }
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn groups_are_shared_among_the_nodes_over_redis() {
    let cluster = RedisCluster::new().await;
    let mut rig = Rig::new(&cluster).await;
    let mut active = 0;
    for node in &cluster.nodes[..3] {
        let channels = node.say_all("PUBSUB SHARDCHANNELS").await;
        active += usize::from(channels.contains("__group__readers_"));
    }
    assert_eq!(active, 3, "each node has some");

    // In order, each once, to both.
    let mut members = [rig.here.untyped().new_channel(), rig.there.untyped().new_channel()];
    for member in &members {
        member.group_add("chat_lobby").await.unwrap();
    }
    for number in 0..50 {
        rig.here.untyped().group_send("chat_lobby", json!({"type": "a", "number": number})).await.unwrap();
    }
    for member in &mut members {
        for number in 0..50 {
            let message = soon("a message", member.receive()).await.to_value().unwrap();
            assert_eq!(message, json!({"type": "a", "number": number}));
        }
    }
    members[1].group_discard("chat_lobby").await.unwrap();
    soon("one is left", async {
        while cluster.nodes[1].say("PUBSUB SHARDNUMSUB asgi__group__chat_lobby").await != "*2" {}
    })
    .await;
    rig.here.untyped().group_send("chat_lobby", json!({"type": "b"})).await.unwrap();
    rig.here.untyped().send(members[1].name().as_str(), json!({"type": "direct"})).await.unwrap();
    assert_eq!(soon("a message", members[0].receive()).await.name(), "b");
    assert_eq!(soon("a message", members[1].receive()).await.name(), "direct", "who has left hears nothing");
    members[1].group_add("chat_lobby").await.unwrap();
    rig.here.untyped().group_send("chat_lobby", json!({"type": "c"})).await.unwrap();
    assert_eq!(soon("a message", members[1].receive()).await.name(), "c");

    // The layer knows how many processes are asked, so nobody waits for the end of the time.
    let within = Duration::from_secs(600);
    let asked = rig.here.untyped().group_ask("readers_3", json!({"type": "who"}), within);
    assert_eq!(soon("answers", asked).await.unwrap().len(), 1);

    // A general channel's messages go to each process that receives.
    let receive = |channels: Channels| tokio::spawn(async move { channels.untyped().receive("work").await.unwrap() });
    let workers = [receive(rig.here.clone()), receive(rig.there.clone())];
    soon("both receive", async {
        while workers.iter().any(|worker| !worker.is_finished()) {
            rig.here.untyped().send("work", json!({"type": "job"})).await.unwrap();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    rig.no_socket_was_closed();
    assert_eq!(rig.there.counts().layer_outages, 0);
    rig.everyone_hears(2).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_node_that_dies_and_comes_back_closes_no_socket_over_redis() {
    let mut cluster = RedisCluster::new().await;
    let mut rig = Rig::new(&cluster).await;
    cluster.nodes[1].kill().await;
    let mut failed = 0;
    for topic in 0..TOPICS {
        let slot = cluster_slot(&cluster, topic).await;
        let sent =
            soon("it is sent, or not", async { Readers { topic }.send(&rig.here, News { number: 2 }).await }).await;
        let is_its = (5461..=10922).contains(&slot);
        assert_eq!(sent.is_err(), is_its, "{topic}: {sent:?}");
        failed += usize::from(is_its);
        if let Err(error) = sent {
            assert!(error.to_string().contains("the channel layer is away"), "{error}");
        } else {
            assert_eq!(rig.clients[topic as usize].hear().await, "2", "the others go on");
        }
    }
    assert!(failed > 0);
    cluster.nodes[1].restart().await;
    cluster.until(0, "CLUSTER INFO", "cluster_slots_ok:16384").await;
    eventually("it is noticed", || rig.there.counts().layer_outages == 1).await;
    rig.everyone_hears(3).await;
    rig.no_socket_was_closed();
    assert_eq!(rig.there.counts().layer_outages, 1);
}

async fn cluster_slot(cluster: &RedisCluster, topic: u32) -> u16 {
    let told = cluster.nodes[0].say(&format!("CLUSTER KEYSLOT asgi__group__readers_{topic}")).await;
    told.trim_start_matches(':').parse().unwrap()
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_replica_that_takes_over_is_found_over_redis() {
    let mut cluster = RedisCluster::new().await;
    let mut rig = Rig::new(&cluster).await;
    cluster.nodes[0].kill().await;
    cluster.until(3, "INFO replication", "role:master").await;
    eventually("it is noticed", || rig.there.counts().layer_outages >= 1).await;
    rig.everyone_hears(2).await;
    rig.no_socket_was_closed();
    // A process that comes now finds its way past the dead one.
    let late = process(&options(&cluster)).await;
    let mut member = late.untyped().new_channel();
    member.group_add("late").await.unwrap();
    rig.here.untyped().group_send("late", json!({"type": "a"})).await.unwrap();
    soon("a message", member.receive()).await;
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_slot_that_moves_takes_its_groups_along_over_redis() {
    let cluster = RedisCluster::new().await;
    let mut rig = Rig::new(&cluster).await;
    let moved = 5;
    let slot = cluster.slot(&format!("asgi__group__readers_{moved}")).await;
    let from = usize::from(slot > 5460) + usize::from(slot > 10922);
    let to = (from + 1) % 3;
    cluster.move_slot(slot, from, to).await;
    eventually("it is noticed", || rig.there.counts().layer_outages == 1).await;
    // Exactly once, by whichever node it was sent first.
    rig.everyone_hears(2).await;
    Readers { topic: moved }.send(&rig.here, News { number: 3 }).await.unwrap();
    assert_eq!(rig.clients[moved as usize].hear().await, "3");
    cluster.move_slot(slot, to, from).await;
    eventually("it is noticed", || rig.there.counts().layer_outages == 2).await;
    rig.everyone_hears(4).await;
    rig.no_socket_was_closed();
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn what_is_no_cluster_is_told_at_once_over_redis() {
    let alone = RedisServer::new().await;
    let unable = RedisServer::with(&["--rename-command", "SSUBSCRIBE", ""]).await;
    let told = async |options: RedisOptions| RedisClusterLayer::connect(&options).await.unwrap_err().to_string();
    let error = told(RedisOptions::url(alone.url())).await;
    assert!(error.contains("`hosts[0]` is no node of a cluster; `RedisPubSubLayer`"), "{error}");
    let error = told(RedisOptions::url(unable.url())).await;
    assert!(error.contains("`hosts[0]`, Redis 7") && error.contains("no SSUBSCRIBE; Redis 7.0"), "{error}");
    let error = told(RedisOptions::url(alone.url() + "/1")).await;
    assert!(error.contains("`db` of `hosts[0]`"), "{error}");
    let error = told(RedisOptions::url("redis://127.0.0.1:1")).await;
    assert!(error.contains("`hosts[0]` cannot be used"), "{error}");
}
