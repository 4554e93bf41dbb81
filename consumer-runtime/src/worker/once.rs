//! Messages that are handled once, or not at all when a process crashes.

use std::{sync::Arc, time::Duration};

use super::{
    Worker,
    crew::{Crew, Tried},
};
use crate::message::Message;

/// How long to wait before a layer that is away is asked again.
const AWAY: Duration = Duration::from_millis(500);

/// Receives until the end, and waits for what it has begun.
pub(super) async fn run<W: Worker>(crew: Arc<Crew<W>>) {
    let stopping = &crew.ending.stopping;
    while let Some(Ok(permit)) = stopping.run_until_cancelled(Arc::clone(&crew.permits).acquire_owned()).await {
        // A receive that is dropped keeps no message from others.
        let received = stopping.run_until_cancelled(crew.channels.layer().receive(crew.channel.clone())).await;
        let message = match received {
            Some(Ok(message)) => message,
            Some(Err(error)) => {
                tracing::error!(worker = W::DECLARATION.worker, %error, "a worker cannot receive; trying again");
                crew.pause(AWAY).await;
                continue;
            }
            None => break,
        };
        let working = Arc::clone(&crew);
        crew.tasks.spawn(async move {
            if working.ending.give_up.run_until_cancelled(handle(&working, &message)).await.is_none() {
                working.give_up();
            }
            drop(permit);
        });
    }
    let settled = crew.channels.layer().stop_receiving(crew.channel.clone());
    if let Some(Err(error)) = crew.ending.give_up.run_until_cancelled(settled).await {
        tracing::error!(worker = W::DECLARATION.worker, %error, "what was fetched and not begun cannot be given back");
    }
    crew.tasks.close();
    crew.tasks.wait().await;
}

async fn handle<W: Worker>(crew: &Crew<W>, message: &Message) {
    // Dropped at the end, it says that no answer will come.
    let owed = crew.channels.local().owed(&crew.channel, message);
    let mut attempt = 1;
    let said = loop {
        match crew.attempt(message, attempt, None).await {
            Tried::Done(said) | Tried::Hopeless(_, said) => break said,
            Tried::Failed(_, said) => {
                let Some(delay) = crew.retry.after(attempt) else { break said };
                crew.counters().work_retried();
                tokio::time::sleep(delay).await;
                attempt += 1;
            }
        }
    };
    if let Some(owed) = owed {
        owed.pay(said);
    }
}
