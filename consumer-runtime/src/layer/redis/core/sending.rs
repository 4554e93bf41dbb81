//! Putting messages into Redis, and entries into groups.

use std::collections::BTreeMap;

use super::{Shared, members::is_process};
use crate::{
    layer::{LayerError, Reach, redis::wire::To},
    message::Message,
    names::{ChannelName, GroupName},
};

/// Puts one message into each of several queues, those that are full left out, and says how many these were.
///
/// `KEYS`: the queues. `ARGV`: a message for each, then the score, the score before which messages are too old, the
/// capacity, and for how many seconds a queue lives.
const PUT: &str = "
local n = #KEYS
local full = 0
for i = 1, n do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], 0, ARGV[n + 2])
  if redis.call('ZCARD', KEYS[i]) >= tonumber(ARGV[n + 3]) then
    full = full + 1
  else
    redis.call('ZADD', KEYS[i], ARGV[n + 1], ARGV[i])
    redis.call('EXPIRE', KEYS[i], ARGV[n + 4])
  end
end
return full";

/// Drops every queue, and leaves groups and acknowledged work as they are.
const DROP: &str = "
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
  if string.sub(key, 1, #ARGV[2]) ~= ARGV[2] and string.sub(key, 1, #ARGV[3]) ~= ARGV[3] then redis.call('DEL', key) end
end";

impl Shared {
    /// Makes this process a member of a group, for as long as groups remember.
    pub(super) async fn add_member(&self, group: &GroupName, member: &str) -> Result<(), LayerError> {
        let key = self.keys.group(group);
        let mut commands = redis::pipe();
        commands.cmd("ZADD").arg(&key).arg(self.stamps.next().score()).arg(member).ignore();
        commands.cmd("EXPIRE").arg(&key).arg(self.group_expiry.as_secs().max(1)).ignore();
        self.server(group.as_str()).ask_all(&commands).await
    }

    pub(super) async fn remove_member(&self, group: &GroupName, member: &str) -> Result<(), LayerError> {
        let mut command = redis::cmd("ZREM");
        command.arg(self.keys.group(group)).arg(member);
        self.server(group.as_str()).ask(&command).await
    }

    /// The members of a group, of all processes.
    async fn members_of(&self, group: &GroupName) -> Result<Vec<String>, LayerError> {
        let key = self.keys.group(group);
        let forgotten = self.stamps.next().cutoff(self.group_expiry);
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
        for member in self.members_of(group).await? {
            if message.except().iter().any(|except| except.as_str() == member) {
                continue;
            }
            // What others have put there need not be a name.
            let Ok(channel) = ChannelName::new(&member) else { continue };
            all_ours &= is_process(&member);
            let host = self.ring.host(channel.process_part());
            hosts.entry(host).or_default().entry(self.keys.messages(&channel)).or_default().push(member);
        }
        let (mut reached, mut full, mut failed) = (0, 0, None);
        for (host, queues) in hosts {
            let mut messages = Vec::with_capacity(queues.len());
            for (key, members) in queues {
                messages.push((key, self.write(message, Some(&To::Many(members)))?));
            }
            reached += messages.len();
            // A host that is away keeps the message from nobody on another.
            match self.put(host, &messages).await {
                Ok(more) => full += more,
                Err(error) => failed = Some(error),
            }
        }
        if full > 0 {
            if let Some(local) = self.local() {
                (0..full).for_each(|_| local.counters().channel_full());
            }
            tracing::warn!(%group, full, of = reached, "processes have more waiting than `capacity`; they miss a message");
        }
        if let Some(error) = failed {
            return Err(error);
        }
        Ok(if all_ours { Reach::Processes(reached - full) } else { Reach::Unknown })
    }

    pub(super) async fn send_to_channel(&self, channel: &ChannelName, message: &Message) -> Result<(), LayerError> {
        let of_process = channel.as_str().contains('!');
        let to = of_process.then(|| To::one(channel));
        let host = if of_process { self.ring.host(channel.process_part()) } else { self.next_host() };
        let stored = self.write(message, to.as_ref())?;
        match self.put(host, &[(self.keys.messages(channel), stored)]).await? {
            0 => Ok(()),
            _ => Err(LayerError::ChannelFull { channel: channel.clone() }),
        }
    }

    fn write(&self, message: &Message, to: Option<&To>) -> Result<Vec<u8>, LayerError> {
        let written = self.body.write(message, to);
        written.map_err(|error| LayerError::Unsendable { reason: error.to_string() })
    }

    /// Puts messages into queues on one host, and says how many of these are full.
    async fn put(&self, host: usize, messages: &[(String, Vec<u8>)]) -> Result<usize, LayerError> {
        let now = self.stamps.next();
        let mut command = redis::cmd("EVAL");
        command.arg(PUT).arg(messages.len());
        for (key, _) in messages {
            command.arg(key);
        }
        for (_, stored) in messages {
            command.arg(stored);
        }
        command.arg(now.score()).arg(now.cutoff(self.expiry)).arg(self.capacity).arg(self.expiry.as_secs().max(1));
        self.servers[host].ask(&command).await
    }

    pub(super) async fn flush(&self) -> Result<(), LayerError> {
        for server in &self.servers {
            let mut command = redis::cmd("EVAL");
            command.arg(DROP).arg(0).arg(self.keys.everything()).arg(self.keys.groups()).arg(self.keys.all_work());
            server.ask::<()>(&command).await?;
        }
        Ok(())
    }
}
