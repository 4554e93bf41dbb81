//! The floor under every Redis layer: the commands that a layer cannot do without, on bare sockets, and nothing else. No
//! runtime, no MessagePack, no names, no capacity of its own; sends that are under way at once share their writes.
//!
//! ```text
//! redis-floor redis://127.0.0.1:6379             # stored: a lookup of the group, then a script that stores
//! redis-floor redis+pubsub://127.0.0.1:6379      # published
//! ```
//!
//! The commands on stdin, and the answers, are those of `benches/src/bin/layer.rs`.

mod resp;

use std::{
    error::Error,
    io::{BufRead, Write},
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use resp::{Connection, Reply};
use serde::Deserialize;
use serde_json::{Value, json};

/// As much as a layer stores for a message of 64 bytes.
const BODY: usize = 128;

/// What a queue holds at most, in channels_redis by default.
const CAPACITY: &str = "100";

/// What has to happen for each queue: the old is dropped, the full is left alone, the rest lives for a minute.
const PUT: &str = "
for i, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, 0, ARGV[3])
  if redis.call('ZCARD', key) < tonumber(ARGV[4]) then
    redis.call('ZADD', key, ARGV[2], ARGV[1])
    redis.call('EXPIRE', key, 60)
  end
end
return 0";

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How many nanoseconds each message took.
type Heard = Arc<Mutex<Vec<i64>>>;

#[derive(Deserialize)]
struct Task {
    groups: usize,
    in_flight: usize,
    rate: Option<f64>,
    seconds: f64,
}

/// Where the server is, and which of its ways is taken.
#[derive(Clone, Copy)]
struct Floor {
    address: SocketAddr,
    publishes: bool,
}

fn main() -> Result<()> {
    let layer = std::env::args().nth(1).ok_or("which server? As in `redis://127.0.0.1:6379`")?;
    let (scheme, address) = layer.split_once("://").ok_or("a server is as in `redis://127.0.0.1:6379`")?;
    let floor = Floor { address: address.parse()?, publishes: scheme == "redis+pubsub" };
    let mut commands = Connection::open(floor.address)?;
    commands.push(&[b"SCRIPT", b"LOAD", PUT.as_bytes()]);
    let script = commands.ask()?.pop().and_then(Reply::bytes).ok_or("the script cannot be loaded")?;
    let heard = Heard::default();
    answer("ready")?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (what, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let told = match what {
            "join" => json!({"seconds": floor.join(rest.parse()?, &heard)?}),
            "send" => floor.send(&mut commands, &script, &serde_json::from_str(rest)?)?,
            "count" => json!({"count": all(&heard).len()}),
            "heard" => json!({"nanoseconds": std::mem::take(&mut *all(&heard))}),
            unknown => return Err(format!("what is `{unknown}`?").into()),
        };
        answer(&told.to_string())?;
    }
    Ok(())
}

fn answer(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn all(heard: &Heard) -> std::sync::MutexGuard<'_, Vec<i64>> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as i64)
}

fn group(number: usize) -> Vec<u8> {
    format!("floor:group:{number}").into_bytes()
}

/// A message: when it was sent, and a number, without which two of one moment would be one.
fn body(number: usize) -> Vec<u8> {
    let mut body = [now().to_be_bytes(), (number as u64).to_be_bytes()].concat();
    body.resize(BODY, b'x');
    body
}

fn hear(body: &[u8], heard: &Heard) {
    let arrived = now();
    if let Some(stamp) = body.first_chunk() {
        all(heard).push(arrived - i64::from_be_bytes(*stamp));
    }
}

