//! The deadlines of all connections, in one queue and one task.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
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
    /// Told when there is an alarm before all others.
    earlier: Notify,
    running: AtomicBool,
    /// Ends the task with the process's channels.
    over: CancellationToken,
}

/// One alarm that was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Alarm {
    at: Instant,
    address: usize,
}

impl Alarm {
    pub(crate) fn at(&self) -> Instant {
        self.at
    }
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
        Arc::new(Self { queue: Mutex::default(), earlier: Notify::new(), running: AtomicBool::new(false), over })
    }

    fn queue(&self) -> MutexGuard<'_, BTreeMap<Alarm, Weak<Connection>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes a connection at `at`, unless the alarm is cancelled before.
    pub(crate) fn set(self: &Arc<Self>, connection: &Arc<Connection>, at: Instant) -> Alarm {
        let alarm = Alarm { at, address: Arc::as_ptr(connection).addr() };
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
        alarm
    }

    /// Cancels an alarm, whether it has rung or not.
    pub(crate) fn cancel(&self, alarm: Alarm) {
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
        let mut queue = self.queue();
        let mut due = Vec::new();
        while let Some(first) = queue.first_entry()
            && first.key().at <= now
        {
            due.push(first.remove());
        }
        (due, queue.first_key_value().map(|(alarm, _)| alarm.at))
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
