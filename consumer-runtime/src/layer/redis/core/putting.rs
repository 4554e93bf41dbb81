//! Putting one message into the queues of several processes, in one step.

use redis::Value;

use super::Shared;
use crate::layer::{
    LayerError,
    redis::{
        script::{Argument, Script},
        wire::CoreKeys,
    },
};

/// Puts one message into each of several queues, and says how many of these were full and got none, and then which ones,
/// from 1 on, belong to processes that have crashed and got none. Where a group is given that has other members than expected,
/// nothing is put anywhere, and its members are told behind the word `others`.
///
/// Adding is the first thing that it writes: a server without memory refuses that, but nothing after it.
///
/// `KEYS`: the group, or nothing; the queues; then for each the key of a process that runs, or nothing. `ARGV`: what is
/// expected of the group, or nothing, and the score before which it has forgotten members; a message for each queue, a capacity
/// for each; then the score, the score before which messages are too old, and for how many seconds a queue lives.
static PUT: Script = Script::new(
    "
if ARGV[1] ~= '' then
  local members = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[2], '+inf')
  if redis.sha1hex(table.concat(members, ' ')) ~= ARGV[1] then
    table.insert(members, 1, 'others')
    return members
  end
end
local n = (#KEYS - 1) / 2
local score, old, seconds = ARGV[2 * n + 3], ARGV[2 * n + 4], ARGV[2 * n + 5]
local told = {0}
for i = 1, n do
  local queue, runs = KEYS[1 + i], KEYS[1 + n + i]
  if runs ~= '' and redis.call('EXISTS', runs) == 0 then
    told[#told + 1] = i
  elseif redis.call('ZCOUNT', queue, '(' .. old, '+inf') >= tonumber(ARGV[2 + n + i]) then
    told[1] = told[1] + 1
  else
    redis.call('ZADD', queue, score, ARGV[2 + i])
    redis.call('ZREMRANGEBYSCORE', queue, 0, old)
    redis.call('EXPIRE', queue, seconds)
  end
end
return told",
);

/// What goes into a queue.
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) stored: Vec<u8>,
    /// How many may wait there.
    pub(super) capacity: usize,
    /// The members of the group that it is for, where they go with a process of ours.
    pub(super) of_ours: Vec<String>,
}

/// What became of entries.
#[derive(Default)]
pub(super) struct Put {
    pub(super) full: usize,
    /// The members whose processes run no more, and how many these are.
    pub(super) gone: Vec<String>,
    pub(super) crashed: usize,
}

/// What a group is expected to be.
pub(super) struct Expected<'a> {
    pub(super) key: String,
    pub(super) digest: &'a str,
    /// The score before which it has forgotten members.
    pub(super) forgotten: u64,
}

impl Shared {
    /// Puts messages into queues on one host, and adds up what becomes of them. When the group there is another than expected,
    /// nothing is done, and its members are given.
    pub(super) async fn put(
        &self,
        host: usize,
        entries: &[Entry],
        expected: Option<&Expected<'_>>,
        put: &mut Put,
    ) -> Result<Option<Vec<String>>, LayerError> {
        let now = self.stamps.next();
        let (group, digest, forgotten) =
            expected.map_or(("", "", 0), |group| (group.key.as_str(), group.digest, group.forgotten));
        let mut keys = Vec::with_capacity(2 * entries.len() + 1);
        keys.push(group.to_owned());
        keys.extend(entries.iter().map(|entry| entry.key.clone()));
        let alive = |entry: &Entry| if entry.of_ours.is_empty() { String::new() } else { CoreKeys::alive(&entry.key) };
        keys.extend(entries.iter().map(alive));
        let (score, old) = (now.score(), now.cutoff(self.expiry));
        let first = [Argument::Bytes(digest.as_bytes()), Argument::Number(forgotten)].into_iter();
        let stored = entries.iter().map(|entry| Argument::Bytes(&entry.stored));
        let capacities = entries.iter().map(|entry| Argument::Number(entry.capacity as u64));
        let last =
            [Argument::Bytes(score.as_bytes()), Argument::Number(old), Argument::Number(self.expiry.as_secs().max(1))];
        let arguments: Vec<_> = first.chain(stored).chain(capacities).chain(last).collect();
        let told: Vec<Value> = PUT.run(&self.servers[host], &keys, &arguments).await?;
        let mut told = told.into_iter();
        let full = match told.next() {
            Some(Value::Int(full)) => usize::try_from(full).unwrap_or_default(),
            _ => return Ok(Some(told.filter_map(text).collect())),
        };
        put.full += full;
        // From 1 on, as Lua counts.
        let places = told.filter_map(|place| match place {
            Value::Int(place) => usize::try_from(place).ok()?.checked_sub(1),
            _ => None,
        });
        for entry in places.filter_map(|place| entries.get(place)) {
            put.crashed += 1;
            put.gone.extend(entry.of_ours.iter().cloned());
        }
        Ok(None)
    }
}

/// A member's name. What others have put there need not be one, and then goes on as what nobody is called.
fn text(name: Value) -> Option<String> {
    match name {
        Value::BulkString(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Value::SimpleString(text) => Some(text),
        _ => None,
    }
}
