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
    connection::{Chunk, Connection, Nudge},
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
        match self.prepared.get(kind as usize)? {
            Prepared::Frame(frame, _) if self.except.is_none() && self.reply_to.is_none() => Some(frame.plain()),
            _ => None,
        }
    }

    pub(super) fn is_for(&self, connection: &Connection) -> bool {
        self.except.as_ref().is_none_or(|except| !except.contains(connection.name()))
    }
}

/// Members being served.
pub(super) struct Serving<'a> {
    round: &'a Round<Item>,
    asks: &'a Arc<Asks>,
    /// What the last member got, which mostly is what the next one gets.
    joined: Option<(u32, Number, Option<Chunk>)>,
    /// What is to be done for them.
    pub(super) errands: Vec<Errand>,
}

impl<'a> Serving<'a> {
    pub(super) fn new(round: &'a Round<Item>, asks: &'a Arc<Asks>, members: usize) -> Self {
        Self { round, asks, joined: None, errands: Vec::with_capacity(members) }
    }

    /// Hands a member everything that it does not have.
    pub(super) fn serve(&mut self, member: &mut Member) {
        let next = self.round.next();
        let from = std::mem::replace(&mut member.has, next);
        if from == next {
            return;
        }
        if member.connection.takes_joined()
            && let Some(chunk) = self.joined(member.kind, from)
            && let Some(nudge) = member.connection.accept_joined(chunk)
        {
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

    /// Everything from `from` on as one piece, when all of it is plain frames.
    fn joined(&mut self, kind: u32, from: Number) -> Option<&Chunk> {
        if !matches!(self.joined, Some((of, since, _)) if (of, since) == (kind, from)) {
            let frames: Option<Vec<&Bytes>> = self.round.missing(from).map(|item| item.plain(kind)).collect();
            let joined = frames.and_then(|frames| match &*frames {
                [frame] => Some(Chunk::frame(Bytes::clone(frame))),
                frames if frames.iter().map(|frame| frame.len()).sum::<usize>() > JOINED => None,
                frames => Some(Chunk::joined(frames.iter().map(|frame| &frame[..]))),
            });
            self.joined = Some((kind, from, joined));
        }
        self.joined.as_ref()?.2.as_ref()
    }

    fn errand(&mut self, connection: &Arc<Connection>, nudge: Nudge) {
        if nudge != Nudge::Nothing {
            self.errands.push(Errand::new(connection, nudge));
        }
    }
}
