//! Redis: what Django Channels' own layers speak.

mod cluster;
mod commands;
mod core;
mod failure;
mod host;
mod listener;
mod options;
mod place;
mod pubsub;
#[allow(missing_docs)]
pub mod reading;
mod refusal;
mod script;
mod sentinel;
mod server;
mod wire;

pub use self::{cluster::RedisClusterLayer, core::RedisLayer};
pub use options::{RedisError, RedisOptions};
pub use place::RedisHost;
pub use pubsub::RedisPubSubLayer;
