//! What must happen at once on the server.
//!
//! `KEYS` are always the stream, the sorted set of what is put off and the stream of dead letters; `ARGV[1]` is the
//! consumer group. Scripts look the time up themselves, so that all processes go by one clock.

use crate::layer::redis::script::Script;

/// Takes an entry from its taker and out of the stream, for what is to become of it: then there are `entry`, its `fields` by
/// name, and as `taken[4]` how often it was taken. `ARGV`: the taker, the entry.
macro_rules! release {
    () => {
        "
local taken = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1)[1]
if not taken or taken[2] ~= ARGV[2] then return 0 end
local entry = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3])[1]
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
redis.call('XDEL', KEYS[1], ARGV[3])
if not entry then return 0 end
local fields = {}
for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end"
    };
}

/// Puts a message, and gives its id; nothing when the channel is full. `ARGV`: the capacity, the message.
pub(super) static PUT: Script = Script::new(
    "
if redis.call('XLEN', KEYS[1]) + redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[2]) then return false end
return redis.call('XADD', KEYS[1], '*', 'message', ARGV[3])",
);

/// Makes what is due wait, and takes what others hold for longer than their lease. `ARGV`: the taker, the lease in
/// milliseconds, how many, and how many consumers may lie idle for how long before they are forgotten.
///
/// Gives the entries, each with how often it was taken, and in how many milliseconds the next one is due.
pub(super) static CLAIM: Script = Script::new(
    "
redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, packed in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 100)) do
  local later = cmsgpack.unpack(packed)
  redis.call('XADD', KEYS[1], '*', 'message', later[4], 'id', later[1], 'attempts', later[2], 'error', later[3])
  redis.call('ZREM', KEYS[2], packed)
end
local entries, from = {}, '0-0'
for _ = 1, 20 do
  local found = redis.call('XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], from, 'COUNT', ARGV[4] - #entries)
  for _, entry in ipairs(found[2]) do
    if entry and entry[2] then
      local taken = redis.call('XPENDING', KEYS[1], ARGV[1], entry[1], entry[1], 1)[1]
      entries[#entries + 1] = { entry[1], taken[4], entry[2] }
    end
  end
  from = found[1]
  if from == '0-0' or #entries >= tonumber(ARGV[4]) then break end
end
local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
return { entries, first[2] and math.max(first[2] - now, 0) or -1 }",
);

/// Begins the lease anew, and gives the entries that are not the taker's. `ARGV`: the taker, the entries.
pub(super) static RENEW: Script = Script::new(
    "
local lost = {}
for i = 3, #ARGV do
  local taken = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if taken and taken[2] == ARGV[2] then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'IDLE', 0, 'JUSTID')
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost",
);

/// Forgets an entry. `ARGV`: the entry.
pub(super) static FINISH: Script = Script::new(
    "
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
return redis.call('XDEL', KEYS[1], ARGV[2])",
);

/// Puts an entry off. `ARGV`: the taker, the entry, the error, for how many milliseconds.
pub(super) static PUT_OFF: Script = Script::new(concat!(
    release!(),
    "
local time = redis.call('TIME')
local due = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[5]
local attempts = (fields['attempts'] or 0) + taken[4]
local later = { fields['id'] or ARGV[3], tostring(attempts), ARGV[4], fields['message'] or '' }
redis.call('ZADD', KEYS[2], string.format('%.0f', due), cmsgpack.pack(later))
return 1"
));

/// Makes an entry a dead letter. `ARGV`: the taker, the entry, the error.
pub(super) static BURY: Script = Script::new(concat!(
    release!(),
    "
local attempts = (fields['attempts'] or 0) + taken[4]
redis.call('XADD', KEYS[3], '*', 'message', fields['message'] or '', 'id', fields['id'] or ARGV[3],
  'attempts', tostring(attempts), 'error', ARGV[4])
return 1"
));

/// Gives entries to nobody, idle for so long that anybody takes them. `ARGV`: the taker, nobody, the entries.
pub(super) static PUT_BACK: Script = Script::new(
    "
for i = 4, #ARGV do
  local taken = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if taken and taken[2] == ARGV[2] then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, ARGV[i],
      'IDLE', 2592000000, 'RETRYCOUNT', math.max(taken[4] - 1, 0), 'JUSTID')
  end
end
return redis.status_reply('OK')",
);

/// Forgets consumers that hold nothing. `ARGV`: the taker, and who holds what was put back.
pub(super) static LEAVE: Script = Script::new(
    "
for i = 2, 3 do
  if #redis.pcall('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[i]) == 0 then
    redis.pcall('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[i])
  end
end
return redis.status_reply('OK')",
);

/// Forgets consumers that hold nothing and have said nothing for `ARGV[2]` milliseconds: processes that were killed.
pub(super) static SWEEP: Script = Script::new(
    "
redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local about = {}
  for i = 1, #consumer, 2 do about[consumer[i]] = consumer[i + 1] end
  if about['pending'] == 0 and about['idle'] > tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], about['name'])
  end
end
return redis.status_reply('OK')",
);

/// Sends a dead letter once more: 1, 0 when there is none, nothing when the channel is full. `ARGV`: the letter, the
/// capacity.
pub(super) static REVIVE: Script = Script::new(
    "
local letter = redis.call('XRANGE', KEYS[3], ARGV[2], ARGV[2])[1]
if not letter then return 0 end
if redis.call('XLEN', KEYS[1]) + redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3]) then return false end
local fields = {}
for i = 1, #letter[2], 2 do fields[letter[2][i]] = letter[2][i + 1] end
redis.call('XADD', KEYS[1], '*', 'message', fields['message'] or '', 'id', fields['id'] or ARGV[2])
return redis.call('XDEL', KEYS[3], ARGV[2])",
);

/// Forgets a dead letter. `ARGV`: the letter.
pub(super) static FORGET: Script = Script::new(
    "
return redis.call('XDEL', KEYS[3], ARGV[2])",
);
