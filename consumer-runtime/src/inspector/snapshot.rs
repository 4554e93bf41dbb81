//! What the page shows, as JSON.

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use axum::{
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use tokio::time::Instant;

use crate::{
    channels::{Channels, Group},
    connection::Connection,
    consumer::HandlerKind,
};

/// How many entries a list has at most.
const MOST: usize = 200;

/// How many groups of one connection are named.
const GROUPS: usize = 10;

/// How many connections are looked at before others have their turn.
const AT_ONCE: usize = 1000;

#[derive(Default, Serialize)]
struct Snapshot {
    draining: bool,
    away: Vec<String>,
    counts: Sums,
    consumers: Vec<Consumer>,
    groups: List<Members>,
    connections: List<Open>,
    tail: Vec<Passed>,
}

/// Numbers since the start, of which the page makes rates.
#[derive(Default, Serialize)]
struct Sums {
    accepted: u64,
    ended: u64,
    frames_in: u64,
    frames_out: u64,
    events: u64,
    dropped: u64,
}

/// The first of what was found, and how many there are.
#[derive(Serialize)]
struct List<T> {
    total: usize,
    found: usize,
    shown: Vec<T>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { total: 0, found: 0, shown: Vec::new() }
    }
}

#[derive(Serialize)]
struct Consumer {
    consumer: &'static str,
    path: &'static str,
    layer: &'static str,
    groups: Vec<&'static str>,
    events: Vec<&'static str>,
    frames: Vec<&'static str>,
    open: usize,
}

#[derive(Serialize)]
struct Members {
    layer: &'static str,
    name: String,
    members: usize,
}

#[derive(Serialize)]
struct Open {
    layer: &'static str,
    channel: String,
    consumer: &'static str,
    peer: Option<String>,
    origin: Option<String>,
    subprotocol: Option<String>,
    seconds: u64,
    idle: u64,
    groups: Vec<String>,
    groups_total: usize,
    waiting: usize,
}

#[derive(Serialize)]
struct Passed {
    number: u64,
    layer: &'static str,
    event: String,
    group: Option<String>,
    members: usize,
    seconds: u64,
}

