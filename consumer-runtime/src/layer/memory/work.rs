//! Acknowledged work in this process's memory.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use tokio::{sync::Notify, time::Instant};

use super::MemoryLayer;
use crate::{
    layer::{DeadLetter, Job, LayerError, LayerFuture, WorkQueue},
    message::Message,
    names::ChannelName,
};

/// How long a take waits before it gives nothing.
const WAIT: Duration = Duration::from_secs(1);

/// The acknowledged channels that were ever used.
#[derive(Default)]
pub(super) struct Work(Mutex<HashMap<ChannelName, Line>>);

#[derive(Default)]
struct Line {
    /// Names messages, takings and letters, in this order of time.
    last: u64,
    waiting: VecDeque<Entry>,
    taken: HashMap<String, Taken>,
    put_off: Vec<(Instant, Entry)>,
    dead: Vec<DeadLetter>,
    arrived: Arc<Notify>,
}

/// A message that is not done with.
struct Entry {
    id: String,
    attempts: u32,
    message: Message,
}

struct Taken {
    entry: Entry,
    taker: String,
    until: Instant,
    lease: Duration,
}

impl Line {
    fn name(&mut self) -> String {
        self.last += 1;
        self.last.to_string()
    }

    fn undone(&self) -> usize {
        self.waiting.len() + self.taken.len() + self.put_off.len()
    }

    /// Makes what is due wait again, and what was not renewed.
    fn refresh(&mut self, now: Instant) {
        let due: Vec<_> = self.put_off.extract_if(.., |(due, _)| *due <= now).map(|(_, entry)| entry).collect();
        self.waiting.extend(due);
        let mut over: Vec<_> = self.taken.extract_if(|_, taken| taken.until <= now).map(|(_, taken)| taken).collect();
        over.sort_by_key(|taken| std::cmp::Reverse(taken.until));
        // First of all, since it has waited longest.
        over.into_iter().for_each(|taken| self.waiting.push_front(taken.entry));
    }

    /// When there may be something without anybody saying so.
    fn next(&self) -> Option<Instant> {
        let put_off = self.put_off.iter().map(|(due, _)| *due);
        put_off.chain(self.taken.values().map(|taken| taken.until)).min()
    }

    fn take(&mut self, taker: &str, most: usize, lease: Duration, now: Instant) -> Vec<Job> {
        let mut jobs = Vec::new();
        while jobs.len() < most
            && let Some(mut entry) = self.waiting.pop_front()
        {
            entry.attempts += 1;
            let ticket = self.name();
            jobs.push(Job::new(ticket.clone(), entry.id.clone(), entry.attempts, Ok(entry.message.clone())));
            self.taken.insert(ticket, Taken { entry, taker: taker.to_owned(), until: now + lease, lease });
        }
        if !self.waiting.is_empty() {
            self.arrived.notify_one();
        }
        jobs
    }

    fn release(&mut self, taker: &str, ticket: &str) -> Option<Entry> {
        self.taken.get(ticket).filter(|taken| taken.taker == taker)?;
        self.taken.remove(ticket).map(|taken| taken.entry)
    }
}

impl MemoryLayer {
    fn lines(&self) -> MutexGuard<'_, HashMap<ChannelName, Line>> {
        self.0.work.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn on_line<T>(&self, channel: &ChannelName, change: impl FnOnce(&mut Line) -> T) -> LayerFuture<T> {
        LayerFuture::ready(Ok(change(self.lines().entry(channel.clone()).or_default())))
    }

    fn push(&self, channel: ChannelName, entry: impl FnOnce(&mut Line) -> Option<Entry>) -> Result<bool, LayerError> {
        let mut lines = self.lines();
        let line = lines.entry(channel.clone()).or_default();
        if line.undone() >= self.0.work_capacity {
            drop(lines);
            self.count(0, true);
            return Err(LayerError::ChannelFull { channel });
        }
        let Some(entry) = entry(line) else { return Ok(false) };
        line.waiting.push_back(entry);
        line.arrived.notify_one();
        Ok(true)
    }
}

