//! Messages that are handled at least once, since the layer keeps them until they are.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use super::{
    Worker,
    crew::{Crew, Ending, Tried},
};
use crate::layer::{Job, LayerError, LayerFuture, WorkQueue};

/// How many messages are taken at once.
const AT_ONCE: usize = 16;

/// How long to wait before a layer that is away is asked again; each time twice as long, up to the last.
const AWAY: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];

/// What this crew has taken from the layer.
struct Taker<W> {
    crew: Arc<Crew<W>>,
    name: String,
    /// The tickets of what is being handled, whose leases are renewed.
    held: Mutex<HashSet<String>>,
}

impl<W: Worker> Taker<W> {
    fn held(&self) -> MutexGuard<'_, HashSet<String>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the layer until it answers, or everything is given up.
    async fn insist<T: Unpin>(&self, what: &'static str, ask: impl Fn(&dyn WorkQueue) -> LayerFuture<T>) -> Option<T> {
        let queue = self.crew.channels.layer().work()?;
        let mut wait = AWAY[0];
        loop {
            let error = match ask(queue).await {
                Ok(answer) => return Some(answer),
                Err(error) => error,
            };
            tracing::warn!(worker = W::DECLARATION.worker, %error, "{what}; trying again");
            self.crew.ending.give_up.run_until_cancelled(tokio::time::sleep(wait)).await?;
            wait = (wait * 2).min(AWAY[1]);
        }
    }
}

/// Takes until the end, and waits for what it has begun.
pub(super) async fn run<W: Worker>(crew: Arc<Crew<W>>) {
    let taker = Arc::new(Taker { name: Uuid::new_v4().to_string(), held: Mutex::default(), crew });
    let crew = &taker.crew;
    let renewing = tokio::spawn(renew(Arc::clone(&taker)));
    take_all(&taker).await;
    crew.tasks.close();
    crew.tasks.wait().await;
    renewing.abort();
    let leaving = async {
        match crew.channels.layer().work() {
            Some(queue) => queue.leave(crew.channel.clone(), taker.name.clone()).await,
            None => Ok(()),
        }
    };
    // It has nothing left: whether it is forgotten now or later is no matter.
    if let Err(error) = leaving.await {
        tracing::debug!(worker = W::DECLARATION.worker, %error, "a worker could not take its leave");
    }
}

async fn take_all<W: Worker>(taker: &Arc<Taker<W>>) {
    let crew = &taker.crew;
    let Ending { stopping, give_up } = &crew.ending;
    let mut wait = AWAY[0];
    while let Some(Ok(permit)) = stopping.run_until_cancelled(Arc::clone(&crew.permits).acquire_owned()).await {
        let mut permits = vec![permit];
        while permits.len() < AT_ONCE
            && let Ok(permit) = Arc::clone(&crew.permits).try_acquire_owned()
        {
            permits.push(permit);
        }
        let Some(queue) = crew.channels.layer().work() else { return };
        let taking = queue.take(crew.channel.clone(), taker.name.clone(), permits.len(), crew.options.lease);
        // Not dropped when the end comes: what it brings is given back.
        let jobs = match give_up.run_until_cancelled(taking).await {
            Some(Ok(jobs)) => jobs,
            Some(Err(error)) => {
                tracing::error!(worker = W::DECLARATION.worker, %error, "a worker cannot take messages; trying again");
                crew.pause(wait).await;
                wait = (wait * 2).min(AWAY[1]);
                continue;
            }
            None => return,
        };
        wait = AWAY[0];
        if stopping.is_cancelled() {
            return put_back(taker, jobs.into_iter().map(|job| job.ticket).collect()).await;
        }
        for (job, permit) in jobs.into_iter().zip(permits) {
            begin(taker, job, permit);
        }
    }
}

