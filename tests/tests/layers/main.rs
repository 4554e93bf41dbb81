//! Channel layers over real servers: several processes' channels in one test.

mod django;
mod faults;
mod nats;
mod sharing;

use consumer_runtime::{Channels, Format, RedisLayer, RedisOptions, RedisPubSubLayer};
use tests::RedisServer;

/// How messages travel over Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wire {
    Published,
    Stored,
}

const WIRES: [Wire; 2] = [Wire::Published, Wire::Stored];

/// The channels of one more process.
async fn process(wire: Wire, options: &RedisOptions) -> Channels {
    let channels = Channels::builder();
    match wire {
        Wire::Published => channels.layer(RedisPubSubLayer::connect(options).await.expect("the servers answer")),
        Wire::Stored => channels.layer(RedisLayer::connect(options).await.expect("the servers answer")),
    }
    .build()
}

fn options(servers: &[RedisServer], format: Format, secrets: &[&str]) -> RedisOptions {
    let mut options = RedisOptions::default();
    options.hosts = servers.iter().map(RedisServer::url).collect();
    options.serializer_format = format;
    options.symmetric_encryption_keys = secrets.iter().map(|secret| (*secret).to_owned()).collect();
    options
}
