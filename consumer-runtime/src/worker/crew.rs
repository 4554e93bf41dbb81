//! One type of worker in one process: its value, and what all its messages share.

use std::{
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt;
use serde_json::value::RawValue;
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

use super::{Retry, Worker, WorkerContext};
use crate::{
    asking::NoAnswer,
    channels::{Channels, Said, fanout::panic_text},
    counters::Counters,
    message::Message,
    names::ChannelName,
    outcome::Outcome,
};

/// How a worker works.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    pub(super) max_in_flight: usize,
    pub(super) retry: Option<Retry>,
    pub(super) lease: Duration,
    pub(super) every_process: bool,
}

/// How the whole process comes to its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Ending {
    /// No more is taken.
    pub(super) stopping: CancellationToken,
    /// What still runs is given up.
    pub(super) give_up: CancellationToken,
}

pub(super) struct Crew<W> {
    pub(super) worker: W,
    pub(super) channels: Channels,
    pub(super) channel: ChannelName,
    pub(super) retry: Retry,
    pub(super) options: Options,
    pub(super) ending: Ending,
    /// One for each message that may be handled at once.
    pub(super) permits: Arc<Semaphore>,
    pub(super) tasks: TaskTracker,
    pub(super) given_up: AtomicUsize,
}

/// What became of one attempt.
pub(super) enum Tried {
    Done(Said),
    /// Another attempt may go well.
    Failed(String, Said),
    /// No attempt of this worker can.
    Hopeless(String, Said),
}

impl<W: Worker> Crew<W> {
    pub(super) fn counters(&self) -> &Counters {
        self.channels.local().counters()
    }

    pub(super) fn give_up(&self) {
        self.given_up.fetch_add(1, Ordering::Relaxed);
        self.counters().work_given_up();
    }

    /// Decodes the message and runs its handler.
    pub(super) async fn attempt(&self, message: &Message, attempt: u32, id: Option<String>) -> Tried {
        let event = match self.decode(message) {
            Ok(event) => event,
            Err(hopeless) => return hopeless,
        };
        let mut context = WorkerContext {
            channels: self.channels.clone(),
            channel: self.channel.clone(),
            message: message.clone(),
            id,
            attempt,
            attempts: self.retry.most(),
            stopping: self.ending.stopping.clone(),
            worker: PhantomData,
        };
        let name = W::DECLARATION.worker;
        let span =
            tracing::debug_span!("work", worker = name, channel = %self.channel, event = message.name(), attempt);
        let handling = W::handle(&self.worker, event, &mut context).instrument(span);
        match AssertUnwindSafe(handling).catch_unwind().await {
            Ok(Outcome::Done) => {
                self.counters().work_handled();
                Tried::Done(Ok(RawValue::NULL.to_owned()))
            }
            Ok(Outcome::Value(value)) => {
                self.counters().work_handled();
                Tried::Done(Ok(value))
            }
            Ok(Outcome::Failed(error)) => {
                self.counters().work_failed();
                tracing::warn!(worker = name, event = message.name(), attempt, %error, "a worker's handler failed");
                Tried::Failed(error.to_string(), Err(error.told().map_or(NoAnswer::Gone, NoAnswer::Error)))
            }
            Ok(Outcome::Unexpected) => Tried::Hopeless("no handler fits".into(), Err(NoAnswer::Unhandled)),
            Err(panic) => {
                self.counters().work_failed();
                self.counters().panicked();
                let error = format!("the handler panicked: {}", panic_text(&*panic));
                tracing::error!(worker = name, event = message.name(), attempt, %error, "a worker's handler panicked");
                Tried::Failed(error, Err(NoAnswer::Gone))
            }
        }
    }

    fn decode(&self, message: &Message) -> Result<W::Event, Tried> {
        let (name, event) = (W::DECLARATION.worker, message.name());
        match catch_unwind(AssertUnwindSafe(|| message.decode::<W::Event>())) {
            Ok(Some(Ok(decoded))) => Ok(decoded),
            Ok(Some(Err(error))) => {
                self.counters().undecodable(1);
                tracing::error!(worker = name, event, %error, "a message does not fit its handler's payload");
                Err(Tried::Hopeless(
                    format!("the message does not fit the payload of its handler: {error}"),
                    Err(NoAnswer::Unhandled),
                ))
            }
            Ok(None) => {
                self.counters().unhandled(1);
                if self.channels.local().first_time("unhandled", name, event) {
                    tracing::warn!(worker = name, event, "a worker has no handler for this event (logged once)");
                }
                Err(Tried::Hopeless(format!("`{name}` has no handler for event {event:?}"), Err(NoAnswer::Unhandled)))
            }
            Err(panic) => {
                self.counters().panicked();
                let error = format!("the payload panicked while it was read: {}", panic_text(&*panic));
                tracing::error!(worker = name, event, %error, "a payload panicked while it was read");
                Err(Tried::Hopeless(error, Err(NoAnswer::Unhandled)))
            }
        }
    }

    /// Tells whoever asked, if somebody did.
    pub(super) fn answer(&self, message: &Message, said: Said) {
        if let Some(owed) = self.channels.local().owed(&self.channel, message) {
            owed.pay(said);
        }
    }

    /// Waits a while, unless the end comes first; false then.
    pub(super) async fn pause(&self, pause: Duration) -> bool {
        self.ending.stopping.run_until_cancelled(tokio::time::sleep(pause)).await.is_some()
    }
}
