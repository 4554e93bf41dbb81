//! The rules of channel layers, kept by each of ours.

use std::time::Duration;

use consumer_runtime::{
    Channels, ChannelsBuilder, Format, MemoryLayer, NatsLayer, NatsOptions, RedisClusterLayer, RedisLayer,
    RedisOptions, RedisPubSubLayer, layer_tests,
    testing::{
        self,
        layer::{LayerOnServers, LayerUnderTest, StoringLayer},
    },
};
use tests::{NatsServer, RedisCluster, RedisServer};

use super::options;

/// As many messages as a general channel holds in these tests, and for how long.
const CAPACITY: usize = 1000;
const EXPIRY: Duration = Duration::from_secs(2);

struct Memory(MemoryLayer);

impl LayerUnderTest for Memory {
    async fn new() -> Self {
        Self(MemoryLayer::with(CAPACITY, EXPIRY, []))
    }

    async fn process(&self, channels: ChannelsBuilder) -> Channels {
        channels.layer(self.0.clone()).build()
    }
}

impl StoringLayer for Memory {
    fn capacity(&self) -> usize {
        CAPACITY
    }

    fn expiry(&self) -> Duration {
        EXPIRY
    }
}

/// Redis servers, and how to speak to them.
struct Servers<const HOSTS: usize>(Vec<RedisServer>);

impl<const HOSTS: usize> Servers<HOSTS> {
    async fn new() -> Self {
        let mut servers = Vec::new();
        for _ in 0..HOSTS {
            servers.push(RedisServer::new().await);
        }
        Self(servers)
    }

    fn options(&self) -> RedisOptions {
        let secrets: &[_] = if HOSTS > 1 { &["new", "old"] } else { &[] };
        let mut options = options(&self.0, Format::Msgpack, secrets);
        options.capacity = CAPACITY;
        options.expiry = EXPIRY;
        options.timeout = Duration::from_secs(1);
        options
    }

    async fn take_away(&mut self) {
        for server in &mut self.0 {
            server.kill().await;
        }
    }

    async fn bring_back(&mut self) {
        for server in &mut self.0 {
            server.restart().await;
        }
    }
}

struct Stored<const HOSTS: usize>(Servers<HOSTS>);

impl<const HOSTS: usize> LayerUnderTest for Stored<HOSTS> {
    async fn new() -> Self {
        Self(Servers::new().await)
    }

    async fn process(&self, channels: ChannelsBuilder) -> Channels {
        channels.layer(RedisLayer::connect(&self.0.options()).await.expect("the servers answer")).build()
    }
}

impl<const HOSTS: usize> LayerOnServers for Stored<HOSTS> {
    fn servers(&self) -> usize {
        HOSTS
    }

    async fn take_away(&mut self) {
        self.0.take_away().await;
    }

    async fn bring_back(&mut self) {
        self.0.bring_back().await;
    }
}

impl<const HOSTS: usize> StoringLayer for Stored<HOSTS> {
    fn capacity(&self) -> usize {
        // With several servers each holds as many.
        CAPACITY * HOSTS
    }

    fn expiry(&self) -> Duration {
        EXPIRY
    }
}

struct Published<const HOSTS: usize>(Servers<HOSTS>);

impl<const HOSTS: usize> LayerUnderTest for Published<HOSTS> {
    async fn new() -> Self {
        Self(Servers::new().await)
    }

    async fn process(&self, channels: ChannelsBuilder) -> Channels {
        channels.layer(RedisPubSubLayer::connect(&self.0.options()).await.expect("the servers answer")).build()
    }
}

impl<const HOSTS: usize> LayerOnServers for Published<HOSTS> {
    fn servers(&self) -> usize {
        HOSTS
    }

    async fn take_away(&mut self) {
        self.0.take_away().await;
    }

    async fn bring_back(&mut self) {
        self.0.bring_back().await;
    }
}

struct Nats(NatsServer);

impl LayerUnderTest for Nats {
    async fn new() -> Self {
        Self(NatsServer::new().await)
    }

    async fn process(&self, channels: ChannelsBuilder) -> Channels {
        let mut options = NatsOptions::url(self.0.url());
        options.timeout = Duration::from_secs(1);
        channels.layer(NatsLayer::connect(&options).await.expect("the server answers")).build()
    }
}

impl LayerOnServers for Nats {
    fn servers(&self) -> usize {
        1
    }

    async fn take_away(&mut self) {
        self.0.kill().await;
    }

    async fn bring_back(&mut self) {
        self.0.restart().await;
    }
}

/// One cluster for all rules, each under a prefix of its own: nodes are not taken away here, but in `cluster.rs`.
struct Sharded {
    cluster: RedisCluster,
    rule: usize,
}

impl LayerUnderTest for Sharded {
    async fn new() -> Self {
        Self { cluster: RedisCluster::new().await, rule: 0 }
    }

    async fn process(&self, channels: ChannelsBuilder) -> Channels {
        let mut options = RedisOptions::on(self.cluster.nodes[..3].iter().map(RedisServer::url));
        options.prefix = format!("rule{}", self.rule);
        channels.layer(RedisClusterLayer::connect(&options).await.expect("the nodes answer")).build()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs redis-server"]
async fn sharded_over_redis() {
    let mut sharded = Sharded::new().await;
    let next = |sharded: &mut Sharded| sharded.rule += 1;
    testing::layer::every_rule(&mut sharded, next).await;
    testing::layer::general_channels_keep_the_order_of_a_sender(&mut sharded).await;
}

layer_tests! {
    mod memory = Memory: one_receives, ordered, stores;
}

layer_tests! {
    #[ignore = "needs nats-server"]
    mod over_nats = Nats: one_receives, ordered, servers;
}

layer_tests! {
    #[ignore = "needs redis-server"]
    mod stored_over_redis = Stored<1>: one_receives, ordered, stores, servers;
}

// Not `ordered`: the messages of a general channel go to both servers in turn.
layer_tests! {
    #[ignore = "needs redis-server"]
    mod stored_on_two_hosts_over_redis = Stored<2>: one_receives, stores, servers;
}

layer_tests! {
    #[ignore = "needs redis-server"]
    mod published_over_redis = Published<1>: ordered, servers;
}

layer_tests! {
    #[ignore = "needs redis-server"]
    mod published_on_two_hosts_over_redis = Published<2>: ordered, servers;
}