/// Answers `/state?search=..`; from then on events are noted for a while.
pub(super) async fn answer(channels: Channels, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let search = query.split('&').find_map(|pair| pair.strip_prefix("search=")).unwrap_or_default();
    let search = percent_decode_str(search).decode_utf8_lossy().to_ascii_lowercase();
    let snapshot = Snapshot::of(&channels, &search).await;
    match serde_json::to_string(&snapshot) {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        // Texts and numbers always are JSON.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn holds(text: &str, search: &str) -> bool {
    search.is_empty() || text.to_ascii_lowercase().contains(search)
}

impl Snapshot {
    async fn of(channels: &Channels, search: &str) -> Self {
        let mut snapshot = Self::default();
        let (mut groups, mut connections) = (Vec::new(), Vec::new());
        for (layer, channels) in channels.with_aliases() {
            let local = channels.local();
            snapshot.draining |= local.is_draining();
            snapshot.away.extend(local.all_away().into_iter().map(|away| away.reason));
            snapshot.counts.add(channels);
            let all = local.connections();
            snapshot.connections.total += all.len();
            let mut open: HashMap<_, usize> = HashMap::new();
            for some in all.chunks(AT_ONCE) {
                for connection in some {
                    *open.entry(connection.kind().id()).or_default() += 1;
                    if Open::matches(connection, search) {
                        connections.push((layer, Arc::clone(connection)));
                    }
                }
                tokio::task::yield_now().await;
            }
            let kinds = local.inspected().kinds().into_iter();
            snapshot.consumers.extend(kinds.map(|kind| {
                let declaration = kind.declaration();
                let named = |wanted: &[HandlerKind]| {
                    let handlers = kind.handlers().iter().filter(|handler| wanted.contains(&handler.kind));
                    handlers
                        .map(|handler| if handler.name.is_empty() { handler.method } else { handler.name })
                        .collect()
                };
                Consumer {
                    consumer: declaration.consumer,
                    path: declaration.path,
                    layer,
                    groups: declaration.groups.iter().map(|group| group.group).collect(),
                    events: named(&[HandlerKind::Event, HandlerKind::SharedEvent]),
                    frames: named(&[HandlerKind::Receive, HandlerKind::ReceiveText, HandlerKind::ReceiveBytes]),
                    open: open.get(&kind.id()).copied().unwrap_or_default(),
                }
            }));
            let all = local.all_groups();
            snapshot.groups.total += all.len();
            let found = all.into_iter().filter(|group| holds(group.name().as_str(), search));
            groups.extend(found.map(|group| (layer, group.size(), group)));
            let now = Instant::now();
            snapshot.tail.extend(local.inspected().watch().into_iter().map(|told| Passed {
                number: told.number,
                layer,
                event: told.event,
                group: told.group.map(|group| group.as_str().to_owned()),
                members: told.members,
                seconds: now.saturating_duration_since(told.at).as_secs(),
            }));
        }
        snapshot.consumers.sort_by_key(|consumer| (consumer.consumer, consumer.path));
        snapshot.groups.show(groups);
        snapshot.connections.show(connections);
        snapshot.tail.sort_by_key(|passed| passed.seconds);
        snapshot.tail.truncate(MOST);
        snapshot
    }
}

impl Sums {
    fn add(&mut self, channels: &Channels) {
        let (counts, traffic) = (channels.counts(), channels.local().traffic().sum());
        self.accepted += counts.accepted;
        self.ended += counts.ended;
        self.frames_in += traffic.frames_in;
        self.frames_out += traffic.frames_out;
        self.events += counts.delivered;
        self.dropped += counts.dropped().iter().map(|(_, count)| count).sum::<u64>();
    }
}

impl List<Members> {
    /// The largest first.
    fn show(&mut self, mut groups: Vec<(&'static str, usize, Arc<Group>)>) {
        self.found = groups.len();
        groups.sort_by(|(_, a, first), (_, b, second)| {
            b.cmp(a).then_with(|| first.name().as_str().cmp(second.name().as_str()))
        });
        let shown = groups.iter().take(MOST);
        self.shown = shown
            .map(|(layer, members, group)| Members { layer, name: group.name().as_str().to_owned(), members: *members })
            .collect();
    }
}

impl List<Open> {
    /// The newest first.
    fn show(&mut self, mut connections: Vec<(&'static str, Arc<Connection>)>) {
        self.found = connections.len();
        connections.sort_by_key(|(_, connection)| Reverse(connection.as_seen().since()));
        self.shown = connections.iter().take(MOST).map(|(layer, connection)| Open::of(layer, connection)).collect();
    }
}

impl Open {
    fn matches(connection: &Connection, search: &str) -> bool {
        if search.is_empty() {
            return true;
        }
        let seen = connection.as_seen();
        holds(connection.kind().consumer(), search)
            || holds(connection.name().as_str(), search)
            || seen.peer().is_some_and(|peer| holds(&peer.to_string(), search))
            || seen.origin().is_some_and(|origin| holds(origin, search))
            || connection.is_in(|group| holds(group, search))
    }

    fn of(layer: &'static str, connection: &Connection) -> Self {
        let seen = connection.as_seen();
        let (groups, groups_total) = connection.group_names(GROUPS);
        Self {
            layer,
            channel: connection.name().as_str().to_owned(),
            consumer: connection.kind().consumer(),
            // A proxy tells no port.
            peer: seen.peer().map(|peer| if peer.port() == 0 { peer.ip().to_string() } else { peer.to_string() }),
            origin: seen.origin().map(str::to_owned),
            subprotocol: connection.subprotocol(),
            seconds: seen.since().elapsed().as_secs(),
            idle: seen.idle().as_secs(),
            groups: groups.iter().map(|group| group.as_str().to_owned()).collect(),
            groups_total,
            waiting: connection.waiting_bytes(),
        }
    }
}
