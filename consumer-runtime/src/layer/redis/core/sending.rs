//! Putting messages into Redis, and entries into groups.

use std::collections::BTreeMap;

use super::{Shared, alive::OLDEST, members::is_process, stamp::Stamp};
use crate::{
    layer::{
        LayerError, Reach,
        redis::{
            script::{Argument, Script},
            wire::{ALIVE, CoreKeys, To},
        },
    },
    message::Message,
    names::{ChannelName, GroupName},
};

/// Puts one message into each of several queues, and says how many of these were full and got none, and then which ones,
/// from 1 on, belong to processes that have crashed and got none.
///
/// Adding is the first thing that it writes: a server without memory refuses that, but nothing after it.
///
/// `KEYS`: the queues, then for each the key of a process that runs, or nothing. `ARGV`: a message for each, a capacity for
/// each, then the score, the score before which messages are too old, and for how many seconds a queue lives.
static PUT: Script = Script::new(
    "
local n = #KEYS / 2
local told = {0}
for i = 1, n do
  if KEYS[n + i] ~= '' and redis.call('EXISTS', KEYS[n + i]) == 0 then
    told[#told + 1] = i
  else
    if redis.call('ZCOUNT', KEYS[i], '(' .. ARGV[2 * n + 2], '+inf') >= tonumber(ARGV[n + i]) then
      told[1] = told[1] + 1
    else
      redis.call('ZADD', KEYS[i], ARGV[2 * n + 1], ARGV[i])
      redis.call('ZREMRANGEBYSCORE', KEYS[i], 0, ARGV[2 * n + 2])
      redis.call('EXPIRE', KEYS[i], ARGV[2 * n + 3])
    end
  end
end
return told",
);

/// Drops every queue, and leaves groups and acknowledged work as they are, and what says which processes run.
static DROP: Script = Script::new(
    "
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
  local stays = string.sub(key, 1, #ARGV[2]) == ARGV[2] or string.sub(key, 1, #ARGV[3]) == ARGV[3]
    or string.sub(key, -#ARGV[4]) == ARGV[4]
  if not stays then redis.call('DEL', key) end
end",
);

/// What goes into a queue.
struct Entry {
    key: String,
    stored: Vec<u8>,
    /// How many may wait there.
    capacity: usize,
    /// The members of the group that it is for, where they go with a process of ours.
    of_ours: Vec<String>,
}

/// What became of entries.
#[derive(Default)]
struct Put {
    full: usize,
    /// The members whose processes run no more, and how many these are.
    gone: Vec<String>,
    crashed: usize,
}

impl Shared {
    /// Makes this process a member of a group, for as long as groups remember.
    pub(super) async fn add_member(&self, group: &GroupName, member: &str) -> Result<(), LayerError> {
        let host = self.ring.host(group.as_str());
        self.add_members(host, &[(group.clone(), member.to_owned())]).await
    }

    /// The same for several groups of one server, in one round trip.
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

    pub(super) async fn remove_member(&self, group: &GroupName, member: &str) -> Result<(), LayerError> {
        let mut command = redis::cmd("ZREM");
        command.arg(self.keys.group(group)).arg(member);
        self.server(group.as_str()).ask(&command).await
    }

    /// Takes this process out of all groups, and waits until what was asked of the servers before is done.
    pub(super) async fn leave_all(&self) -> Result<(), LayerError> {
        for (group, member) in self.members.all() {
            self.members.remove(&group);
            self.leave(&group, &member).await?;
        }
        for server in &self.servers {
            server.ask::<()>(&redis::cmd("PING")).await?;
        }
        Ok(())
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
        // By host, and there by process, each of which gets one message for all its members.
        let mut hosts: BTreeMap<usize, BTreeMap<String, Vec<String>>> = BTreeMap::new();
        let mut all_ours = true;
        let known_at = self.stamps.next();
        for member in self.members_of(group, known_at).await? {
            if message.except().iter().any(|except| except.as_str() == member) {
                continue;
            }
            // What others have put there need not be a name.
            let Ok(channel) = ChannelName::new(&member) else { continue };
            all_ours &= is_process(&member);
            let host = self.ring.host(channel.process_part());
            hosts.entry(host).or_default().entry(self.keys.messages(&channel)).or_default().push(member);
        }
        let (mut reached, mut put, mut failed) = (0, Put::default(), None);
        for (host, queues) in hosts {
            let mut messages = Vec::with_capacity(queues.len());
            for (key, members) in queues {
                // As Django does: the queue is called by the last of its members.
                let capacity = members.last().map_or(self.capacity, |member| self.capacity_of(member));
                let of_ours = members.iter().filter(|member| is_process(member)).cloned().collect();
                let stored = self.write(message, Some(&To::Many(members)))?;
                messages.push(Entry { key, stored, capacity, of_ours });
            }
            reached += messages.len();
            // A host that is away keeps the message from nobody on another.
            if let Err(error) = self.put(host, messages, &mut put).await {
                failed = Some(error);
            }
        }
        self.tell(group, &put, reached);
        if !put.gone.is_empty() {
            self.sweep(group, &put.gone, known_at).await;
        }
        if let Some(error) = failed {
            return Err(error);
        }
        Ok(if all_ours { Reach::Processes(reached - put.full - put.crashed) } else { Reach::Unknown })
    }

    pub(super) async fn send_to_channel(&self, channel: &ChannelName, message: &Message) -> Result<(), LayerError> {
        let of_process = channel.as_str().contains('!');
        let to = of_process.then(|| To::one(channel));
        let host = if of_process { self.ring.host(channel.process_part()) } else { self.next_host() };
        let stored = self.write(message, to.as_ref())?;
        let capacity = self.capacity_of(channel.as_str());
        let entry = Entry { key: self.keys.messages(channel), stored, capacity, of_ours: Vec::new() };
        let mut put = Put::default();
        self.put(host, vec![entry], &mut put).await?;
        match put.full {
            0 => Ok(()),
            _ => Err(LayerError::ChannelFull { channel: channel.clone() }),
        }
    }

    fn write(&self, message: &Message, to: Option<&To>) -> Result<Vec<u8>, LayerError> {
        let written = self.body.write(message, to);
        written.map_err(|error| LayerError::Unsendable { reason: error.to_string() })
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

    /// Puts messages into queues on one host, and adds up what becomes of them.
    async fn put(&self, host: usize, entries: Vec<Entry>, put: &mut Put) -> Result<(), LayerError> {
        let now = self.stamps.next();
        let mut keys: Vec<_> = entries.iter().map(|entry| entry.key.clone()).collect();
        let alive = |entry: &Entry| if entry.of_ours.is_empty() { String::new() } else { CoreKeys::alive(&entry.key) };
        keys.extend(entries.iter().map(alive));
        let (score, cutoff) = (now.score(), now.cutoff(self.expiry));
        let stored = entries.iter().map(|entry| Argument::Bytes(&entry.stored));
        let capacities = entries.iter().map(|entry| Argument::Number(entry.capacity as u64));
        let more = [
            Argument::Bytes(score.as_bytes()),
            Argument::Number(cutoff),
            Argument::Number(self.expiry.as_secs().max(1)),
        ];
        let arguments: Vec<_> = stored.chain(capacities).chain(more).collect();
        let told: Vec<usize> = PUT.run(&self.servers[host], &keys, &arguments).await?;
        let Some((full, crashed)) = told.split_first() else { return Ok(()) };
        put.full += full;
        put.crashed += crashed.len();
        // From 1 on, as Lua counts.
        let crashed = crashed.iter().filter_map(|place| entries.get(place.checked_sub(1)?));
        put.gone.extend(crashed.flat_map(|entry| &entry.of_ours).cloned());
        Ok(())
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
