//! This process's end of the layer: its channels, its members of groups, and who is connected.

mod absence;
mod admission;
mod alarms;
mod asks;
mod channel;
mod delivering;
mod drain;
mod entrance;
mod flusher;
mod group;
mod groups;
#[cfg(test)]
mod interleavings;
mod queue;
mod restored;
mod round;
mod seats;
mod serving;

pub use absence::Absence;
pub(crate) use admission::{Crowd, Seat};
pub(crate) use asks::{Asking, Owed, Said};
pub use delivering::Delivering;
pub(crate) use entrance::Place;
pub(crate) use group::Group;
pub(crate) use queue::Queue;

use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use tokio::time::Instant;
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};
use uuid::Uuid;

use crate::{
    again::Storm,
    connection::{Connection, Joined},
    counters::Counters,
    inspecting::Inspected,
    layer::LayerError,
    message::{Message, MessageError},
    meters::{Meters, Traffic},
    names::{ChannelName, GroupName},
};
use channel::Channel;
use groups::Groups;

/// How many different things are told apart in "logged once"; names come from outside, so there is a bound.
const MAX_ONCE: usize = 1000;

/// This process's end of a channel layer; a layer hands it what arrives.
pub struct Local {
    /// What channel names of this process begin with, `!` included.
    prefix: String,
    capacity: usize,
    expiry: Duration,
    counters: Arc<Counters>,
    traffic: Traffic,
    meters: Meters,
    inspected: Inspected,
    /// Written when a connection comes or goes; read by direct sends.
    channels: RwLock<HashSet<Channel>>,
    groups: Groups,
    flusher: Arc<flusher::Flusher>,
    alarms: Arc<alarms::Alarms>,
    asks: Arc<asks::Asks>,
    admission: admission::Admission,
    entrance: entrance::Entrance,
    /// Who runs connections; closed by the drain.
    tasks: TaskTracker,
    draining: CancellationToken,
    /// Written by the layer; read by who asks whether the process is ready.
    absences: Arc<absence::Absences>,
    /// Ends the tasks of the flusher and the alarms.
    _over: DropGuard,
    once: Mutex<HashSet<(&'static str, &'static str, String)>>,
    storm: Storm,
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local")
            .field("prefix", &self.prefix)
            .field("counts", &self.counters.snapshot())
            .field("asks", &self.asks.len())
            .finish_non_exhaustive()
    }
}

impl Local {
    pub(crate) fn new(prefix: String, capacity: usize, expiry: Duration) -> Arc<Self> {
        let over = CancellationToken::new();
        let asks = Arc::<asks::Asks>::default();
        Arc::new(Self {
            prefix,
            capacity,
            expiry,
            counters: Arc::default(),
            traffic: Traffic::default(),
            meters: Meters::default(),
            inspected: Inspected::default(),
            channels: RwLock::default(),
            groups: Groups::default(),
            flusher: flusher::Flusher::new(Arc::clone(&asks), over.clone()),
            alarms: alarms::Alarms::new(over.clone()),
            asks,
            admission: admission::Admission::default(),
            entrance: entrance::Entrance::default(),
            tasks: TaskTracker::new(),
            draining: CancellationToken::new(),
            absences: Arc::default(),
            _over: over.drop_guard(),
            once: Mutex::default(),
            storm: Storm::default(),
        })
    }

    /// What the names of a new process's channels may begin with, `!` included: 100 random bits.
    pub fn random_prefix() -> String {
        // As many of its bits as fit: every connection's name repeats them.
        format!("specific.{}!", URL_SAFE_NO_PAD.encode(&Uuid::new_v4().as_bytes()[..14]))
    }

    /// What the names of this process's channels begin with, `!` included.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether a channel belongs to this process.
    pub fn owns(&self, channel: &ChannelName) -> bool {
        channel.process_part() == self.prefix
    }

