//! The ways in which messages travel between processes.

use consumer_runtime::{Channels, RedisLayer, RedisOptions, RedisPubSubLayer};

/// How messages travel over a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// By publish and subscribe of Redis.
    Published,
    /// Stored in Redis until they are fetched.
    Stored,
}

impl Wire {
    /// The channels of one more process.
    ///
    /// # Panics
    /// When the servers do not answer.
    pub async fn channels(self, options: &RedisOptions) -> Channels {
        let channels = Channels::builder();
        match self {
            Self::Published => channels.layer(RedisPubSubLayer::connect(options).await.expect("the servers answer")),
            Self::Stored => channels.layer(RedisLayer::connect(options).await.expect("the servers answer")),
        }
        .build()
    }

    /// The layer of channels_redis that speaks it.
    #[must_use]
    pub fn django(self) -> &'static str {
        match self {
            Self::Published => "pubsub.RedisPubSubChannelLayer",
            Self::Stored => "core.RedisChannelLayer",
        }
    }

    /// A word for another process's command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Stored => "stored",
        }
    }

    /// The one that a word stands for.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Published, Self::Stored].into_iter().find(|wire| wire.word() == word)
    }
}

/// What Django has under `CONFIG` in `CHANNEL_LAYERS` for the same servers.
///
/// # Panics
/// Never: options are JSON.
#[must_use]
pub fn django_config(options: &RedisOptions) -> serde_json::Value {
    let mut config = serde_json::to_value(options).expect("JSON");
    if let Some(config) = config.as_object_mut() {
        for ours in ["timeout", "work_capacity"] {
            config.remove(ours);
        }
    }
    config
}
