//! What the client can be told to do, on the command line.

use std::net::SocketAddr;

use clap::{Args, Subcommand};

use super::{
    crowd::{Crowd, Door},
    echo::echo,
    fanout::{Course, Deliveries, Pace, Voice},
    idle::idle,
    join::join,
    process::Process,
    slow::{Tenth, slow},
    speech::Speech,
    storm::storm,
};
use crate::figures::Figures;

/// The client against a server that runs already; prints its figures as JSON.
#[derive(Debug, Args)]
pub(crate) struct Load {
    /// Where the server listens.
    #[arg(long)]
    address: SocketAddr,
    /// The server's process, to read its CPU time and memory.
    #[arg(long)]
    pid: u32,
    /// How the server is spoken to.
    #[arg(long, value_enum, default_value = "json")]
    speech: Speech,
    /// Ask the kernel for events without waiting: for a client that has a core of its own.
    #[arg(long)]
    spin: bool,
    /// Another process of the measurement, whose CPU time is nobody else's.
    #[arg(long, value_name = "PID")]
    with: Vec<u32>,
    /// The words of a program that sends to rooms, instead of a member; a JSON list.
    #[arg(long, value_name = "JSON", value_parser = words)]
    sender: Option<Words>,
    #[command(subcommand)]
    act: Act,
}

/// The words of a command.
#[derive(Clone, Debug)]
struct Words(Vec<String>);

fn words(json: &str) -> Result<Words, String> {
    serde_json::from_str(json).map(Words).map_err(|error| error.to_string())
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Act {
    /// Messages to rooms, each received by all members of its room.
    Fanout {
        #[arg(long, default_value_t = 1000)]
        members: usize,
        /// How many rooms the members are spread over.
        #[arg(long, default_value_t = 1)]
        groups: usize,
        /// How many messages are on their way at once.
        #[arg(long, default_value_t = 1)]
        window: usize,
        /// Send so many messages a second instead, whatever becomes of them.
        #[arg(long)]
        rate: Option<f64>,
        /// Send as fast as the `--sender` does, for which so many messages wait, whatever becomes of them.
        #[arg(long, conflicts_with = "rate")]
        flood: Option<usize>,
        /// Bytes of a message's JSON.
        #[arg(long, default_value_t = 64)]
        size: usize,
        #[arg(long, default_value_t = u32::MAX)]
        messages: u32,
        #[arg(long, default_value_t = 2.0)]
        seconds: f64,
    },
    /// Texts that come back.
    Echo {
        #[arg(long, default_value_t = 100)]
        connections: usize,
        /// How many texts are on their way on each connection.
        #[arg(long, default_value_t = 1)]
        depth: usize,
        #[arg(long, default_value_t = 2.0)]
        seconds: f64,
    },
    /// Memory of idle connections in one room, opened with a browser's headers.
    Idle {
        #[arg(long, default_value_t = 15_000)]
        members: usize,
    },
    /// Handshakes with a browser's headers, so many under way at once.
    Storm {
        #[arg(long, default_value_t = 10_000)]
        members: usize,
        #[arg(long, default_value_t = 100)]
        in_flight: usize,
    },
    /// The cost of one more member in a room that has so many.
    Join {
        #[arg(long, value_delimiter = ',', default_value = "100,1000,5000,14000")]
        marks: Vec<usize>,
    },
    /// Messages at a steady rate while every tenth member reads nothing.
    Slow {
        #[arg(long, default_value_t = 500)]
        members: usize,
        #[arg(long, default_value_t = 100.0)]
        rate: f64,
        #[arg(long, default_value_t = 8192)]
        size: usize,
        #[arg(long, default_value_t = 4.0)]
        seconds: f64,
        /// Let every member read, for comparison.
        #[arg(long)]
        all_read: bool,
        /// Let every tenth read so many bytes a second instead of nothing.
        #[arg(long, conflicts_with = "all_read")]
        sips: Option<usize>,
    },
}

impl Act {
    /// How many connections it opens.
    fn connections(&self) -> usize {
        match self {
            Self::Fanout { members, .. } | Self::Idle { members } => *members,
            Self::Storm { members, .. } | Self::Slow { members, .. } => *members,
            Self::Echo { connections, .. } => *connections,
            Self::Join { marks } => marks.iter().max().copied().unwrap_or(0) + 250,
        }
    }
}

/// Does what is asked, and answers what was measured.
pub(crate) fn play(load: &Load) -> Result<Figures, String> {
    crate::limits::allow_connections(load.act.connections())?;
    let server = Process(load.pid);
    let (browser, in_flight) = match load.act {
        Act::Idle { .. } | Act::Join { .. } => (true, 32),
        Act::Storm { in_flight, .. } => (true, in_flight),
        _ => (false, 32),
    };
    let door = Door { address: load.address, speech: load.speech, browser, in_flight, spin: load.spin };
    let mut crowd = Crowd::new(door).map_err(|error| format!("cannot poll: {error}"))?;
    crowd.companions = load.with.iter().copied().map(Process).collect();
    let path = |room| load.speech.path(room);
    match load.act {
        Act::Fanout { members, groups, window, rate, flood, size, messages, seconds } => {
            let closed = flood.map_or(Pace::Window(window), Pace::Flood);
            let pace = rate.map_or(closed, Pace::Rate);
            let mut voice = match &load.sender {
                Some(Words(words)) => Voice::process(words)?,
                None if flood.is_some() => return Err("`--flood` needs a `--sender`".into()),
                None => Voice::Members,
            };
            crowd.companions.extend(voice.companion());
            let mut books = Deliveries::new(load.speech, members, groups);
            crowd.connect(members, groups, path, None, &mut books)?;
            Course { pace, groups, size, messages, seconds }.run(&mut crowd, &mut books, &mut voice, server)
        }
        Act::Echo { connections, depth, seconds } => {
            crowd.connect(connections, 1, |_| "/echo/".into(), None, &mut ())?;
            echo(&mut crowd, depth, seconds, server)
        }
        Act::Idle { members } => idle(&mut crowd, members, path, server),
        Act::Storm { members, .. } => storm(&mut crowd, members, path, server),
        Act::Join { ref marks } => join(&mut crowd, marks, path, server),
        Act::Slow { members, rate, size, seconds, all_read, sips } => {
            let course = Course { pace: Pace::Rate(rate), groups: 1, size, messages: u32::MAX, seconds };
            let tenth = if all_read { Tenth::Reads } else { sips.map_or(Tenth::ReadsNothing, Tenth::Sips) };
            slow(&mut crowd, members, tenth, course, server)
        }
    }
}
