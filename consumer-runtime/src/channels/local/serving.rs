//! What is on its way to the members of a group, and the handing over.

use std::{collections::HashSet, sync::Arc};

use bytes::Bytes;
use tokio::time::Instant;

use super::{
    asks::{Asks, Owed},
    flusher::Errand,
    round::{Number, Round},
};
use crate::{
    channels::fanout::Prepared,
    connection::{Chunk, Connection, Nudge, Waiting},
    names::ChannelName,
};

/// Frames up to so many bytes leave as one.
const JOINED: usize = 64 * 1024;

/// One who is seated in a group.
pub(super) struct Member {
    pub(super) connection: Arc<Connection>,
    /// It has everything before this.
    pub(super) has: Number,
    /// Which of the group's kinds it is of.
    pub(super) kind: u32,
}

/// A message on its way.
pub(super) struct Item {
    /// What each kind gets, in the order of the group's kinds.
    pub(super) prepared: Vec<Prepared>,
    /// The bytes of the longest frame among those.
    pub(super) len: u32,
    pub(super) except: Option<HashSet<ChannelName>>,
    pub(super) reply_to: Option<ChannelName>,
    /// When it is no longer worth handling.
    pub(super) expires: Instant,
}

impl Item {
    /// The frame, when that is all that there is to it.
    fn plain(&self, kind: u32) -> Option<&Bytes> {
        match self.for_all(kind)? {
            Prepared::Frame(frame, _) => Some(frame.plain()),
            Prepared::Event(..) | Prepared::Nothing(_) => None,
        }
    }

    /// The event, when that is all that there is to it.
    fn event(&self, kind: u32) -> Option<(Waiting, Instant)> {
        match self.for_all(kind)? {
            Prepared::Event(event) => Some((Waiting { event: Arc::clone(event), owed: None }, self.expires)),
            Prepared::Frame(..) | Prepared::Nothing(_) => None,
        }
    }

    /// What every member of a kind gets, without exception, and without owing an answer.
    fn for_all(&self, kind: u32) -> Option<&Prepared> {
        self.prepared.get(kind as usize).filter(|_| self.except.is_none() && self.reply_to.is_none())
    }

    pub(super) fn is_for(&self, connection: &Connection) -> bool {
        self.except.as_ref().is_none_or(|except| !except.contains(connection.name()))
    }
}

/// What members of one kind lack.
enum Lack {
    /// Plain frames, as one piece.
    Frames(Chunk),
    /// Events, which each has a handler for.
    Events,
    /// Something that has to be looked at one by one.
    Mixed,
}

/// Members being served.
pub(super) struct Serving<'a> {
    round: &'a Round<Item>,
    asks: &'a Arc<Asks>,
    /// What the last member got, which mostly is what the next one gets.
    last: Option<(u32, Number, Lack)>,
    /// What is to be done for them.
    pub(super) errands: Vec<Errand>,
}

impl<'a> Serving<'a> {
    pub(super) fn new(round: &'a Round<Item>, asks: &'a Arc<Asks>, members: usize) -> Self {
        Self { round, asks, last: None, errands: Vec::with_capacity(members) }
    }

    /// Hands a member everything that it does not have.
    pub(super) fn serve(&mut self, member: &mut Member) {
        let next = self.round.next();
        let from = std::mem::replace(&mut member.has, next);
        if from == next {
            return;
        }
        let round = self.round;
        let connection = &member.connection;
        let nudge = match self.lack(member.kind, from) {
            Lack::Frames(chunk) if connection.takes_joined() => connection.accept_joined(chunk),
            Lack::Events => {
                // A full channel has counted what it did not take.
                Some(connection.accept_events(round.missing(from).filter_map(|item| item.event(member.kind))).1)
            }
            Lack::Frames(_) | Lack::Mixed => None,
        };
        if let Some(nudge) = nudge {
            return self.errand(&member.connection, nudge);
        }
        for item in self.round.missing(from) {
            let Some(prepared) = item.prepared.get(member.kind as usize) else { continue };
            if item.is_for(&member.connection) {
                let owed = item.reply_to.as_ref().map(|to| Owed::new(self.asks, to, member.connection.name()));
                // A full channel has counted what it did not take.
                let (_, nudge) = prepared.hand_to(&member.connection, owed, item.expires);
                self.errand(&member.connection, nudge);
            }
        }
    }

    /// What members of a kind lack that have everything before `from`.
    fn lack(&mut self, kind: u32, from: Number) -> &Lack {
        if !matches!(self.last, Some((of, since, _)) if (of, since) == (kind, from)) {
            self.last = Some((kind, from, self.look(kind, from)));
        }
        self.last.as_ref().map_or(&Lack::Mixed, |(.., lack)| lack)
    }

    fn look(&self, kind: u32, from: Number) -> Lack {
        if self.round.missing(from).all(|item| item.event(kind).is_some()) {
            return Lack::Events;
        }
        let frames: Option<Vec<&Bytes>> = self.round.missing(from).map(|item| item.plain(kind)).collect();
        match frames.as_deref() {
            Some([frame]) => Lack::Frames(Chunk::frame(Bytes::clone(frame))),
            Some(frames) if frames.iter().map(|frame| frame.len()).sum::<usize>() <= JOINED => {
                Lack::Frames(Chunk::joined(frames.iter().map(|frame| &frame[..])))
            }
            Some(_) | None => Lack::Mixed,
        }
    }

    fn errand(&mut self, connection: &Arc<Connection>, nudge: Nudge) {
        if nudge != Nudge::Nothing {
            self.errands.push(Errand::new(connection, nudge));
        }
    }
}
