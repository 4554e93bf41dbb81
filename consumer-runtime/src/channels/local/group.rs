//! One group: its members in this process, and what is on its way to them.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{sync::Notify, time::Instant};

use super::{
    Delivering, Local,
    asks::Asks,
    flusher::{Errand, Job},
    queue::Queue,
    round::Round,
    seats::Seats,
    serving::{Item, Member, Serving},
};
use crate::{
    asking::NoAnswer,
    channels::fanout::{Kind, Prepared},
    connection::Connection,
    message::Message,
    names::{ChannelName, GroupName},
};

/// How many members are served before others get their turn.
pub(super) const SLICE: usize = 128;

/// How many messages may be under way in one group before senders wait.
const UNDER_WAY: usize = 64;

/// How many bytes those may be: a member gets all of them at once, and its queue to the client should take them.
const BYTES_UNDER_WAY: usize = 128 * 1024;

/// How much a small group's members get before a sender waits for the writes: in bytes, of which each message has so many
/// more than its frame.
const AHEAD: u32 = 64 * 1024;
const MESSAGE: u32 = AHEAD / UNDER_WAY as u32;

/// A group with members in this process.
///
/// A small group's members get a message while it is sent. In a larger one it is put on its way, and the flusher hands it
/// to a slice of members at a time, so that nobody waits for a whole group: neither the sender, nor who joins or leaves,
/// nor other groups. Either way a member gets what was sent while it was a member, in order, and what follows by another
/// way waits for it ([`Connection::catch_up`]). No user code runs under the lock, nor a layer's: answers that are there
/// already leave by tasks of their own.
pub(crate) struct Group {
    name: GroupName,
    members: Mutex<Members>,
    /// Whether something is on its way; written under the lock.
    under_way: AtomicBool,
    /// Told when there is room for more on the way.
    room: Notify,
}

#[derive(Default)]
struct Members {
    /// Set when the last one has left, and the group is to be looked up anew.
    closed: bool,
    seats: Seats<Member>,
    /// The consumer types of the members, since each decodes a message and runs its shared handlers once. Members refer
    /// to them by place, so none is taken out.
    kinds: Vec<Cohort>,
    queues: HashMap<ChannelName, Arc<Queue>>,
    round: Round<Item>,
    /// Whether the flusher knows of what is on its way.
    scheduled: bool,
    /// What was handed to all members at once since a sender has last waited for the writes; see [`AHEAD`].
    ahead: u32,
}

/// How many members are of one type.
struct Cohort {
    kind: &'static dyn Kind,
    members: usize,
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Group {
    pub(super) fn new(name: GroupName) -> Self {
        Self { name, members: Mutex::default(), under_way: AtomicBool::new(false), room: Notify::new() }
    }

    pub(crate) fn name(&self) -> &GroupName {
        &self.name
    }

    fn members(&self) -> MutexGuard<'_, Members> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seats a connection, and says whether it is the first member; `None` when the group is closed.
    pub(crate) fn seat(&self, connection: &Arc<Connection>) -> Option<(u32, bool)> {
        let mut members = self.members();
        if members.closed {
            return None;
        }
        let first = members.is_empty();
        let kind = members.kind(connection.kind());
        let has = members.round.next();
        let seat = members.seats.take(Member { connection: Arc::clone(connection), has, kind })?;
        members.kinds[kind as usize].members += 1;
        Some((seat, first))
    }

    /// Gives up a seat, after everything that was sent before; true when it was the last member.
    pub(crate) fn unseat(&self, seat: u32) -> bool {
        let mut members = self.members();
        let errands = members.serve_one(seat);
        if let Some(member) = members.seats.give_up(seat) {
            members.kinds[member.kind as usize].members -= 1;
        }
        let last = members.is_empty();
        drop(members);
        run(errands);
        last
    }

    /// Adds a queue; says whether it is the first member, or `None` when the group is closed.
    pub(super) fn add_queue(&self, name: &ChannelName, queue: &Arc<Queue>) -> Option<bool> {
        let mut members = self.members();
        if members.closed {
            return None;
        }
        let first = members.is_empty();
        members.queues.insert(name.clone(), Arc::clone(queue));
        Some(first)
    }

    /// Takes a queue out; true when it was the last member.
    pub(super) fn remove_queue(&self, name: &ChannelName) -> bool {
        let mut members = self.members();
        members.queues.remove(name).is_some() && members.is_empty()
    }

    /// How many members it has in this process.
    #[cfg(any(feature = "inspector", feature = "metrics"))]
    pub(crate) fn size(&self) -> usize {
        let members = self.members();
        members.seats.taken() + members.queues.len()
    }

    /// Closes the group when nobody is in it.
    pub(super) fn close_if_empty(&self) -> bool {
        let mut members = self.members();
        members.closed |= members.is_empty();
        members.closed
    }

    /// Whether something is on its way to members.
    pub(crate) fn is_under_way(&self) -> bool {
        self.under_way.load(Ordering::Acquire)
    }

    /// Hands one member everything that is on its way.
    pub(crate) fn catch_up(&self, seat: u32) {
        let errands = self.members().serve_one(seat);
        run(errands);
    }

    /// Sends a message to all who are members now; a sender in a hurry waits for what this returns.
    pub(super) fn publish(self: &Arc<Self>, message: &Message, local: &Local) -> Delivering {
        let kinds: Vec<_> = self.members().kinds.iter().map(|kind| (kind.kind, kind.members)).collect();
        let prepared = kinds.into_iter().map(|(kind, members)| match members {
            // Who is asked has joined since, and will not answer.
            0 => Prepared::Nothing(Some(NoAnswer::Gone)),
            _ => kind.prepare(message, members, local),
        });
        let prepared: Vec<_> = prepared.collect();
        let item = Item {
            len: longest(&prepared),
            prepared,
            except: (!message.except().is_empty()).then(|| message.except().iter().cloned().collect()),
            reply_to: message.reply_to().cloned(),
            expires: Instant::now() + local.expiry(),
        };
        let mut guard = self.members();
        let members = &mut *guard;
        if let Some(to) = &item.reply_to {
            local.asks().members(to, members.asked(&item));
        }
        for (name, queue) in &members.queues {
            if item.except.as_ref().is_none_or(|except| !except.contains(name)) {
                let _ = queue.put(message.clone(), local.counters());
            }
        }
        if members.seats.taken() == 0 {
            return Delivering::done();
        }
        let len = item.len;
        members.round.push(item);
        if members.seats.end() <= SLICE && members.round.len() == 1 {
            let mut errands = Vec::new();
            while !members.round.is_done() {
                errands.append(&mut members.serve_slice(local.asks()));
            }
            members.ahead = members.ahead.saturating_add(len).saturating_add(MESSAGE);
            let waits = members.ahead >= AHEAD;
            if waits {
                members.ahead = 0;
            }
            drop(guard);
            local.flusher().run_or_push(errands);
            if waits { Delivering::follows(local.flusher().turn()) } else { Delivering::done() }
        } else {
            self.under_way.store(true, Ordering::Release);
            let is_crowded = members.is_crowded();
            if !std::mem::replace(&mut members.scheduled, true) {
                drop(guard);
                local.flusher().push(Job::Slice(Arc::clone(self)));
            }
            if is_crowded { Delivering::waits(Arc::clone(self)) } else { Delivering::done() }
        }
    }

    /// Serves a slice of the members: what is to be done for them, and whether there is more to serve.
    pub(super) fn serve_slice(&self, asks: &Arc<Asks>) -> (Vec<Errand>, bool) {
        let mut members = self.members();
        let errands = members.serve_slice(asks);
        let more = !members.round.is_done();
        members.scheduled = more;
        if !more {
            self.under_way.store(false, Ordering::Release);
        }
        let has_room = !members.is_crowded();
        drop(members);
        if has_room {
            self.room.notify_waiters();
        }
        (errands, more)
    }

    /// Whether senders should wait, so that they do not outrun the members' sockets.
    fn is_crowded(&self) -> bool {
        self.is_under_way() && self.members().is_crowded()
    }

    /// Waits until there is room for more on the way.
    pub(super) async fn has_room(&self) {
        loop {
            let room = self.room.notified();
            if !self.is_crowded() {
                return;
            }
            room.await;
        }
    }
}

impl Members {
    fn is_empty(&self) -> bool {
        self.seats.taken() == 0 && self.queues.is_empty()
    }

