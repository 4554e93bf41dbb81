//! Why a Redis layer cannot be set up.

use std::fmt;

/// Why a Redis layer could not be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedisError {
    /// There are no hosts.
    NoHosts,
    /// One of the hosts is no URL of a Redis server.
    Url {
        /// Which one, from 0 on.
        host: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A setting of one of the hosts is wrong, or its server does not go along with it.
    Setting {
        /// Which one, from 0 on.
        host: usize,
        /// The setting, under the name that it has in a map of settings; a URL may say it too.
        setting: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A server does not know a command that the layer needs.
    TooOld {
        /// Which one, from 0 on.
        host: usize,
        /// What it says that it is.
        version: String,
        /// What it does not have.
        command: &'static str,
        /// The first Redis that has it.
        since: &'static str,
    },
    /// A server is no node of a cluster.
    NoCluster {
        /// Which one, from 0 on.
        host: usize,
    },
    /// A server cannot be reached.
    Away {
        /// Which one, from 0 on.
        host: usize,
        /// What the connection says.
        reason: String,
    },
}

impl fmt::Display for RedisError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHosts => f.write_str("`hosts` is empty; name a server, as in \"redis://localhost:6379\""),
            Self::Url { host, reason } => {
                write!(f, "`hosts[{host}]` is no URL of a Redis server ({reason}); write \"redis://localhost:6379\"")
            }
            Self::Setting { host, setting, reason } => write!(f, "`{setting}` of `hosts[{host}]`: {reason}"),
            Self::TooOld { host, version, command, since } => write!(
                f,
                "the server of `hosts[{host}]`, Redis {version}, has no {command}; Redis {since} and later have it, unless \
                 their configuration takes it away"
            ),
            Self::NoCluster { host } => write!(
                f,
                "the server of `hosts[{host}]` is no node of a cluster; `RedisPubSubLayer` is for servers that stand alone"
            ),
            Self::Away { host, reason } => {
                write!(f, "the Redis server of `hosts[{host}]` cannot be used: {reason}")
            }
        }
    }
}

impl std::error::Error for RedisError {}
