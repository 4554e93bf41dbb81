//! What is wrong with the settings of a NATS layer, or with its servers.

use std::fmt;

/// Why a NATS layer could not be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NatsError {
    /// There are no servers.
    NoServers,
    /// One of the servers is no URL of a NATS server.
    Url {
        /// Which one, from 0 on.
        server: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// Another setting cannot be used.
    Setting {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A server does not know us.
    Denied {
        /// Which one, from 0 on.
        server: usize,
        /// Which settings say who we are.
        settings: &'static str,
    },
    /// A server and we do not agree on encryption, or do not trust each other.
    Tls {
        /// Which one, from 0 on.
        server: usize,
        /// What TLS says.
        reason: String,
    },
    /// A server cannot be reached, or used.
    Away {
        /// Which one, from 0 on.
        server: usize,
        /// What the connection says.
        reason: String,
    },
}

impl fmt::Display for NatsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoServers => f.write_str("`servers` is empty; name a server, as in \"nats://localhost:4222\""),
            Self::Url { server, reason } => {
                write!(f, "`servers[{server}]` is no URL of a NATS server ({reason}); write \"nats://localhost:4222\"")
            }
            Self::Setting { name, reason } => write!(f, "`{name}` cannot be used: {reason}"),
            Self::Denied { server, settings } => {
                write!(f, "the NATS server of `servers[{server}]` does not let us in; check {settings}")
            }
            Self::Tls { server, reason } => write!(
                f,
                "there is no TLS with the NATS server of `servers[{server}]`: {reason}; check the URL's host, `tls`, \
                 `tls_ca_file`, `tls_cert_file` and `tls_key_file`"
            ),
            Self::Away { server, reason } => {
                write!(f, "the NATS server of `servers[{server}]` cannot be used: {reason}")
            }
        }
    }
}

impl std::error::Error for NatsError {}
