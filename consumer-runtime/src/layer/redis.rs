//! Redis: what Django Channels' own layers speak.

mod host;
mod listener;
mod options;
mod pubsub;
#[allow(dead_code, reason = "the core wire's half is for the layer that stores messages")]
mod wire;

pub use options::{RedisError, RedisOptions};
pub use pubsub::RedisPubSubLayer;
pub use wire::Format;
