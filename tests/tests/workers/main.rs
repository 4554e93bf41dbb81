//! Workers: who handles what, how often, and what is left when one fails, stops or is killed.

mod acknowledged;
mod asking;
mod crash;
mod django;
mod once;
mod refusing;
mod stopping;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use consumer_runtime::{Format, MemoryLayer, RedisLayer, RedisOptions, Workers, WorkersEnd, prelude::*};
use tests::{RedisServer, eventually, soon};
use tokio::sync::Notify;

/// What the workers of these tests do: count, fail, panic or wait, as they are told.
#[event("job.do")]
struct Do {
    number: usize,
    how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
enum How {
    Well,
    /// Fails so many times, and then goes well.
    Badly(u32),
    Panics,
    /// Waits until the gate is opened.
    Waits,
}

#[event("job.double", answer = usize)]
struct Double {
    number: usize,
}

/// An event of the wire that no worker here handles.
#[event("job.other")]
struct Other {}

type Done = (usize, u32, Option<String>);

/// What both kinds of workers share.
#[derive(Clone, Debug, Default)]
struct Desk {
    /// The number of each job that was done, its attempt and its id.
    done: Arc<Mutex<Vec<Done>>>,
    begun: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    now: Arc<AtomicUsize>,
    gate: Arc<Notify>,
}

impl Desk {
    async fn work<W>(&self, job: &Do, context: &WorkerContext<W>) -> Result {
        self.begun.fetch_add(1, Ordering::SeqCst);
        match job.how {
            How::Well => tokio::task::yield_now().await,
            How::Badly(times) if context.attempt() <= times => return Err(Error::msg(format!("no {}", job.number))),
            How::Badly(_) => {}
            How::Panics => panic!("job {} is too much", job.number),
            How::Waits => {
                let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
                self.most.fetch_max(now, Ordering::SeqCst);
                self.gate.notified().await;
                self.now.fetch_sub(1, Ordering::SeqCst);
            }
        }
        let id = context.message_id().map(str::to_owned);
        self.done.lock().unwrap().push((job.number, context.attempt(), id));
        Ok(())
    }

    fn numbers(&self) -> Vec<usize> {
        let mut numbers: Vec<_> = self.done.lock().unwrap().iter().map(|(number, ..)| *number).collect();
        numbers.sort_unstable();
        numbers
    }

    fn count(&self) -> usize {
        self.done.lock().unwrap().len()
    }

    async fn has_done(&self, count: usize) {
        eventually(&format!("{count} jobs are done"), || self.count() >= count).await;
    }

    async fn has_begun(&self, count: usize) {
        eventually(&format!("{count} attempts are begun"), || self.begun.load(Ordering::SeqCst) >= count).await;
    }
}

#[consumer(channel = "jobs")]
struct Once {
    desk: Desk,
}

#[consumer(worker)]
impl Once {
    #[event("job.do")]
    async fn work(&self, job: &Do, context: &mut WorkerContext<Self>) -> Result {
        self.desk.work(job, context).await
    }

    #[event("job.double")]
    async fn double(job: &Double) -> usize {
        job.number * 2
    }
}

#[consumer(channel = "safe-jobs", acknowledged)]
struct Safe {
    desk: Desk,
}

#[consumer(worker)]
impl Safe {
    #[event("job.do")]
    async fn work(&self, job: &Do, context: &mut WorkerContext<Self>) -> Result {
        self.desk.work(job, context).await
    }

    #[event("job.double")]
    async fn double(&self, job: &Double, context: &mut WorkerContext<Self>) -> Result<usize> {
        if context.attempt() == 1 {
            return Err(Error::msg("once more"));
        }
        Ok(job.number * 2)
    }
}

fn job(number: usize, how: How) -> Do {
    Do { number, how }
}

/// Workers that run until they are told to stop.
struct Running {
    stop: Arc<Notify>,
    task: tokio::task::JoinHandle<Result<WorkersEnd>>,
}

impl Running {
    fn new(workers: Workers) -> Self {
        let stop = Arc::<Notify>::default();
        let stopped = Arc::clone(&stop);
        let task = tokio::spawn(workers.run_until(async move { stopped.notified().await }));
        Self { stop, task }
    }

    async fn stop(self) -> WorkersEnd {
        self.stop.notify_one();
        soon("workers end", self.task).await.unwrap().unwrap()
    }
}

fn options(servers: &[RedisServer]) -> RedisOptions {
    let mut options = RedisOptions::default();
    options.hosts = servers.iter().map(|server| server.url().into()).collect();
    options.serializer_format = Format::Msgpack;
    options
}

/// The channels of one more process.
async fn process(options: &RedisOptions) -> Channels {
    Channels::builder().layer(RedisLayer::connect(options).await.expect("the servers answer")).build()
}

fn processes_in_memory(count: usize) -> Vec<Channels> {
    let layer = MemoryLayer::new();
    (0..count).map(|_| Channels::builder().layer(layer.clone()).build()).collect()
}

/// Sends, and waits while the channel is full.
async fn send_patiently(channels: &Channels, number: usize) {
    while let Err(error) = Once::send(channels, job(number, How::Well)).await {
        assert!(error.to_string().contains("is full"), "{error}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
