//! A process that sends and receives through a channel layer, as it is told on stdin; its answers are JSON, line by line.
//!
//! ```text
//! cargo run --release -p benches --bin layer -- redis://localhost:6379
//! ```
//!
//! - `join 3`: joins the groups `bench_0` to `bench_2` with one channel, and hears what comes
//! - `send {"groups": 3, "in_flight": 1, "rate": null, "seconds": 1.0}`
//! - `count`, `heard`: how many messages came, and how many nanoseconds each took
//! - `say chat_lobby hello`: one message of the chat

use std::{
    io::{BufRead, Write},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use consumer_runtime::{Error, NatsLayer, NatsOptions, RedisLayer, RedisOptions, RedisPubSubLayer, prelude::*};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::JoinSet};

/// As long as the messages of the fan-out.
const TEXT: &str = "#00000000xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

/// What goes from process to process.
#[event("bench.tick")]
struct Tick {
    message: String,
    /// When it was sent, in nanoseconds since 1970.
    stamp: i64,
}

/// What is sent to, and joined by name.
#[group("bench_{number}", events(Tick))]
struct Bench {
    number: String,
}

/// What is to be sent.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Task {
    groups: usize,
    in_flight: usize,
    rate: Option<f64>,
    seconds: f64,
}

/// How many nanoseconds each message took.
type Heard = Arc<Mutex<Vec<i64>>>;

#[tokio::main]
async fn main() -> Result {
    let layer = std::env::args().nth(1).ok_or_else(|| Error::msg("which layer? As in `redis://localhost:6379`"))?;
    let channels = channels(&layer).await?;
    let heard = Heard::default();
    let mut lines = lines();
    answer("ready")?;
    while let Some(line) = lines.recv().await {
        let (what, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let told = match what {
            "join" => json!({"seconds": join(&channels, rest.parse()?, &heard).await?}),
            "send" => send(&channels, serde_json::from_str(rest)?).await?,
            "count" => json!({"count": all(&heard).len()}),
            "heard" => json!({"nanoseconds": std::mem::take(&mut *all(&heard))}),
            "say" => {
                let (group, message) = rest.split_once(' ').ok_or_else(|| Error::msg("say what?"))?;
                let message = json!({"type": "chat.message", "message": message});
                channels.untyped().group_send(group, message).await?;
                json!({})
            }
            unknown => return Err(Error::msg(format!("what is `{unknown}`?"))),
        };
        answer(&told.to_string())?;
    }
    Ok(())
}

/// The layer of this address, as `chat --layer` names it.
async fn channels(layer: &str) -> Result<Channels> {
    // What a channel holds is not what is measured: members of a group with shared handlers have no such bound.
    let builder = Channels::builder().capacity(1 << 20);
    Ok(match layer.split_once("://") {
        Some(("redis", _)) => builder.layer(RedisLayer::connect(&RedisOptions::url(layer)).await?).build(),
        Some(("redis+pubsub", server)) => {
            builder.layer(RedisPubSubLayer::connect(&RedisOptions::url(format!("redis://{server}"))).await?).build()
        }
        Some(("nats", _)) => builder.layer(NatsLayer::connect(&NatsOptions::url(layer)).await?).build(),
        _ => builder.build(),
    })
}

/// What is read from stdin, where a thread waits for it.
fn lines() -> mpsc::UnboundedReceiver<String> {
    let (tell, told) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        // Ends with stdin, or with the program.
        let _ = std::io::stdin().lock().lines().map_while(std::io::Result::ok).try_for_each(|line| tell.send(line));
    });
    told
}

fn answer(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as i64)
}

fn all(heard: &Heard) -> std::sync::MutexGuard<'_, Vec<i64>> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Joins so many groups with one channel, and answers how long it took; from then on all is heard.
async fn join(channels: &Channels, groups: usize, heard: &Heard) -> Result<f64> {
    let mut channel = channels.untyped().new_channel();
    let start = Instant::now();
    for number in 0..groups {
        channel.group_add(&format!("bench_{number}")).await?;
    }
    let seconds = start.elapsed().as_secs_f64();
    let heard = Arc::clone(heard);
    tokio::spawn(async move {
        loop {
            let message = channel.receive().await;
            let arrived = now();
            let stamp = message.to_value().ok().and_then(|value| value.get("stamp").and_then(Value::as_i64));
            // What has no stamp is shown as from 1970.
            all(&heard).push(arrived - stamp.unwrap_or(0));
        }
    });
    Ok(seconds)
}

/// Sends until the time is over, and answers how often.
async fn send(channels: &Channels, task: Task) -> Result<Value> {
    let (sent, failed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let start = Instant::now();
    let end = start + Duration::from_secs_f64(task.seconds);
    let mut senders = JoinSet::new();
    for _ in 0..task.in_flight {
        let (channels, sent, failed) = (channels.clone(), Arc::clone(&sent), Arc::clone(&failed));
        senders.spawn(async move {
            let mut ticks = task.rate.map(|rate| tokio::time::interval(Duration::from_secs_f64(1.0 / rate)));
            while Instant::now() < end {
                if let Some(ticks) = &mut ticks {
                    ticks.tick().await;
                }
                // By leaps, so that neighbours are no neighbours in memory.
                let number = sent.fetch_add(1, Ordering::Relaxed) * 7919 % task.groups;
                let tick = Tick { message: TEXT.into(), stamp: now() };
                if (Bench { number: number.to_string() }).send(&channels, tick).await.is_err() {
                    failed.fetch_add(1, Ordering::Relaxed);
                }
                // In memory a send waits for nothing, and who receives would never have a turn.
                tokio::task::yield_now().await;
            }
        });
    }
    while let Some(done) = senders.join_next().await {
        done?;
    }
    let (sent, failed) = (sent.load(Ordering::Relaxed), failed.load(Ordering::Relaxed));
    Ok(json!({"sent": sent - failed, "failed": failed, "seconds": start.elapsed().as_secs_f64()}))
}
