//! Channel layers over real servers: several processes' channels in one test.

mod django;
mod faults;
mod sharing;

use consumer_runtime::{Channels, Format, RedisOptions, RedisPubSubLayer};
use tests::RedisServer;

/// The channels of one more process.
async fn process(options: &RedisOptions) -> Channels {
    let layer = RedisPubSubLayer::connect(options).await.expect("the servers answer");
    Channels::builder().layer(layer).build()
}

fn options(servers: &[RedisServer], format: Format, secrets: &[&str]) -> RedisOptions {
    let mut options = RedisOptions::default();
    options.hosts = servers.iter().map(RedisServer::url).collect();
    options.serializer_format = format;
    options.symmetric_encryption_keys = secrets.iter().map(|secret| (*secret).to_owned()).collect();
    options
}
