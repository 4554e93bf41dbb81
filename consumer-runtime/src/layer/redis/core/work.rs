//! Acknowledged work: a stream for each channel, with one consumer group.
//!
//! A channel is three keys on one server: the stream `asgi:work:NAME` with what is not done, the sorted set
//! `asgi:work:NAME:later` with what is put off, by the time when it is due, and the stream `asgi:work:NAME:dead`. An
//! entry's fields are `message`, the bytes that the layer writes, and once it was put off `id`, `attempts` and `error`.

mod scripts;
mod taking;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use redis::FromRedisValue;

use self::taking::Taking;
use super::{RedisLayer, Shared};
use crate::{
    layer::{
        DeadLetter, Job, LayerError, LayerFuture, WorkQueue,
        redis::{
            script::{Argument, Script},
            wire::Body,
        },
    },
    message::{Message, MessageError},
    names::ChannelName,
};

/// The one consumer group of a stream; processes are its consumers.
const GROUP: &str = "workers";

/// Who holds what was put back, until somebody takes it.
const NOBODY: &str = "nobody";

/// By channel and taker.
type Takings = HashMap<(ChannelName, String), Arc<tokio::sync::Mutex<Taking>>>;

/// What a layer keeps of its acknowledged channels.
pub(super) struct Work {
    body: Body,
    capacity: usize,
    /// Written by whoever takes or leaves.
    takings: Mutex<Takings>,
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

impl Work {
    pub(super) fn new(body: Body, capacity: usize) -> Self {
        Self { body, capacity, takings: Mutex::default() }
    }

    fn takings(&self) -> MutexGuard<'_, Takings> {
        self.takings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, fields: &Fields) -> Result<Message, MessageError> {
        let stored = fields.get("message").ok_or(MessageError::Malformed("it has no field `message`"))?;
        Ok(self.body.read(stored)?.message)
    }

    /// An entry that was taken for the `count`th time since it was put into the stream.
    fn job(&self, ticket: String, count: u32, fields: Vec<Vec<u8>>) -> Job {
        let fields = Fields(fields);
        let id = fields.text("id").unwrap_or_else(|| ticket.clone());
        let attempt = fields.number("attempts").saturating_add(count);
        Job::new(ticket, id, attempt, self.read(&fields))
    }

    fn letter(&self, letter: String, fields: Vec<Vec<u8>>) -> DeadLetter {
        let fields = Fields(fields);
        let milliseconds = letter.split('-').next().and_then(|time| time.parse().ok()).unwrap_or_default();
        let since = SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds);
        let id = fields.text("id").unwrap_or_else(|| letter.clone());
        let error = fields.text("error").unwrap_or_default();
        DeadLetter::new(letter, id, fields.number("attempts"), error, since, self.read(&fields))
    }
}

/// The fields of an entry, as Redis lists them: a name, its value, a name, ..
struct Fields(Vec<Vec<u8>>);

impl Fields {
    fn get(&self, name: &str) -> Option<&[u8]> {
        let found = self.0.chunks_exact(2).find(|field| field[0] == name.as_bytes())?;
        Some(&found[1])
    }

    fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| String::from_utf8_lossy(value).into_owned())
    }

    fn number(&self, name: &str) -> u32 {
        self.text(name).and_then(|text| text.parse().ok()).unwrap_or_default()
    }
}

impl Shared {
    /// Runs a script about a channel. What comes behind the consumer group in its `ARGV` are these.
    async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        channel: &ChannelName,
        arguments: &[Argument<'_>],
    ) -> Result<T, LayerError> {
        let key = self.keys.work(channel);
        let keys = [format!("{key}:later"), format!("{key}:dead")];
        let all: Vec<_> = [Argument::Bytes(GROUP.as_bytes())].iter().chain(arguments).copied().collect();
        script.run(self.server(channel.as_str()), &[&key, &keys[0], &keys[1]], &all).await
    }

    fn full(&self, channel: ChannelName) -> LayerError {
        if let Some(local) = self.local() {
            local.counters().channel_full();
        }
        LayerError::ChannelFull { channel }
    }
}