impl WorkQueue for MemoryLayer {
    fn put(&self, channel: ChannelName, message: Message) -> LayerFuture {
        let put = self.push(channel, |line| Some(Entry { id: line.name(), attempts: 0, message }));
        LayerFuture::ready(put.map(drop))
    }

    fn take(&self, channel: ChannelName, taker: String, most: usize, lease: Duration) -> LayerFuture<Vec<Job>> {
        let layer = self.clone();
        LayerFuture::boxed(async move {
            let over = Instant::now() + WAIT;
            loop {
                let now = Instant::now();
                let (jobs, next, arrived) = {
                    let mut lines = layer.lines();
                    let line = lines.entry(channel.clone()).or_default();
                    line.refresh(now);
                    (line.take(&taker, most, lease, now), line.next(), Arc::clone(&line.arrived))
                };
                if !jobs.is_empty() || now >= over {
                    return Ok(jobs);
                }
                let until = next.map_or(over, |next| next.min(over));
                // What arrived in between has left its permit.
                let _ = tokio::time::timeout_at(until, arrived.notified()).await;
            }
        })
    }

    fn renew(&self, channel: ChannelName, taker: String, tickets: Vec<String>) -> LayerFuture<Vec<String>> {
        self.on_line(&channel, |line| {
            let now = Instant::now();
            let mut lost = Vec::new();
            for ticket in tickets {
                match line.taken.get_mut(&ticket).filter(|taken| taken.taker == taker) {
                    Some(taken) => taken.until = now + taken.lease,
                    None => lost.push(ticket),
                }
            }
            lost
        })
    }

    fn finish(&self, channel: ChannelName, ticket: String) -> LayerFuture<bool> {
        self.on_line(&channel, |line| line.taken.remove(&ticket).is_some())
    }

    fn put_off(
        &self,
        channel: ChannelName,
        taker: String,
        ticket: String,
        _: String,
        after: Duration,
    ) -> LayerFuture<bool> {
        self.on_line(&channel, |line| {
            let Some(entry) = line.release(&taker, &ticket) else { return false };
            line.put_off.push((Instant::now() + after, entry));
            line.arrived.notify_one();
            true
        })
    }

    fn bury(&self, channel: ChannelName, taker: String, ticket: String, error: String) -> LayerFuture<bool> {
        self.on_line(&channel, |line| {
            let Some(Entry { id, attempts, message }) = line.release(&taker, &ticket) else { return false };
            let letter = line.name();
            line.dead.push(DeadLetter::new(letter, id, attempts, error, SystemTime::now(), Ok(message)));
            true
        })
    }

    fn put_back(&self, channel: ChannelName, taker: String, tickets: Vec<String>) -> LayerFuture {
        self.on_line(&channel, |line| {
            for ticket in tickets.iter().rev() {
                let Some(mut entry) = line.release(&taker, ticket) else { continue };
                entry.attempts -= 1;
                line.waiting.push_front(entry);
            }
            line.arrived.notify_one();
        })
    }

    fn leave(&self, _: ChannelName, _: String) -> LayerFuture {
        LayerFuture::ready(Ok(()))
    }

    fn dead(&self, channel: ChannelName, after: Option<String>, most: usize) -> LayerFuture<Vec<DeadLetter>> {
        self.on_line(&channel, |line| {
            let number = |name: &str| name.parse().unwrap_or(0_u64);
            let after = after.as_deref().map_or(0, number);
            line.dead.iter().filter(|dead| number(&dead.letter) > after).take(most).cloned().collect()
        })
    }

    fn revive(&self, channel: ChannelName, letter: String) -> LayerFuture<bool> {
        LayerFuture::ready(self.push(channel, |line| {
            let at = line.dead.iter().position(|dead| dead.letter == letter)?;
            let DeadLetter { id, message, .. } = line.dead.remove(at);
            Some(Entry { id, attempts: 0, message: message.ok()? })
        }))
    }

    fn forget(&self, channel: ChannelName, letter: String) -> LayerFuture<bool> {
        self.on_line(&channel, |line| {
            let before = line.dead.len();
            line.dead.retain(|dead| dead.letter != letter);
            line.dead.len() < before
        })
    }
}
