//! The workers of one process, from their start to an orderly end.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    process::{ExitCode, Termination},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::future::join_all;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::{
    Retry, Worker, WorkerDeclaration, acknowledged,
    crew::{Crew, Ending, Options},
    once,
};
use crate::{
    channels::Channels,
    error::{Error, Result},
    layer::LayerError,
    serve::shutdown_signal,
};

/// Runs workers on `channels`: add them with [`consumer`](Workers::consumer), and then [`run`](Workers::run).
///
/// It may run beside a server in one process, or in any number of processes of its own.
///
/// ```no_run
/// # async fn example() -> consumer_runtime::Result {
/// # use std::time::Duration;
/// # use consumer_runtime::{Retry, prelude::*};
/// # #[consumer(channel = "thumbnails-generate", acknowledged)] struct Thumbnails {}
/// # #[consumer(worker)] impl Thumbnails {}
/// # #[consumer(channel = "mails")] struct Mails {}
/// # #[consumer(worker)] impl Mails {}
/// # let channels = Channels::memory();
/// let end = consumer_runtime::worker(channels)
///     .consumer(Thumbnails {})
///     .max_in_flight(2)
///     .retry(Retry::attempts(5).delays(Duration::from_secs(1), Duration::from_secs(60)))
///     .consumer(Mails {})
///     .run()
///     .await?;
/// if !end.is_clean() {
///     eprintln!("{} messages were given up", end.given_up());
/// }
/// # Ok(())
/// # }
/// ```
pub fn worker(channels: Channels) -> Workers {
    Workers {
        channels,
        defaults: Options { max_in_flight: 10, retry: None, lease: Duration::from_secs(60), every_process: false },
        crews: Vec::new(),
        patience: Duration::from_secs(20),
    }
}

type Running = Pin<Box<dyn Future<Output = usize> + Send>>;

/// One type of worker, before it starts.
struct Waiting {
    declaration: WorkerDeclaration,
    options: Options,
    start: Box<dyn FnOnce(Channels, Options, Ending) -> Result<Running> + Send>,
}

/// The workers of one process, before they run.
///
/// [`max_in_flight`](Self::max_in_flight), [`retry`](Self::retry), [`lease`](Self::lease) and
/// [`every_process`](Self::every_process) are about the consumer before them; before the first consumer, about all that
/// follow.
#[must_use = "workers do nothing before `run`"]
pub struct Workers {
    channels: Channels,
    defaults: Options,
    crews: Vec<Waiting>,
    patience: Duration,
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.crews.iter().map(|crew| crew.declaration.worker);
        f.debug_list().entries(names).finish()
    }
}

impl Workers {
    /// Adds a worker: one value, which all its messages share.
    pub fn consumer<W: Worker>(mut self, worker: W) -> Self {
        let start = |channels: Channels, options: Options, ending: Ending| start(worker, channels, options, ending);
        self.crews.push(Waiting { declaration: W::DECLARATION, options: self.defaults, start: Box::new(start) });
        self
    }

    fn options(&mut self) -> &mut Options {
        self.crews.last_mut().map_or(&mut self.defaults, |crew| &mut crew.options)
    }

    /// How many messages are handled at once. Default: 10. One at a time keeps their order, in one process.
    pub fn max_in_flight(mut self, most: usize) -> Self {
        self.options().max_in_flight = most;
        self
    }

