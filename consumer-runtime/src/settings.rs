//! Every limit, deadline and policy, with its default, in one value.

mod compression;
mod environment;

pub use compression::Compression;
pub use environment::InvalidSetting;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{origin::Origins, proxies::Proxies};

/// What a full outgoing queue does to a client that reads too slowly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Overflow {
    /// Closes the connection with 1013, so that the client comes back and starts afresh.
    #[default]
    Close,
    /// Drops the frames that waited longest.
    DropOldest,
    /// Drops the frame that does not fit.
    DropNewest,
    /// Keeps the latest frame of each key: it takes the place of the one with the same key that still waits, whether the
    /// queue is full or not. What has no key, or the first of its key, and does not fit closes with 1013.
    ///
    /// A key is that of a shared handler's event, [`#[event(.., key = symbol)]`](macro@crate::event), or of
    /// [`send_latest`](crate::Context::send_latest). [`max_outgoing`](Settings::max_outgoing) has room for a frame of each
    /// key twice: while some are being written, newer ones wait behind them. Each frame with a key looks for its own in
    /// the queue, so this is for hundreds of keys at a client rather than for many thousands.
    KeepLatest,
}

/// What a frame that cannot be handled does: bad JSON, an unknown `type`, a wrong field, a handler's `Err`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OnError {
    /// Answers with an error frame, or the reply to the frame's `id`; the socket stays.
    #[default]
    Answer,
    /// Logs and counts it, and answers nothing; the socket stays.
    Ignore,
    /// Closes with 1008 when the client's frame is wrong and 1011 when the handler failed.
    Close,
}

/// How much a client may do: send frames, send bytes, join groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// So many per second in the long run, control frames included.
    pub per_second: u32,
    /// So many at once.
    pub burst: u32,
}