    /// Hands a message to every member of a group in this process.
    ///
    /// Full channels are skipped and counted. Messages of one caller reach each member in the order of the calls. The
    /// message is on its way when this returns; who sends many waits for what it returns, which is done when the group
    /// can take more.
    pub fn deliver_to_group(&self, group: &GroupName, message: &Message) -> Delivering {
        let found = self.groups.find(group);
        self.inspected.tell(message, Some(group), found.as_deref());
        let Some(group) = found else {
            if let Some(to) = message.reply_to() {
                self.asks.members(to, 0);
            }
            return Delivering::done();
        };
        group.publish(message, self)
    }

    /// Hands a message to one channel of this process.
    ///
    /// # Errors
    /// [`LayerError::ChannelFull`]. A channel that is gone is no error; the message is counted as such.
    pub fn deliver_to_channel(&self, channel: &ChannelName, message: &Message) -> Result<(), LayerError> {
        let target = self.read().get(channel).cloned();
        let taken = match target {
            None if self.asks.deliver(channel, message) => return Ok(()),
            None => {
                self.inspected.tell(message, None, None);
                self.counters.gone(1);
                // The debt is dropped at once, which says that no answer will come.
                drop(self.owed(channel, message));
                return Ok(());
            }
            Some(Channel::Queue(queue)) => queue.put(message.clone(), &self.counters),
            Some(Channel::Connection(connection)) => {
                self.inspected.tell(message, None, None);
                let owed = self.owed(channel, message);
                let prepared = connection.kind().prepare(message, 1, self);
                // What the sender sent to a group of this connection before must not be overtaken.
                connection.catch_up();
                let (taken, nudge) = prepared.hand_to(&connection, owed, Instant::now() + self.expiry);
                connection.give(nudge);
                taken
            }
        };
        taken.map_err(|_| LayerError::ChannelFull { channel: channel.clone() })
    }

    /// A message arrived that cannot be read: counted, and logged once for each reason.
    pub fn unreadable(&self, error: &MessageError) {
        self.counters.unreadable();
        let reason = error.to_string();
        if self.first_time("unreadable", "layer", &reason) {
            tracing::error!(
                %reason,
                "a message from another process is dropped (logged once); do both ends have the same `prefix`, \
                 `serializer_format` and `symmetric_encryption_keys`?"
            );
        }
    }

    /// What one channel owes to who sent it a question.
    pub(crate) fn owed(&self, channel: &ChannelName, message: &Message) -> Option<Owed> {
        let to = message.reply_to()?;
        self.asks.members(to, 1);
        Some(Owed::new(&self.asks, to, channel))
    }

    pub(crate) fn asks(&self) -> &Arc<asks::Asks> {
        &self.asks
    }

    /// Begins to wait for answers at a channel of its own.
    pub(crate) fn ask(&self) -> Asking {
        self.asks.open(self.new_name())
    }

    pub(crate) fn counters(&self) -> &Arc<Counters> {
        &self.counters
    }

    /// What goes over this process's sockets.
    pub(crate) fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// What becomes of events and frames.
    pub(crate) fn meters(&self) -> &Meters {
        &self.meters
    }

    /// What an inspector is shown besides what is there anyway.
    pub(crate) fn inspected(&self) -> &Inspected {
        &self.inspected
    }

    /// All groups with members in this process.
    #[cfg(feature = "inspector")]
    pub(crate) fn all_groups(&self) -> Vec<Arc<Group>> {
        self.groups.all()
    }

    /// A connection of this process.
    #[cfg(feature = "inspector")]
    pub(crate) fn connection(&self, channel: &ChannelName) -> Option<Arc<Connection>> {
        match self.read().get(channel)? {
            Channel::Connection(connection) => Some(Arc::clone(connection)),
            Channel::Queue(_) => None,
        }
    }

    /// How many groups there are, and how many members they have together.
    #[cfg(feature = "metrics")]
    pub(crate) fn count_groups(&self) -> (usize, usize) {
        let groups = self.groups.all();
        (groups.len(), groups.iter().map(|group| group.size()).sum())
    }

