//! The tasks that serve large groups and write to sockets on behalf of senders.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    runtime::Handle,
    sync::{Notify, oneshot},
    task::yield_now,
};
use tokio_util::sync::CancellationToken;

use super::{
    asks::Asks,
    group::{Group, SLICE},
};
use crate::connection::{Connection, Nudge};

/// From so many sockets on, what else is about to be sent is waited for, one turn of the runtime long, so that it leaves
/// with the same writes.
const WORTH_A_TURN: usize = 16;

/// What is left to do for one connection when something was put into its queues.
#[derive(Debug)]
pub(crate) struct Errand {
    connection: Arc<Connection>,
    nudge: Nudge,
}

impl Errand {
    pub(super) fn new(connection: &Arc<Connection>, nudge: Nudge) -> Self {
        Self { connection: Arc::clone(connection), nudge }
    }

    pub(super) fn run(self) {
        self.connection.give(self.nudge);
    }

    fn writes(&self) -> bool {
        self.nudge == Nudge::Flush
    }
}

/// Something that the flusher does in one go.
#[derive(Debug)]
pub(super) enum Job {
    /// Write to these sockets.
    Errands(Vec<Errand>),
    /// Serve the next members of a group.
    Slice(Arc<Group>),
    /// Tell a sender that the jobs before this one have begun.
    Tell(oneshot::Sender<()>),
}

/// The flusher of one process: a task per thread of its runtime, and the jobs that they share.
///
/// A group comes to the end of the line after each slice, so a large one holds up nobody, and several threads may write
/// to members of one group at once: the order of what a connection gets is fixed before.
#[derive(Debug)]
pub(crate) struct Flusher {
    jobs: Mutex<VecDeque<Job>>,
    arrived: Notify,
    /// How many tasks there are; none before the first job, and none when their runtime has ended.
    tasks: AtomicUsize,
    asks: Arc<Asks>,
    /// Ends the tasks with the process's channels.
    over: CancellationToken,
}

/// Counts a task out, however it ends.
struct Working(Arc<Flusher>);

impl Drop for Working {
    fn drop(&mut self) {
        if self.0.tasks.fetch_sub(1, Ordering::AcqRel) == 1 && !std::thread::panicking() {
            // Their runtime ends. Whoever pushed the jobs that are left saw this task, and started no other.
            self.0.run_all();
        }
    }
}

impl Flusher {
    pub(super) fn new(asks: Arc<Asks>, over: CancellationToken) -> Arc<Self> {
        Arc::new(Self { jobs: Mutex::default(), arrived: Notify::new(), tasks: AtomicUsize::new(0), asks, over })
    }

    fn jobs(&self) -> MutexGuard<'_, VecDeque<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes who is to be woken at once, and writes soon.
    pub(super) fn run_or_push(self: &Arc<Self>, errands: Vec<Errand>) {
        let (writes, wakes): (Vec<_>, Vec<_>) = errands.into_iter().partition(Errand::writes);
        wakes.into_iter().for_each(Errand::run);
        if !writes.is_empty() {
            self.push(Job::Errands(writes));
        }
    }

    pub(super) fn push(self: &Arc<Self>, job: Job) {
        self.jobs().push_back(job);
        if self.tasks.load(Ordering::Acquire) == 0 && !self.start() {
            // No runtime, so nobody else would ever do it.
            return self.run_all();
        }
        self.arrived.notify_one();
    }

    /// What a sender waits for that is ahead of the writes: done when the jobs that are there now have begun.
    pub(super) fn turn(self: &Arc<Self>) -> oneshot::Receiver<()> {
        let (tell, told) = oneshot::channel();
        self.push(Job::Tell(tell));
        told
    }

    fn run_all(self: &Arc<Self>) {
        while let Some(job) = self.next() {
            self.run(job);
        }
    }

    /// Starts the tasks; false when there is no runtime to run them.
    fn start(self: &Arc<Self>) -> bool {
        let Ok(runtime) = Handle::try_current() else { return false };
        let tasks = runtime.metrics().num_workers().max(1);
        if self.tasks.compare_exchange(0, tasks, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            for _ in 0..tasks {
                let working = Working(Arc::clone(self));
                runtime.spawn(async move {
                    let flusher = &working.0;
                    flusher.over.run_until_cancelled(flusher.work()).await;
                });
            }
        }
        true
    }

    async fn work(self: &Arc<Self>) {
        loop {
            let mut served = 0;
            while let Some(job) = self.next() {
                served += self.run(job);
                if served >= SLICE {
                    served = 0;
                    yield_now().await;
                }
            }
            self.arrived.notified().await;
            if self.is_worth_a_turn() {
                yield_now().await;
            }
        }
    }

    fn next(&self) -> Option<Job> {
        self.jobs().pop_front()
    }

    fn is_worth_a_turn(&self) -> bool {
        match self.jobs().front() {
            Some(Job::Errands(errands)) => errands.len() >= WORTH_A_TURN,
            Some(Job::Slice(_)) => true,
            Some(Job::Tell(_)) | None => false,
        }
    }

    /// Does a job, and says for how many connections that was.
    fn run(self: &Arc<Self>, job: Job) -> usize {
        let errands = match job {
            Job::Errands(errands) => errands,
            Job::Slice(group) => {
                let (errands, more) = group.serve_slice(&self.asks);
                if more {
                    // Before the writes, so that another thread may serve the next slice meanwhile.
                    self.jobs().push_back(Job::Slice(group));
                    self.arrived.notify_one();
                }
                errands
            }
            Job::Tell(tell) => {
                // A sender that was dropped waits for nothing.
                let _ = tell.send(());
                Vec::new()
            }
        };
        let count = errands.len();
        errands.into_iter().for_each(Errand::run);
        count.max(1)
    }
}