/// The limits, deadlines and policies of connections.
///
/// The defaults are meant to be safe on the open internet. Give a router other ones with
/// [`with_settings`](crate::RouterExt::with_settings), and a single consumer with
/// `#[consumer(.., settings(max_message = 1 << 20))]`. It deserialises from any format, durations as in `"25s"`, and a
/// field that is left out has its default; an unknown field is an error.
///
/// ```
/// use consumer_runtime::Settings;
///
/// let settings: Settings = serde_json::from_str(r#"{"max_message": 1048576, "ping_interval": "10s"}"#).unwrap();
/// assert_eq!(settings.max_message, 1_048_576);
/// assert_eq!(settings.pong_timeout, Settings::default().pong_timeout);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Which pages may connect, by the `Origin` header. Default: pages of the same origin, and clients that are no
    /// browsers and send no `Origin`.
    pub origins: Origins,
    /// Whether clients without an `Origin`, which are no browsers, are refused with 403. Default: no.
    ///
    /// A page's own server gets no `Origin` with the GET of [`sse`](Self::sse); there `Sec-Fetch-Site: same-origin` counts as
    /// one.
    pub require_origin: bool,
    /// Whether clients whose network lets no WebSocket through may connect by Server-Sent Events: `GET` with
    /// `Accept: text/event-stream`, `POST` to send, `DELETE` to close. Default: yes.
    ///
    /// The consumer sees no difference, and everything here holds for these clients as well. Behind several processes a
    /// client's requests have to reach the one that has its stream, by sticky sessions.
    pub sse: bool,
    /// Whether clients are refused with 403 unless a [trusted proxy](Self::trusted_proxies) says that they came by `wss`.
    /// Default: no.
    pub require_tls: bool,
    /// The proxies that are believed who the client is, and how and for which host it has asked. Default: none.
    pub trusted_proxies: Proxies,
    /// The longest message in bytes, over all its fragments; a longer one closes with 1009. Default: 64 KiB.
    pub max_message: usize,
    /// The longest frame in bytes; a longer one closes with 1009. Default: as long as a message.
    pub max_frame: Option<usize>,
    /// The most fragments of one message; more close with 1008, since a client told that its message is too big would
    /// cut it into still more. Default: 128.
    pub max_fragments: usize,
    /// How long a connection may stay when nothing else is said ([`Context::stay_for`](crate::Context::stay_for)): then it
    /// is closed with 4401, so that it is let in anew, unless the consumer says before that it may stay
    /// ([`SessionExpiring`](crate::SessionExpiring)). Default: for ever.
    #[serde(with = "humantime_serde")]
    pub max_lifetime: Option<Duration>,
    /// How long before the end of its time a consumer is told of it. Default: 30 s.
    #[serde(with = "humantime_serde")]
    pub expiry_notice: Duration,
    /// How many frames a client may send; more close with 1008. Default: 100 per second, 200 at once.
    pub rate: Option<Rate>,
    /// How many bytes of messages a client may send; more close with 1008. A single message may go beyond it, and is paid for
    /// by the next. Default: 1 MiB per second, 8 MiB at once.
    pub byte_rate: Option<Rate>,
    /// Whether messages are compressed with clients that offer it, and how. Default: not.
    ///
    /// Needs the feature `deflate`; see [`Compression`] for what it costs, and when it gives secrets away.
    pub compression: Option<Compression>,
    /// The most bytes that wait for one client; see [`overflow`](Self::overflow). Default: 1 MiB.
    pub max_outgoing: usize,
    /// What happens when the queue to a client is full. Default: close with 1013.
    pub overflow: Overflow,
    /// What happens when a client's frame cannot be handled. Default: answer.
    pub on_error: OnError,
    /// The longest that `#[connect]` with its extractors may take; then the client gets a 503. Default: 10 s.
    #[serde(with = "humantime_serde")]
    pub connect_timeout: Duration,
    /// The longest that a `#[receive]` handler may take; then it is dropped where it waits, and its client is told the
    /// code `timeout`, while the connection stays. Default: none.
    ///
    /// A handler of a `#[consumer(blocking)]` cannot be dropped: the client is told in time, the handler runs to its
    /// end, and what it returns is discarded.
    #[serde(with = "humantime_serde")]
    pub reply_timeout: Option<Duration>,
    /// The longest between the response and the upgraded connection. Default: 10 s.
    #[serde(with = "humantime_serde")]
    pub upgrade_timeout: Duration,
    /// How long a silent client stays unasked; then it is sent a ping. Zero: no pings. Default: 25 s.
    #[serde(with = "humantime_serde")]
    pub ping_interval: Duration,
    /// How long a client may take to answer a ping; then the connection counts as lost. Default: 20 s.
    #[serde(with = "humantime_serde")]
    pub pong_timeout: Duration,
    /// How long a client may take nothing of what waits for it; then the connection counts as lost. Default: 30 s.
    #[serde(with = "humantime_serde")]
    pub send_timeout: Duration,
    /// How long a client may take to read what still waits for it and to answer the close frame. Default: 5 s.
    #[serde(with = "humantime_serde")]
    pub close_timeout: Duration,
    /// The most connections of one router's channels at once; more get a 503. Default: none.
    pub max_connections: Option<usize>,
    /// The most connections from one address at once; more get a 429. Default: 1 000.
    ///
    /// Counts the peer of the TCP connection, or whom a [trusted proxy](Self::trusted_proxies) names; behind a proxy that is
    /// not trusted, turn it off.
    pub max_connections_per_ip: Option<usize>,
    /// The most connections of one router's channels that are in `#[connect]` with its extractors at once; more wait for
    /// their turn, first come, first served ([`handshake_wait`](Self::handshake_wait)). Default: 256.
    ///
    /// A storm of clients then finds the database behind `#[connect]` as busy as 256 clients make it, and not busier.
    pub max_handshakes: Option<usize>,
    /// How long a client waits for its turn to connect; then it gets a 503 that says when to come back. Default: 5 s.
    #[serde(with = "humantime_serde")]
    pub handshake_wait: Duration,
    /// The most groups that one connection is in; a join beyond that is an error, and nothing closes. Default: 1 000.
    pub max_groups: usize,
    /// How many groups a connection may join; a join beyond that is an error, and nothing closes. Default: 100 per second,
    /// 1 000 at once.
    pub join_rate: Option<Rate>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            origins: Origins::SameOrigin,
            require_origin: false,
            sse: true,
            require_tls: false,
            trusted_proxies: Proxies::default(),
            max_message: 64 * 1024,
            max_frame: None,
            max_fragments: 128,
            max_lifetime: None,
            expiry_notice: Duration::from_secs(30),
            rate: Some(Rate { per_second: 100, burst: 200 }),
            byte_rate: Some(Rate { per_second: 1024 * 1024, burst: 8 * 1024 * 1024 }),
            compression: None,
            max_outgoing: 1024 * 1024,
            overflow: Overflow::Close,
            on_error: OnError::Answer,
            connect_timeout: Duration::from_secs(10),
            reply_timeout: None,
            upgrade_timeout: Duration::from_secs(10),
            ping_interval: Duration::from_secs(25),
            pong_timeout: Duration::from_secs(20),
            send_timeout: Duration::from_secs(30),
            close_timeout: Duration::from_secs(5),
            max_connections: None,
            max_connections_per_ip: Some(1000),
            max_handshakes: Some(256),
            handshake_wait: Duration::from_secs(5),
            max_groups: 1000,
            join_rate: Some(Rate { per_second: 100, burst: 1000 }),
        }
    }
}

impl Settings {
    /// The defaults without limits on rates and numbers of connections, for measuring.
    pub fn unlimited() -> Self {
        Self {
            rate: None,
            byte_rate: None,
            max_connections: None,
            max_connections_per_ip: None,
            max_handshakes: None,
            join_rate: None,
            max_groups: usize::MAX,
            ..Self::default()
        }
    }
}
