//! Redis: what Django Channels' own layers speak.

mod backoff;
mod commands;
mod core;
mod host;
mod listener;
mod options;
mod pubsub;
mod server;
mod trouble;
mod wire;

pub use self::core::RedisLayer;
pub use options::{RedisError, RedisOptions};
pub use pubsub::RedisPubSubLayer;
pub use wire::Format;
