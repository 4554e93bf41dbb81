//! The deadlines of all connections, in one queue and one task.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::Notify,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use crate::connection::Connection;

/// When connections want to be woken. A few words for each, and one timer for all.
#[derive(Debug)]
pub(crate) struct Alarms {
    /// By time, and by address where several have the same.
    queue: Mutex<BTreeMap<Alarm, Weak<Connection>>>,
    /// From when the times in there count.
    since: OnceLock<Instant>,
    /// Told when there is an alarm before all others.
    earlier: Notify,
    running: AtomicBool,
    /// Ends the task with the process's channels.
    over: CancellationToken,
}

/// One alarm that was set: milliseconds since the first one, and the address of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Alarm {
    at: u64,
    address: usize,
}

/// Says that nobody waits for alarms any more, however the task ends.
struct Running(Arc<Alarms>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.store(false, Ordering::Release);
    }
}

impl Alarms {
    pub(super) fn new(over: CancellationToken) -> Arc<Self> {
        Arc::new(Self {
            queue: Mutex::default(),
            since: OnceLock::new(),
            earlier: Notify::new(),
            running: AtomicBool::new(false),
            over,
        })
    }

    fn queue(&self) -> MutexGuard<'_, BTreeMap<Alarm, Weak<Connection>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first millisecond at which `at` has come.
    fn alarm(&self, connection: &Connection, at: Instant) -> Alarm {
        let passed = at.saturating_duration_since(*self.since.get_or_init(Instant::now));
        let at = u64::try_from(passed.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
        Alarm { at, address: std::ptr::from_ref(connection).addr() }
    }

    /// Wakes a connection at `at`, or within a millisecond after, unless the alarm is cancelled before.
    pub(crate) fn set(self: &Arc<Self>, connection: &Arc<Connection>, at: Instant) {
        let alarm = self.alarm(connection, at);
        let mut queue = self.queue();
        let earlier = queue.first_key_value().is_none_or(|(first, _)| alarm < *first);
        queue.insert(alarm, Arc::downgrade(connection));
        drop(queue);
        if earlier {
            self.earlier.notify_one();
        }
        if !self.running.load(Ordering::Acquire) {
            self.start();
        }
    }

    /// Cancels an alarm, whether it has rung or not.
    pub(crate) fn cancel(&self, connection: &Connection, at: Instant) {
        let alarm = self.alarm(connection, at);
        self.queue().remove(&alarm);
    }

    fn start(self: &Arc<Self>) {
        let Ok(runtime) = Handle::try_current() else { return };
        if !self.running.swap(true, Ordering::AcqRel) {
            let running = Running(Arc::clone(self));
            runtime.spawn(async move {
                let alarms = &running.0;
                alarms.over.run_until_cancelled(alarms.ring()).await;
            });
        }
    }

    /// The alarms that are to ring, and when the next one is.
    fn take_due(&self, now: Instant) -> (Vec<Weak<Connection>>, Option<Instant>) {
        let since = *self.since.get_or_init(Instant::now);
        let passed = u64::try_from(now.saturating_duration_since(since).as_millis()).unwrap_or(u64::MAX);
        let mut queue = self.queue();
        let mut due = Vec::new();
        while let Some(first) = queue.first_entry()
            && first.key().at <= passed
        {
            due.push(first.remove());
        }
        (due, queue.first_key_value().map(|(alarm, _)| since + Duration::from_millis(alarm.at)))
    }

    async fn ring(&self) {
        loop {
            let (due, next) = self.take_due(Instant::now());
            for connection in due.iter().filter_map(Weak::upgrade) {
                connection.ring();
            }
            let next = async {
                match next {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = next => {}
                () = self.earlier.notified() => {}
            }
        }
    }
}