    /// Whether as much is on its way as may be.
    fn is_crowded(&self) -> bool {
        let bytes = || self.round.missing(0).map(|item| item.len as usize).sum::<usize>();
        self.round.len() >= UNDER_WAY || bytes() >= BYTES_UNDER_WAY
    }

    /// The place of a kind.
    fn kind(&mut self, kind: &'static dyn Kind) -> u32 {
        let at = self.kinds.iter().position(|known| known.kind.id() == kind.id());
        let at = at.unwrap_or_else(|| {
            self.kinds.reserve_exact(1);
            self.kinds.push(Cohort { kind, members: 0 });
            self.kinds.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// How many connections a question goes to.
    fn asked(&self, item: &Item) -> usize {
        let known = self.kinds.iter().take(item.prepared.len()).map(|kind| kind.members).sum::<usize>();
        let left_out =
            |member: &&Member| (member.kind as usize) < item.prepared.len() && !item.is_for(&member.connection);
        match item.except {
            None => known,
            Some(_) => known - self.seats.iter().filter(left_out).count(),
        }
    }

    /// Hands the members of the next slice everything that they do not have.
    fn serve_slice(&mut self, asks: &Arc<Asks>) -> Vec<Errand> {
        let seats = self.round.seats(SLICE, self.seats.end());
        let mut serving = Serving::new(&self.round, asks, seats.len());
        for member in self.seats.range_mut(seats.clone()) {
            serving.serve(member);
        }
        let errands = serving.errands;
        self.round.advance(seats.end, self.seats.end());
        errands
    }

    fn serve_one(&mut self, seat: u32) -> Vec<Errand> {
        let Some(member) = self.seats.get_mut(seat) else { return Vec::new() };
        if self.round.is_done() {
            return Vec::new();
        }
        let local = Arc::clone(member.connection.local());
        let mut serving = Serving::new(&self.round, local.asks(), 1);
        serving.serve(member);
        serving.errands
    }
}

/// The bytes of the longest frame that members get.
fn longest(prepared: &[Prepared]) -> u32 {
    let lens = prepared.iter().map(|prepared| match prepared {
        Prepared::Frame(frame, _) => u32::try_from(frame.plain().len()).unwrap_or(u32::MAX),
        Prepared::Event(..) | Prepared::Nothing(_) => 0,
    });
    lens.max().unwrap_or(0)
}

fn run(errands: Vec<Errand>) {
    errands.into_iter().for_each(Errand::run);
}
