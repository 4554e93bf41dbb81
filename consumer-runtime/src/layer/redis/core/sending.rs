//! Putting messages into Redis, and entries into groups.

use std::collections::BTreeMap;

use super::{
    Shared,
    alive::OLDEST,
    known::{Process, Seen},
    members::is_process,
    putting::{Entry, Expected, Put},
    stamp::Stamp,
};
use crate::{
    layer::{
        LayerError, Reach,
        redis::{
            script::{Argument, Script},
            wire::{ALIVE, Prepared, To},
        },
    },
    message::Message,
    names::{ChannelName, GroupName},
};

/// Drops every queue, and leaves groups and acknowledged work as they are, and what says which processes run.
static DROP: Script = Script::new(
    "
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
  local stays = string.sub(key, 1, #ARGV[2]) == ARGV[2] or string.sub(key, 1, #ARGV[3]) == ARGV[3]
    or string.sub(key, -#ARGV[4]) == ARGV[4]
  if not stays then redis.call('DEL', key) end
end",
);

/// How often a send believes what it knows of a group, before it asks.
const BELIEVED: usize = 3;

/// A message on its way to a group.
struct Laid {
    /// What goes where, by host.
    hosts: BTreeMap<usize, Vec<Entry>>,
    /// How many processes it goes to.
    processes: usize,
}

impl Shared {
    /// Makes this process a member of groups of one server, in one round trip, for as long as groups remember.
    pub(super) async fn add_members(&self, host: usize, members: &[(GroupName, String)]) -> Result<(), LayerError> {
        let mut commands = redis::pipe();
        for (group, member) in members {
            let key = self.keys.group(group);
            commands.cmd("ZADD").arg(&key).arg(self.stamps.next().score()).arg(member).ignore();
            commands.cmd("EXPIRE").arg(&key).arg(self.group_expiry.as_secs().max(1)).ignore();
        }
        self.servers[host].ask_all(&commands).await
    }

    /// Makes it one for the first time, and tells the oldest members of the group, as they were at a time.
    pub(super) async fn join(&self, group: &GroupName, member: &str) -> Result<(Vec<String>, Stamp), LayerError> {
        let (key, now) = (self.keys.group(group), self.stamps.next());
        let mut commands = redis::pipe();
        commands.cmd("ZADD").arg(&key).arg(now.score()).arg(member).ignore();
        commands.cmd("EXPIRE").arg(&key).arg(self.group_expiry.as_secs().max(1)).ignore();
        commands.cmd("ZRANGE").arg(&key).arg(0).arg(OLDEST - 1);
        let (oldest,) = self.server(group.as_str()).ask_all(&commands).await?;
        Ok((oldest, now))
    }

    /// Takes this process out of groups of one server, in one round trip.
    pub(super) async fn remove_members(&self, host: usize, members: &[(GroupName, String)]) -> Result<(), LayerError> {
        let mut commands = redis::pipe();
        for (group, member) in members {
            commands.cmd("ZREM").arg(self.keys.group(group)).arg(member).ignore();
        }
        self.servers[host].ask_all(&commands).await
    }

    /// The members of a group, of all processes.
    async fn members_of(&self, group: &GroupName, now: Stamp) -> Result<Vec<String>, LayerError> {
        let key = self.keys.group(group);
        let forgotten = now.cutoff(self.group_expiry);
        let mut commands = redis::pipe();
        commands.cmd("ZREMRANGEBYSCORE").arg(&key).arg(0).arg(forgotten).ignore();
        commands.cmd("ZRANGE").arg(&key).arg(0).arg(-1);
        let (members,) = self.server(group.as_str()).ask_all(&commands).await?;
        Ok(members)
    }

    pub(super) async fn send_to_group(&self, group: &GroupName, message: &Message) -> Result<Reach, LayerError> {
        let known_at = self.stamps.next();
        let prepared = self.body.prepare(message)?;
        let mut put = Put::default();
        // On one server a single step looks whether the group is as it was, and puts the message into its queues.
        let mut believed = if self.servers.len() == 1 { self.known.get(group) } else { None };
        for _ in 0..BELIEVED {
            let Some(seen) = believed else { break };
            let laid = self.lay(&seen, message, &prepared)?;
            let expected = Expected {
                key: self.keys.group(group),
                digest: &seen.digest,
                forgotten: known_at.cutoff(self.group_expiry),
            };
            let entries = laid.hosts.get(&0).map_or(&[][..], Vec::as_slice);
            match self.put(0, entries, Some(&expected), &mut put).await? {
                None => return Ok(self.done(group, &seen, &laid, &put, known_at).await),
                Some(others) => believed = Some(self.known.remember(group, self.seen(&others))),
            }
        }
        let seen = self.seen(&self.members_of(group, known_at).await?);
        let laid = self.lay(&seen, message, &prepared)?;
        let mut failed = None;
        for (host, entries) in &laid.hosts {
            // A host that is away keeps the message from nobody on another.
            if let Err(error) = self.put(*host, entries, None, &mut put).await {
                failed = Some(error);
            }
        }
        let reach = self.done(group, &seen, &laid, &put, known_at).await;
        if self.servers.len() == 1 {
            self.known.remember(group, seen);
        }
        failed.map_or(Ok(reach), Err)
    }

    /// What goes into which queues: each process gets one message for all its members.
    fn lay(&self, seen: &Seen, message: &Message, prepared: &Prepared<'_>) -> Result<Laid, LayerError> {
        let mut laid = Laid { hosts: BTreeMap::new(), processes: 0 };
        for Process { host, key, members } in &seen.processes {
            let is_left_out = |member: &String| message.except().iter().any(|except| except.as_str() == member);
            let members: Vec<_> = members.iter().filter(|member| !is_left_out(member)).cloned().collect();
            // As Django does: the queue is called by the last of its members.
            let Some(capacity) = members.last().map(|member| self.capacity_of(member)) else { continue };
            let of_ours = members.iter().filter(|member| is_process(member)).cloned().collect();
            let stored = prepared.to(&To::Many(members))?;
            laid.hosts.entry(*host).or_default().push(Entry { key: key.clone(), stored, capacity, of_ours });
            laid.processes += 1;
        }
        Ok(laid)
    }

    /// Counts what did not get a message, removes who has crashed, and says how far it went.
    async fn done(&self, group: &GroupName, seen: &Seen, laid: &Laid, put: &Put, known_at: Stamp) -> Reach {
        self.tell(group, put, laid.processes);
        if !put.gone.is_empty() {
            self.sweep(group, &put.gone, known_at).await;
        }
        if seen.all_ours { Reach::Processes(laid.processes - put.full - put.crashed) } else { Reach::Unknown }
    }

    pub(super) async fn send_to_channel(&self, channel: &ChannelName, message: &Message) -> Result<(), LayerError> {
        let of_process = channel.as_str().contains('!');
        let to = of_process.then(|| To::one(channel));
        let host = if of_process { self.ring.host(channel.process_part()) } else { self.next_host() };
        let stored = self.body.write(message, to.as_ref())?;
        let capacity = self.capacity_of(channel.as_str());
        let entry = Entry { key: self.keys.messages(channel), stored, capacity, of_ours: Vec::new() };
        let mut put = Put::default();
        self.put(host, &[entry], None, &mut put).await?;
        match put.full {
            0 => Ok(()),
            _ => Err(LayerError::ChannelFull { channel: channel.clone() }),
        }
    }

    fn capacity_of(&self, channel: &str) -> usize {
        self.channel_capacity.of(channel).unwrap_or(self.capacity)
    }

    /// Counts what did not get a message.
    fn tell(&self, group: &GroupName, put: &Put, of: usize) {
        if let Some(local) = self.local() {
            (0..put.full).for_each(|_| local.counters().channel_full());
            local.counters().gone(put.crashed);
        }
        if put.full > 0 {
            tracing::warn!(%group, put.full, of, "processes have more waiting than `capacity`; they miss a message");
        }
    }

    pub(super) async fn flush(&self) -> Result<(), LayerError> {
        for server in &self.servers {
            let (everything, groups, work) = (self.keys.everything(), self.keys.groups(), self.keys.all_work());
            let arguments = [everything.as_str(), &groups, &work, ALIVE].map(|text| Argument::Bytes(text.as_bytes()));
            DROP.run::<()>(server, &[] as &[&str], &arguments).await?;
        }
        Ok(())
    }
}