impl Floor {
    /// Joins so many groups one after the other; from then on a thread hears what comes.
    fn join(self, groups: usize, heard: &Heard) -> Result<f64> {
        let (mut connection, heard) = (Connection::open(self.address)?, Arc::clone(heard));
        let queue = format!("floor:queue:{}", std::process::id()).into_bytes();
        let start = Instant::now();
        for number in 0..groups {
            if self.publishes {
                connection.push(&[b"SUBSCRIBE", &group(number)]);
            } else {
                let time = (now() / 1_000_000_000).to_string();
                connection.push(&[b"ZADD", &group(number), time.as_bytes(), &queue]);
                connection.push(&[b"EXPIRE", &group(number), b"86400"]);
            }
            connection.ask()?;
        }
        let seconds = start.elapsed().as_secs_f64();
        thread::spawn(move || {
            let ended = if self.publishes { listen(connection, &heard) } else { fetch(connection, &queue, &heard) };
            if let Err(error) = ended {
                eprintln!("{error}");
            }
        });
        Ok(seconds)
    }

    /// Sends until the time is over, and answers how often.
    fn send(self, commands: &mut Connection, script: &[u8], task: &Task) -> Result<Value> {
        let start = Instant::now();
        let mut sent = 0;
        while start.elapsed().as_secs_f64() < task.seconds {
            if let Some(rate) = task.rate {
                let due = Duration::from_secs_f64(sent as f64 / rate);
                thread::sleep(due.saturating_sub(start.elapsed()));
            }
            let groups: Vec<_> =
                (sent..sent + task.in_flight).map(|number| group(number * 7919 % task.groups)).collect();
            let bodies: Vec<_> = (sent..sent + task.in_flight).map(body).collect();
            if self.publishes {
                for (group, body) in groups.iter().zip(&bodies) {
                    commands.push(&[b"PUBLISH", group, body]);
                }
                commands.ask()?;
            } else {
                store(commands, script, &groups, &bodies)?;
            }
            sent += task.in_flight;
        }
        Ok(json!({"sent": sent, "failed": 0, "seconds": start.elapsed().as_secs_f64()}))
    }
}

/// Looks up who is in the groups, and puts a message into the queue of each.
fn store(commands: &mut Connection, script: &[u8], groups: &[Vec<u8>], bodies: &[Vec<u8>]) -> Result<()> {
    for group in groups {
        commands.push(&[b"ZREMRANGEBYSCORE", group, b"0", b"1"]);
        commands.push(&[b"ZRANGE", group, b"0", b"-1"]);
    }
    let members: Vec<_> = commands.ask()?.into_iter().filter_map(Reply::list).collect();
    let time = now() as f64 / 1e9;
    let (score, old) = (time.to_string(), (time - 60.0).to_string());
    for (members, body) in members.into_iter().zip(bodies) {
        let count = members.len().to_string();
        let queues: Vec<_> = members.into_iter().filter_map(Reply::bytes).collect();
        let mut words: Vec<&[u8]> = vec![b"EVALSHA", script, count.as_bytes()];
        words.extend(queues.iter().map(Vec::as_slice));
        words.extend([body.as_slice(), score.as_bytes(), old.as_bytes(), CAPACITY.as_bytes()]);
        commands.push(&words);
    }
    commands.ask().map(drop)
}

/// Fetches what is stored, for as long as the process lives.
fn fetch(mut connection: Connection, queue: &[u8], heard: &Heard) -> Result<()> {
    loop {
        connection.push(&[b"BZPOPMIN", queue, b"2"]);
        let first = connection.ask()?.pop().and_then(Reply::list);
        let Some(first) = first else { continue };
        // The queue, the message, its score.
        if let Some(body) = first.into_iter().nth(1).and_then(Reply::bytes) {
            hear(&body, heard);
        }
        loop {
            connection.push(&[b"ZPOPMIN", queue, b"64"]);
            let more = connection.ask()?.pop().and_then(Reply::list).unwrap_or_default();
            let is_all = more.len() < 2 * 64;
            more.into_iter().step_by(2).filter_map(Reply::bytes).for_each(|body| hear(&body, heard));
            if is_all {
                break;
            }
        }
    }
}

/// Hears what is published, for as long as the process lives.
fn listen(mut connection: Connection, heard: &Heard) -> Result<()> {
    loop {
        // "message", the group, the message.
        let message = connection.read()?.list().unwrap_or_default();
        if let Some(body) = message.into_iter().nth(2).and_then(Reply::bytes) {
            hear(&body, heard);
        }
    }
}