    /// How often a message is tried. Default: once, and five times for an acknowledged worker.
    ///
    /// What a worker that is not acknowledged tries again waits in this process alone, and is lost with it.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.options().retry = Some(retry);
        self
    }

    /// After how long a message of an acknowledged channel is another's, when the process that has it says nothing any
    /// more: how long a crash holds messages up. It is renewed three times in that while, however long a handler runs.
    /// Default: 60 s.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.options().lease = lease;
        self
    }

    /// Accepts a layer on which every process gets each message, such as
    #[cfg_attr(feature = "redis", doc = "[`RedisPubSubLayer`](crate::RedisPubSubLayer),")]
    #[cfg_attr(not(feature = "redis"), doc = "`RedisPubSubLayer`,")]
    /// for what each process has to do, like forgetting what it has cached.
    pub fn every_process(mut self) -> Self {
        self.options().every_process = true;
        self
    }

    /// How long handlers may take to finish once the process is to end. Default: 20 s.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Works until the process is asked to end, by Ctrl-C or SIGTERM, and as [`run_until`](Self::run_until) then.
    ///
    /// # Errors
    /// As [`run_until`](Self::run_until).
    pub async fn run(self) -> Result<WorkersEnd> {
        self.run_until(shutdown_signal()).await
    }

    /// Works until `shutdown` is done. Then no more messages are taken, what was fetched and not begun is given back, and
    /// handlers finish, for as long as the [`patience`](Self::patience) lasts; what is left then is given up: lost, or
    /// another worker's when it is acknowledged.
    ///
    /// # Errors
    /// At the start: two workers with one channel, a layer without acknowledged channels for a worker that needs one, a
    /// layer on which every process gets each message, or a [`max_in_flight`](Self::max_in_flight) or a
    /// [`lease`](Self::lease) of zero. Never afterwards: a layer that goes away is asked again until it is back.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) -> Result<WorkersEnd> {
        self.check()?;
        let ending = Ending::default();
        // Who drops this future ends its workers, too.
        let _stop = (ending.stopping.clone().drop_guard(), ending.give_up.clone().drop_guard());
        let mut running = Vec::new();
        for crew in self.crews {
            running.push(tokio::spawn((crew.start)(self.channels.clone(), crew.options, ending.clone())?));
        }
        shutdown.await;
        ending.stopping.cancel();
        tracing::info!("workers take no more messages");
        let mut all = std::pin::pin!(join_all(running));
        let ended = match tokio::time::timeout(self.patience, &mut all).await {
            Ok(ended) => ended,
            Err(_) => {
                tracing::warn!("workers took longer than their patience; what is left is given up");
                ending.give_up.cancel();
                all.await
            }
        };
        let mut end = WorkersEnd::default();
        for ended in ended {
            end.given_up += ended.map_err(|error| Error::msg(format!("a worker's task ended badly: {error}")))?;
        }
        Ok(end)
    }

    fn check(&self) -> Result {
        for (at, Waiting { declaration, options, .. }) in self.crews.iter().enumerate() {
            let WorkerDeclaration { worker, channel, acknowledged } = declaration;
            let same = |other: &&Waiting| other.declaration.channel == *channel;
            if let Some(other) = self.crews[..at].iter().find(same) {
                let other = other.declaration.worker;
                return Err(Error::msg(format!(
                    "`{worker}` and `{other}` both take their events from \"{channel}\", so each would take the other's; give them two channels, or one `impl` with all handlers"
                )));
            }
            if options.max_in_flight == 0 || options.max_in_flight > Semaphore::MAX_PERMITS {
                return Err(Error::msg(format!(
                    "`max_in_flight` of `{worker}` is {}; it is 1 at least",
                    options.max_in_flight
                )));
            }
            if options.lease < Duration::from_millis(10) {
                return Err(Error::msg(format!("`lease` of `{worker}` is {:?}; it is 10 ms at least", options.lease)));
            }
            let layer = self.channels.layer();
            if *acknowledged && layer.work().is_none() {
                return Err(LayerError::NoWork { channel: declaration.channel_name()? }.into());
            }
            if !acknowledged && !layer.one_receives() && !options.every_process {
                return Err(Error::msg(format!(
                    "on this layer every process gets each message of \"{channel}\", so `{worker}` would do all work once in each; take `RedisLayer`, or say that this is meant by `.every_process()`"
                )));
            }
        }
        Ok(())
    }
}

fn start<W: Worker>(worker: W, channels: Channels, options: Options, ending: Ending) -> Result<Running> {
    let declaration = W::DECLARATION;
    let default = if declaration.acknowledged { Retry::attempts(5) } else { Retry::never() };
    let crew = Arc::new(Crew {
        worker,
        channels,
        channel: declaration.channel_name()?,
        retry: options.retry.unwrap_or(default),
        options,
        ending,
        permits: Arc::new(Semaphore::new(options.max_in_flight)),
        tasks: TaskTracker::new(),
        given_up: AtomicUsize::new(0),
    });
    Ok(Box::pin(async move {
        match declaration.acknowledged {
            true => acknowledged::run(Arc::clone(&crew)).await,
            false => once::run(Arc::clone(&crew)).await,
        }
        crew.given_up.load(Ordering::Relaxed)
    }))
}

/// How workers ended.
///
/// As what `main` returns, it is a failure when messages were given up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use = "it says whether messages were given up"]
pub struct WorkersEnd {
    given_up: usize,
}

impl WorkersEnd {
    /// Whether every message that was begun was also finished.
    pub fn is_clean(&self) -> bool {
        self.given_up == 0
    }

    /// How many messages were given up, since their handlers took longer than the patience.
    pub fn given_up(&self) -> usize {
        self.given_up
    }
}

impl Termination for WorkersEnd {
    fn report(self) -> ExitCode {
        if self.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