/// Texts as a script's arguments.
fn texts<'a>(texts: impl IntoIterator<Item = &'a String>) -> Vec<Argument<'a>> {
    texts.into_iter().map(|text| Argument::Bytes(text.as_bytes())).collect()
}

fn millis(time: Duration) -> Argument<'static> {
    Argument::Number(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

impl WorkQueue for RedisLayer {
    fn put(&self, channel: ChannelName, message: Message) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            let written = shared.work.body.write(&message, None)?;
            let arguments = [Argument::Number(shared.work.capacity as u64), Argument::Bytes(&written)];
            let id: Option<String> = shared.run(&scripts::PUT, &channel, &arguments).await?;
            id.map(drop).ok_or_else(|| shared.full(channel))
        })
    }

    fn take(&self, channel: ChannelName, taker: String, most: usize, lease: Duration) -> LayerFuture<Vec<Job>> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            let taking = Arc::clone(shared.work.takings().entry((channel.clone(), taker.clone())).or_default());
            let mut taking = taking.lock().await;
            taking.take(&shared, &channel, &taker, most, lease).await
        })
    }

    fn renew(&self, channel: ChannelName, taker: String, tickets: Vec<String>) -> LayerFuture<Vec<String>> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            shared.run(&scripts::RENEW, &channel, &texts([&taker].into_iter().chain(&tickets))).await
        })
    }

    fn finish(&self, channel: ChannelName, ticket: String) -> LayerFuture<bool> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move { shared.run(&scripts::FINISH, &channel, &texts([&ticket])).await })
    }

    fn put_off(
        &self,
        channel: ChannelName,
        taker: String,
        ticket: String,
        error: String,
        after: Duration,
    ) -> LayerFuture<bool> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            let mut arguments = texts([&taker, &ticket, &error]);
            arguments.push(millis(after));
            shared.run(&scripts::PUT_OFF, &channel, &arguments).await
        })
    }

    fn bury(&self, channel: ChannelName, taker: String, ticket: String, error: String) -> LayerFuture<bool> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move { shared.run(&scripts::BURY, &channel, &texts([&taker, &ticket, &error])).await })
    }

    fn put_back(&self, channel: ChannelName, taker: String, tickets: Vec<String>) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            let mut arguments = vec![Argument::Bytes(taker.as_bytes()), Argument::Bytes(NOBODY.as_bytes())];
            arguments.extend(texts(&tickets));
            shared.run(&scripts::PUT_BACK, &channel, &arguments).await
        })
    }

    fn leave(&self, channel: ChannelName, taker: String) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        shared.work.takings().remove(&(channel.clone(), taker.clone()));
        LayerFuture::boxed(async move {
            let arguments = [Argument::Bytes(taker.as_bytes()), Argument::Bytes(NOBODY.as_bytes())];
            shared.run(&scripts::LEAVE, &channel, &arguments).await
        })
    }

    fn dead(&self, channel: ChannelName, after: Option<String>, most: usize) -> LayerFuture<Vec<DeadLetter>> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            let mut command = redis::cmd("XRANGE");
            let from = after.map_or_else(|| "-".to_owned(), |after| format!("({after}"));
            command.arg(format!("{}:dead", shared.keys.work(&channel))).arg(from).arg("+").arg("COUNT").arg(most);
            let entries: Vec<(String, Vec<Vec<u8>>)> = shared.server(channel.as_str()).ask(&command).await?;
            Ok(entries.into_iter().map(|(letter, fields)| shared.work.letter(letter, fields)).collect())
        })
    }

    fn revive(&self, channel: ChannelName, letter: String) -> LayerFuture<bool> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            let arguments = [Argument::Bytes(letter.as_bytes()), Argument::Number(shared.work.capacity as u64)];
            let revived: Option<bool> = shared.run(&scripts::REVIVE, &channel, &arguments).await?;
            revived.ok_or_else(|| shared.full(channel))
        })
    }

    fn forget(&self, channel: ChannelName, letter: String) -> LayerFuture<bool> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move { shared.run(&scripts::FORGET, &channel, &texts([&letter])).await })
    }
}