    pub(crate) fn new_name(&self) -> ChannelName {
        // 62 random bits: enough to be unique in one process, and not to be guessed.
        let (_, random) = Uuid::new_v4().as_u64_pair();
        let random = URL_SAFE_NO_PAD.encode(random.to_be_bytes());
        match ChannelName::new(format!("{}{random}", self.prefix)) {
            Ok(name) => name,
            Err(_) => unreachable!("40 characters of the allowed ones"),
        }
    }

    /// How many undelivered messages a channel holds.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    /// How long an undelivered message is worth delivering.
    pub(crate) fn expiry(&self) -> Duration {
        self.expiry
    }

    pub(crate) fn alarms(&self) -> &Arc<alarms::Alarms> {
        &self.alarms
    }

    fn flusher(&self) -> &Arc<flusher::Flusher> {
        &self.flusher
    }

    pub(crate) fn register(&self, connection: &Arc<Connection>) {
        self.write().insert(Channel::Connection(Arc::clone(connection)));
    }

    pub(crate) fn unregister(&self, channel: &ChannelName) {
        self.write().remove(channel);
    }

    pub(crate) fn open_queue(&self) -> (ChannelName, Arc<Queue>) {
        let name = self.new_name();
        let queue = Arc::new(Queue::new(name.clone(), self.capacity, self.expiry));
        self.write().insert(Channel::Queue(Arc::clone(&queue)));
        (name, queue)
    }

    /// Makes a connection a member.
    pub(crate) fn join(&self, connection: &Arc<Connection>, group: &GroupName) -> Joined {
        self.groups.join(group, connection)
    }

    pub(crate) fn join_queue(&self, name: &ChannelName, queue: &Arc<Queue>, group: &GroupName) -> Joined {
        if queue.note_group(group) { self.groups.join_queue(group, name, queue) } else { Joined::Not }
    }

    /// Takes a connection out of a group; true when it was the last member here.
    pub(crate) fn leave(&self, connection: &Connection, group: &GroupName) -> bool {
        self.groups.leave(group, connection)
    }

    /// Takes a connection out of all its groups, and gives those whose last member it was here.
    pub(crate) fn leave_all(&self, connection: &Connection) -> Vec<GroupName> {
        self.groups.leave_all(connection)
    }

    /// Takes a queue out of a group; true when it was the last member here.
    pub(crate) fn leave_queue(&self, channel: &ChannelName, group: &GroupName) -> bool {
        self.groups.leave_queue(group, channel)
    }

    /// Whether this is the first time, so that a fault that repeats is logged once.
    pub(crate) fn first_time(&self, what: &'static str, consumer: &'static str, name: &str) -> bool {
        let name: String = name.chars().take(100).collect();
        let mut once = self.once.lock().unwrap_or_else(PoisonError::into_inner);
        once.len() < MAX_ONCE && once.insert((what, consumer, name))
    }

    /// A place for one more connection, unless a limit says no.
    pub(crate) fn seat(
        self: &Arc<Self>,
        client: Option<std::net::IpAddr>,
        most: Option<usize>,
        most_per_ip: Option<usize>,
    ) -> Result<Seat, Crowd> {
        admission::Admission::seat(self, client, most, most_per_ip)
    }

    /// The name of a group as the group itself holds it, so that its members need no copy of their own.
    pub(crate) fn shared_name(&self, group: &GroupName) -> Option<GroupName> {
        self.groups.find(group).map(|group| group.name().clone())
    }

    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// Who is sent away with a 503.
    pub(crate) fn storm(&self) -> &Storm {
        &self.storm
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.is_cancelled()
    }

    pub(crate) fn connections(&self) -> Vec<Arc<Connection>> {
        let connections = self.read();
        let connections = connections.iter().filter_map(|channel| match channel {
            Channel::Connection(connection) => Some(Arc::clone(connection)),
            Channel::Queue(_) => None,
        });
        connections.collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, HashSet<Channel>> {
        self.channels.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashSet<Channel>> {
        self.channels.write().unwrap_or_else(PoisonError::into_inner)
    }
}