fn begin<W: Worker>(taker: &Arc<Taker<W>>, job: Job, permit: OwnedSemaphorePermit) {
    if !taker.held().insert(job.ticket.clone()) {
        // Its lease was over, and it came back to who handles it still.
        return tracing::warn!(worker = W::DECLARATION.worker, id = job.id, "a lease was not renewed in time");
    }
    let working = Arc::clone(taker);
    taker.crew.tasks.spawn(async move {
        let ticket = job.ticket.clone();
        let crew = &working.crew;
        if crew.ending.give_up.run_until_cancelled(handle(&working, job)).await.is_none() {
            crew.give_up();
            put_back(&working, vec![ticket.clone()]).await;
        }
        working.held().remove(&ticket);
        drop(permit);
    });
}

/// One attempt, and what the layer is told of it.
async fn handle<W: Worker>(taker: &Taker<W>, job: Job) {
    let crew = &taker.crew;
    let Job { ticket, id, attempt, message } = job;
    let (channel, name) = (|| crew.channel.clone(), || taker.name.clone());
    let bury = async |error: String| {
        let buried = taker
            .insist("a dead letter cannot be put down", |queue| {
                queue.bury(channel(), name(), ticket.clone(), error.clone())
            })
            .await;
        if buried == Some(true) {
            crew.counters().work_dead();
            tracing::error!(worker = W::DECLARATION.worker, id, attempt, error, "a message is a dead letter now");
        }
    };
    let message = match message {
        Ok(message) => message,
        Err(error) => {
            crew.channels.local().unreadable(&error);
            return bury(error.to_string()).await;
        }
    };
    if attempt > crew.retry.most() {
        // The attempts before it ended with their processes.
        let error = format!("{} attempts ended with the process that made them", attempt - 1);
        bury(error).await;
        return crew.answer(&message, Err(crate::asking::NoAnswer::Gone));
    }
    match crew.attempt(&message, attempt, Some(id.clone())).await {
        Tried::Done(said) => {
            let done = taker.insist("a message that is done with cannot be finished", |queue| {
                queue.finish(channel(), ticket.clone())
            });
            done.await;
            crew.answer(&message, said);
        }
        Tried::Hopeless(error, said) => {
            bury(error).await;
            crew.answer(&message, said);
        }
        Tried::Failed(error, said) => match crew.retry.after(attempt) {
            Some(delay) => {
                let put_off = taker
                    .insist("a message cannot be put off", |queue| {
                        queue.put_off(channel(), name(), ticket.clone(), error.clone(), delay)
                    })
                    .await;
                if put_off == Some(true) {
                    crew.counters().work_retried();
                }
            }
            None => {
                bury(error).await;
                crew.answer(&message, said);
            }
        },
    }
}

/// Makes what was taken and not handled another's.
async fn put_back<W: Worker>(taker: &Taker<W>, tickets: Vec<String>) {
    let crew = &taker.crew;
    if tickets.is_empty() {
        return;
    }
    let Some(queue) = crew.channels.layer().work() else { return };
    if let Err(error) = queue.put_back(crew.channel.clone(), taker.name.clone(), tickets).await {
        tracing::warn!(worker = W::DECLARATION.worker, %error, "messages wait for their lease to end before others take them");
    }
}

/// Keeps what is being handled, for as long as the crew works.
async fn renew<W: Worker>(taker: Arc<Taker<W>>) {
    let crew = &taker.crew;
    loop {
        tokio::time::sleep(crew.options.lease / 3).await;
        let tickets: Vec<_> = taker.held().iter().cloned().collect();
        if tickets.is_empty() {
            continue;
        }
        let Some(queue) = crew.channels.layer().work() else { return };
        let renewed: Result<Vec<String>, LayerError> =
            queue.renew(crew.channel.clone(), taker.name.clone(), tickets).await;
        match renewed {
            Ok(lost) => {
                // Those that have been finished meanwhile are not lost.
                for ticket in lost.iter().filter(|ticket| taker.held().contains(*ticket)) {
                    tracing::warn!(
                        worker = W::DECLARATION.worker,
                        ticket,
                        "a message is another worker's now, since its lease was not renewed in time; it is handled twice"
                    );
                }
            }
            Err(error) => {
                tracing::warn!(worker = W::DECLARATION.worker, %error, "leases cannot be renewed; trying again");
            }
        }
    }
}
