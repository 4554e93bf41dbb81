//! How a connection learns that the server has got what it wrote: it hears itself.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use async_nats::{Client, Message, StatusCode};
use bytes::Bytes;
use tokio::{
    sync::{Mutex as Turn, watch},
    time::Instant,
};

use super::{arrivals::Arrivals, inlet::Take};
use crate::message::MessageError;

/// The last token of what we say to ourselves.
const HERE: &str = "here";

/// What one connection says to itself. A server reads a connection in order, so whoever hears a word knows that everything
/// written before it was read too: messages are on their way to who is subscribed, and subscriptions are made.
#[derive(Debug)]
pub(super) struct Echoes {
    subject: String,
    /// How many have asked so far.
    asked: AtomicU64,
    /// Of how many of these the server has read everything, and since when this is known.
    heard: watch::Sender<(u64, Instant)>,
    /// Held while a word is under way: who asks meanwhile shares the next one.
    turn: Turn<()>,
    /// Who wants to know whether nobody listens, by number, and whether it is so.
    unheard: Mutex<HashMap<u64, bool>>,
    next: AtomicU64,
    /// Who counts what was said here by others.
    arrivals: Arc<Arrivals>,
}

impl Echoes {
    pub(super) fn new(subject: String, arrivals: Arc<Arrivals>) -> Self {
        Self {
            subject,
            asked: AtomicU64::new(0),
            heard: watch::Sender::new((0, Instant::now())),
            turn: Turn::default(),
            unheard: Mutex::default(),
            next: AtomicU64::new(0),
            arrivals,
        }
    }

    /// What to subscribe to.
    pub(super) fn subject(&self) -> String {
        format!("{}.*", self.subject)
    }

    /// When the server was last known to be there.
    pub(super) fn last_heard(&self) -> Instant {
        self.heard.borrow().1
    }

    /// Done when the server has read everything that the client was given before; not at all when it is away.
    ///
    /// # Errors
    /// When the connection is over.
    pub(super) async fn confirm(&self, client: &Client) -> Result<(), String> {
        let mine = self.asked.fetch_add(1, Ordering::AcqRel) + 1;
        let mut heard = self.heard.subscribe();
        let turn = tokio::select! {
            biased;
            // Its sender is our own, so it is there.
            _ = heard.wait_for(|(heard, _)| *heard >= mine) => None,
            turn = self.turn.lock() => Some(turn),
        };
        if turn.is_some() {
            let all = self.asked.load(Ordering::Acquire);
            let subject = format!("{}.{HERE}", self.subject);
            let word = Bytes::copy_from_slice(&all.to_be_bytes());
            client.publish(subject, word).await.map_err(|error| error.to_string())?;
            let _ = self.heard.subscribe().wait_for(|(heard, _)| *heard >= all).await;
        }
        Ok(())
    }

    /// For a message whose sender wants to know whether nobody listens.
    pub(super) fn question(&self) -> Question<'_> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.unheard().insert(number, false);
        Question { echoes: self, number }
    }

    fn unheard(&self) -> MutexGuard<'_, HashMap<u64, bool>> {
        self.unheard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A number that the server says when nobody listens to the message that carries it.
pub(super) struct Question<'a> {
    echoes: &'a Echoes,
    number: u64,
}

impl Question<'_> {
    /// Where the server says it.
    pub(super) fn subject(&self) -> String {
        format!("{}.{}", self.echoes.subject, self.number)
    }

    /// Whether nobody listens, once the message is confirmed.
    pub(super) fn is_unheard(&self) -> bool {
        self.echoes.unheard().get(&self.number).copied().unwrap_or_default()
    }
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        self.echoes.unheard().remove(&self.number);
    }
}

impl Take for Echoes {
    fn take(&self, message: Message) {
        let last = message.subject.rsplit('.').next().unwrap_or_default();
        if message.status == Some(StatusCode::NO_RESPONDERS) {
            let mut unheard = self.unheard();
            // Whoever does not wait any more does not want to know.
            if let Some(unheard) = last.parse().ok().and_then(|number: u64| unheard.get_mut(&number)) {
                *unheard = true;
            }
            return;
        }
        let word = <[u8; 8]>::try_from(&*message.payload).map(u64::from_be_bytes);
        match word {
            Ok(word) if last == HERE && word <= self.asked.load(Ordering::Acquire) => {
                self.heard.send_modify(|(heard, at)| (*heard, *at) = ((*heard).max(word), Instant::now()));
            }
            _ => {
                if let Some(local) = self.arrivals.local() {
                    local.unreadable(&MessageError::Malformed("somebody else speaks where a connection hears itself"));
                }
            }
        }
    }
}
