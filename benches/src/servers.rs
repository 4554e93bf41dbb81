//! The servers that are measured.

mod install;
mod running;

use std::path::PathBuf;

use crate::load::Speech;

pub(crate) use install::Kits;
pub(crate) use running::{Running, pinned};

/// What has to be built or installed for a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kit {
    Ours,
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
    /// Whether it has an echo.
    pub(crate) echo: bool,
}

const fn server(name: &'static str, title: &'static str, kit: Kit, speech: Speech, echo: bool) -> Server {
    Server { name, title, kit, speech, echo }
}

/// All servers, in the order of the tables.
pub(crate) const SERVERS: &[Server] = &[
    server("floor", "floor: a `send` a message", Kit::Rivals, Speech::Json, true),
    server("joined", "floor: joined `send`s", Kit::Rivals, Speech::Json, true),
    server("ours", "**ours**", Kit::Ours, Speech::Json, true),
    server("ours-self", "**ours**, handlers with `self`", Kit::Ours, Speech::Json, false),
    server("uws", "uWebSockets (C++)", Kit::Uws, Speech::Json, true),
    server("axum-tuned", "axum, tuned", Kit::Rivals, Speech::Json, true),
    server("axum-textbook", "axum, textbook", Kit::Rivals, Speech::Json, true),
    server("fastwebsockets", "fastwebsockets", Kit::Rivals, Speech::Json, true),
    server("socketioxide", "socketioxide", Kit::Rivals, Speech::SocketIo, false),
    server("ws", "Node `ws`", Kit::Node, Speech::Json, true),
    server("socket-io", "Node Socket.IO", Kit::Node, Speech::SocketIo, false),
    server("channels-uvicorn", "Django Channels, uvicorn", Kit::Channels, Speech::Json, true),
    server("channels-daphne", "Django Channels, Daphne", Kit::Channels, Speech::Json, true),
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
    /// The command that starts it, and the address when it cannot choose one itself.
    fn command(self, part: Part, places: &Places) -> Result<(Vec<String>, Option<u16>), String> {
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        let rival = |name: &str| text(places.work.join("rivals/release").join(name));
        let any = || "127.0.0.1:0".to_owned();
        let channels = |name: &str| text(places.work.join("channels/bin").join(name));
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
            ("channels-uvicorn", _) => {
                let port = free_port()?;
                let options = ["chat:application", "--log-level", "warning", "--port"].map(str::to_owned);
                return Ok((
                    [vec![channels("uvicorn")], options.to_vec(), vec![port.to_string()]].concat(),
                    Some(port),
                ));
            }
            ("channels-daphne", _) => {
                let port = free_port()?;
                let options = ["chat:application", "-v", "0", "-p"].map(str::to_owned);
                return Ok(([vec![channels("daphne")], options.to_vec(), vec![port.to_string()]].concat(), Some(port)));
            }
            _ => vec![rival(self.name), any()],
        };
        Ok((printed, None))
    }
}

/// A port that was free a moment ago, for servers that do not say which one they took.
fn free_port() -> Result<u16, String> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|listener| listener.local_addr()).map_err(|error| format!("no port: {error}"))?;
    Ok(address.port())
}
