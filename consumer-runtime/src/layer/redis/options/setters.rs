//! `RedisOptions` as a builder.

use std::time::Duration;

use super::RedisOptions;
use crate::layer::{
    ChannelCapacity,
    redis::{place::RedisHost, wire::Format},
};

impl RedisOptions {
    /// The defaults on one server.
    pub fn url(url: impl Into<String>) -> Self {
        Self::on([RedisHost::url(url)])
    }

    /// The defaults on several servers, in the order in which all processes must name them.
    pub fn on(hosts: impl IntoIterator<Item = impl Into<RedisHost>>) -> Self {
        Self { hosts: hosts.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Sets [`prefix`](Self#structfield.prefix).
    #[must_use]
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), ..self }
    }

    /// Sets [`capacity`](Self#structfield.capacity).
    #[must_use]
    pub fn capacity(self, capacity: usize) -> Self {
        Self { capacity, ..self }
    }

    /// Sets [`channel_capacity`](Self#structfield.channel_capacity).
    #[must_use]
    pub fn channel_capacity(self, patterns: impl Into<ChannelCapacity>) -> Self {
        Self { channel_capacity: patterns.into(), ..self }
    }

    /// Sets [`expiry`](Self#structfield.expiry).
    #[must_use]
    pub fn expiry(self, expiry: Duration) -> Self {
        Self { expiry, ..self }
    }

    /// Sets [`group_expiry`](Self#structfield.group_expiry).
    #[must_use]
    pub fn group_expiry(self, group_expiry: Duration) -> Self {
        Self { group_expiry, ..self }
    }

    /// Sets [`random_prefix_length`](Self#structfield.random_prefix_length).
    #[must_use]
    pub fn random_prefix_length(self, random_prefix_length: usize) -> Self {
        Self { random_prefix_length, ..self }
    }

    /// Sets [`symmetric_encryption_keys`](Self#structfield.symmetric_encryption_keys).
    #[must_use]
    pub fn symmetric_encryption_keys(self, keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { symmetric_encryption_keys: keys.into_iter().map(Into::into).collect(), ..self }
    }

    /// Sets [`serializer_format`](Self#structfield.serializer_format).
    #[must_use]
    pub fn serializer_format(self, serializer_format: Format) -> Self {
        Self { serializer_format, ..self }
    }

    /// Sets [`timeout`](Self#structfield.timeout).
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sets [`member_timeout`](Self#structfield.member_timeout).
    #[must_use]
    pub fn member_timeout(self, member_timeout: Duration) -> Self {
        Self { member_timeout, ..self }
    }
}
