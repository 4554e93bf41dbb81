//! Redis: what Django Channels' own layers speak.

mod core;
mod host;
mod listener;
mod options;
mod pubsub;
mod server;
mod wire;

pub use self::core::RedisLayer;
pub use options::{RedisError, RedisOptions};
pub use pubsub::RedisPubSubLayer;
