//! Where Redis is, and how messages are written there.

mod error;
mod setters;

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

pub use self::error::RedisError;
use super::{
    core::MEMBER_TIMEOUT,
    place::RedisHost,
    wire::{Body, Format, Keys},
};
use crate::layer::ChannelCapacity;

/// Settings of a Redis layer, under the names that channels_redis gives them.
///
/// What both ends must agree on is what Django has in `CHANNEL_LAYERS`: `hosts` in the same order, `prefix`,
/// `symmetric_encryption_keys` and `serializer_format`.
///
/// ```
/// use consumer_runtime::{RedisHost, RedisOptions};
///
/// let options: RedisOptions = serde_json::from_str(r#"{
///     "hosts": ["redis://10.0.0.1:6379", "redis://10.0.0.2:6379"],
///     "symmetric_encryption_keys": ["new", "old"]
/// }"#)?;
/// assert_eq!(options.prefix, "asgi");
/// let hosts = ["redis://10.0.0.1:6379", "redis://10.0.0.2:6379"];
/// assert_eq!(options, RedisOptions::on(hosts).symmetric_encryption_keys(["new", "old"]));
/// let away = RedisOptions::on([RedisHost::sentinels("mymaster", [("10.0.0.1", 26379)]).password("secret")]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RedisOptions {
    /// The servers: URLs, `redis://[[user]:password@]host[:port][/database]`, and the other forms of [`RedisHost`]. Default:
    /// `redis://localhost:6379`.
    pub hosts: Vec<RedisHost>,
    /// What keys begin with, so that projects can share a server. Default: `asgi`.
    pub prefix: String,
    /// How many undelivered messages a process, or a general channel, may have waiting in Redis before it gets no more.
    /// Default: 100. (`RedisLayer` alone, as the next four.)
    pub capacity: usize,
    /// Other capacities, for channels whose names fit a pattern. The name of a process's queue is that of one of its members.
    pub channel_capacity: ChannelCapacity,
    /// How many messages of an acknowledged channel may be undone before it takes no more. Default: 10,000.
    pub work_capacity: usize,
    /// How long an undelivered message is kept. Default: 60 s.
    #[serde(with = "seconds")]
    pub expiry: Duration,
    /// How long a group keeps a process that has not said again that it is a member; ours say so in time. Default: a day.
    #[serde(with = "seconds")]
    pub group_expiry: Duration,
    /// How many random bytes stand before each message. Both ends must agree on it. Default: 12.
    pub random_prefix_length: usize,
    /// Secrets of any length. The first encrypts, each may decrypt; without any, messages travel as they are.
    pub symmetric_encryption_keys: Vec<String>,
    /// How messages are written. Default: MessagePack.
    pub serializer_format: Format,
    /// How long a send, a join or a leave waits for a server that does not answer, before it is an error; and after how long
    /// a server that says nothing is asked whether it is there. Default: 5 s.
    #[serde(with = "humantime_serde")]
    pub timeout: Duration,
    /// How long a process that has crashed is still taken for a member of its groups by our processes; each says thrice in
    /// that time that it runs. Default: 30 s. (`RedisLayer` alone.)
    #[serde(with = "humantime_serde", skip_serializing_if = "is_member_timeout")]
    pub member_timeout: Duration,
}

/// The default, which channels_redis does not know of.
fn is_member_timeout(timeout: &Duration) -> bool {
    *timeout == MEMBER_TIMEOUT
}

impl Default for RedisOptions {
    fn default() -> Self {
        Self {
            hosts: vec![RedisHost::url("redis://localhost:6379")],
            prefix: "asgi".into(),
            capacity: 100,
            channel_capacity: ChannelCapacity::default(),
            work_capacity: 10_000,
            expiry: Duration::from_secs(60),
            group_expiry: Duration::from_secs(86_400),
            random_prefix_length: 12,
            symmetric_encryption_keys: Vec::new(),
            serializer_format: Format::default(),
            timeout: Duration::from_secs(5),
            member_timeout: MEMBER_TIMEOUT,
        }
    }
}

impl RedisOptions {
    /// How messages are stored.
    pub(super) fn stored(&self) -> Body {
        // As Python does: a little older than what expires, since clocks differ.
        let ttl = Some(self.expiry + Duration::from_secs(10));
        Body { random_prefix: self.random_prefix_length, ttl, ..self.published() }
    }

    /// How messages are published: nothing makes two equal ones different.
    pub(super) fn published(&self) -> Body {
        let keys = Keys::new(&self.symmetric_encryption_keys);
        Body { format: self.serializer_format, keys, random_prefix: 0, ttl: None }
    }
}

impl fmt::Debug for RedisOptions {
    /// Without passwords and keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisOptions")
            .field("hosts", &self.hosts)
            .field("prefix", &self.prefix)
            .field("symmetric_encryption_keys", &self.symmetric_encryption_keys.len())
            .field("serializer_format", &self.serializer_format)
            .field("timeout", &self.timeout)
            .finish()
    }
}

/// Durations as Django's settings have them: a number of seconds.
mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        duration.as_secs().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        Duration::try_from_secs_f64(f64::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
