//! The servers that are measured.

mod broker;
mod install;
mod running;

use std::path::PathBuf;

use crate::load::Speech;

pub(crate) use broker::{Broker, Carrier};
pub(crate) use install::Kits;
pub(crate) use running::{Running, pinned};

/// What has to be built or installed for a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kit {
    Ours,
    /// The chat and the echo of `src/bin/ours.rs`, and nothing else.
    OursAlone,
    Rivals,
    Node,
    Channels,
    Uws,
}

/// What a server is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Chat,
    Echo,
    /// Nothing but the channel layer: a process that sends, and others that receive.
    Layer,
    /// The chat, whose rooms another process sends to through a channel layer.
    Bridge,
}

/// A server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    /// As on the command line.
    pub(crate) name: &'static str,
    /// As in the tables.
    pub(crate) title: &'static str,
    pub(crate) kit: Kit,
    pub(crate) speech: Speech,
    /// What it can be asked to do.
    pub(crate) parts: &'static [Part],
    /// What carries messages between its processes.
    pub(crate) carrier: Carrier,
}

const CHAT: &[Part] = &[Part::Chat];
const CHAT_AND_ECHO: &[Part] = &[Part::Chat, Part::Echo];

const fn server(name: &'static str, title: &'static str, kit: Kit, speech: Speech, parts: &'static [Part]) -> Server {
    Server { name, title, kit, speech, parts, carrier: Carrier::Memory }
}

/// What is measured without sockets: a program for each process that takes part.
const fn layer(name: &'static str, title: &'static str, kit: Kit, carrier: Carrier) -> Server {
    Server { name, title, kit, speech: Speech::Json, parts: &[Part::Layer], carrier }
}

/// A server of sockets that gets its messages through a layer.
const fn bridge(name: &'static str, title: &'static str, kit: Kit, carrier: Carrier) -> Server {
    Server { name, title, kit, speech: Speech::Json, parts: &[Part::Bridge], carrier }
}

/// All servers, in the order of the tables.
pub(crate) const SERVERS: &[Server] = &[
    server("floor", "floor: a `send` a message", Kit::Rivals, Speech::Json, CHAT_AND_ECHO),
    server("joined", "floor: joined `send`s", Kit::Rivals, Speech::Json, CHAT_AND_ECHO),
    server("ours", "**ours**", Kit::Ours, Speech::Json, CHAT_AND_ECHO),
    server("ours-self", "**ours**, handlers with `self`", Kit::Ours, Speech::Json, CHAT),
    server("uws", "uWebSockets (C++)", Kit::Uws, Speech::Json, CHAT_AND_ECHO),
    server("axum-tuned", "axum, tuned", Kit::Rivals, Speech::Json, CHAT_AND_ECHO),
    server("axum-textbook", "axum, textbook", Kit::Rivals, Speech::Json, CHAT_AND_ECHO),
    server("fastwebsockets", "fastwebsockets", Kit::Rivals, Speech::Json, CHAT_AND_ECHO),
    server("socketioxide", "socketioxide", Kit::Rivals, Speech::SocketIo, CHAT),
    server("ws", "Node `ws`", Kit::Node, Speech::Json, CHAT_AND_ECHO),
    server("socket-io", "Node Socket.IO", Kit::Node, Speech::SocketIo, CHAT),
    server("channels-uvicorn", "Django Channels, uvicorn", Kit::Channels, Speech::Json, CHAT_AND_ECHO),
    server("channels-daphne", "Django Channels, Daphne", Kit::Channels, Speech::Json, CHAT_AND_ECHO),
    layer("memory", "**`MemoryLayer`**, one process", Kit::Ours, Carrier::Memory),
    layer("stored-floor", "floor: bare, stored in Redis", Kit::Ours, Carrier::Stored),
    layer("stored", "**`RedisLayer`**", Kit::Ours, Carrier::Stored),
    layer("stored-channels", "channels_redis `RedisChannelLayer`", Kit::Channels, Carrier::Stored),
    layer("published-floor", "floor: bare, published in Redis", Kit::Ours, Carrier::Published),
    layer("published", "**`RedisPubSubLayer`**", Kit::Ours, Carrier::Published),
    layer("published-channels", "channels_redis `RedisPubSubChannelLayer`", Kit::Channels, Carrier::Published),
    layer("nats", "**`NatsLayer`**", Kit::Ours, Carrier::Nats),
    bridge("ours-stored", "**ours**, `RedisLayer`", Kit::Ours, Carrier::Stored),
    bridge("ours-published", "**ours**, `RedisPubSubLayer`", Kit::Ours, Carrier::Published),
    bridge("ours-nats", "**ours**, `NatsLayer`", Kit::Ours, Carrier::Nats),
    bridge("uvicorn-stored", "uvicorn, `RedisChannelLayer`", Kit::Channels, Carrier::Stored),
    bridge("daphne-stored", "Daphne, `RedisChannelLayer`", Kit::Channels, Carrier::Stored),
    bridge("daphne-published", "Daphne, `RedisPubSubChannelLayer`", Kit::Channels, Carrier::Published),
];

/// The server of this name.
pub(crate) fn named(name: &str) -> Result<Server, String> {
    SERVERS.iter().find(|server| server.name == name).copied().ok_or_else(|| {
        let names: Vec<_> = SERVERS.iter().map(|server| server.name).collect();
        format!("there is no server `{name}`; there are {}", names.join(", "))
    })
}

/// Where things are.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// This crate.
    pub(crate) sources: PathBuf,
    /// Where cargo puts this workspace's programs.
    pub(crate) release: PathBuf,
    /// Where the benchmark keeps what it installs, and its results.
    pub(crate) work: PathBuf,
}

impl Places {
    pub(crate) fn find() -> Result<Self, String> {
        let program = std::env::current_exe().map_err(|error| format!("cannot find this program: {error}"))?;
        let release = program.parent().ok_or("this program is in no folder")?.to_owned();
        let target = release.parent().ok_or("this program is in no target folder")?;
        let sources = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        Ok(Self { sources, work: target.join("benches"), release })
    }

    pub(crate) fn results(&self) -> PathBuf {
        self.work.join("results")
    }
}

impl Server {
    /// The command that starts it, and the address when it cannot choose one itself; `layer` is where its layer is.
    fn command(self, part: Part, layer: &str, places: &Places) -> Result<(Vec<String>, Option<u16>), String> {
        let rival = |name: &str| text(places.work.join("rivals/release").join(name));
        let any = || "127.0.0.1:0".to_owned();
        let printed = match (self.name, part) {
            ("ours", Part::Chat) => {
                vec![text(places.release.join("chat")), "--unlimited".into(), "--listen".into(), any()]
            }
            ("ours" | "ours-self", _) => vec![text(places.release.join("ours")), any()],
            ("joined", _) => vec![rival("floor"), any(), "joined".into()],
            ("uws", _) => vec![text(places.work.join("uws/uws"))],
            ("ws" | "socket-io", _) => {
                vec!["node".into(), text(places.work.join("node").join(self.name).with_extension("js"))]
            }
            (name, Part::Bridge) if self.kit == Kit::Ours => {
                debug_assert!(name.starts_with("ours"), "{name} is no server of ours");
                let chat = text(places.release.join("chat"));
                vec![chat, "--unlimited".into(), "--layer".into(), layer.into(), "--listen".into(), any()]
            }
            (name, _) if self.kit == Kit::Channels => {
                let port = free_port()?;
                let server = if name.contains("daphne") { "daphne" } else { "uvicorn" };
                let options: &[&str] = match server {
                    "daphne" => &["chat:application", "-v", "0", "-p"],
                    _ => &["chat:application", "--log-level", "warning", "--port"],
                };
                let mut words = vec![python(places, server)];
                words.extend(options.iter().map(|&option| option.to_owned()));
                words.push(port.to_string());
                return Ok((words, Some(port)));
            }
            _ => vec![rival(self.name), any()],
        };
        Ok((printed, None))
    }

    /// The command of one process that does nothing but send and receive through the layer at `layer`.
    pub(crate) fn peer(self, layer: &str, places: &Places) -> Vec<String> {
        match self.kit {
            Kit::Channels => django(layer, places),
            _ if self.name.ends_with("-floor") => vec![text(places.release.join("redis-floor")), layer.into()],
            _ => vec![text(places.release.join("layer")), layer.into()],
        }
    }
}

/// The command of a process of Django's that has the layer at `layer`.
pub(crate) fn django(layer: &str, places: &Places) -> Vec<String> {
    vec![python(places, "python"), text(places.sources.join("rivals/channels/layer.py")), layer.into()]
}

/// A program of the environment that Channels is installed in.
fn python(places: &Places, name: &str) -> String {
    text(places.work.join("channels/bin").join(name))
}

fn text(path: PathBuf) -> String {
    path.to_string_lossy().into_owned()
}

/// A port that was free a moment ago, for servers that do not say which one they took.
fn free_port() -> Result<u16, String> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|listener| listener.local_addr()).map_err(|error| format!("no port: {error}"))?;
    Ok(address.port())
}
