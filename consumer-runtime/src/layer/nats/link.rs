//! One connection, from when it can be used until it is lost.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    time::Duration,
};

use async_nats::{Client, Event, ServerError};
use bytes::Bytes;
use tokio::{
    sync::Mutex as Turn,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{arrivals::Arrivals, echo::Echoes, error::NatsError, inlet::Inlet, servers::Servers, subjects::Subjects};

/// The receivers of a shared subject are one queue group of this name.
const QUEUE: &str = "receivers";

const LOST: &str = "the connection is lost";

/// A connection. When it is lost, it is over: the next one is another.
#[derive(Debug)]
pub(super) struct Link {
    client: Client,
    echoes: Arc<Echoes>,
    _own: Inlet<Echoes>,
    /// By subject. Held while one is made or ended, so that the server is told in the order in which things are wanted.
    subscriptions: Turn<HashMap<String, Inlet<Arrivals>>>,
    state: Arc<State>,
    patience: Duration,
}

/// What the client tells of a connection.
#[derive(Debug, Default)]
struct State {
    lost: CancellationToken,
    /// The server's last complaint.
    complaint: Mutex<Option<String>>,
}

impl State {
    fn complaint(&self) -> MutexGuard<'_, Option<String>> {
        self.complaint.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self, event: Event, arrivals: &Arrivals) {
        match event {
            Event::Disconnected | Event::Closed => self.lost.cancel(),
            // Its queue is emptied at once, but for the moment when it is made.
            Event::SlowConsumer(_) => arrivals.overflow(),
            Event::ServerError(error) => {
                let text = match error {
                    ServerError::Other(text) => text,
                    error => error.to_string(),
                };
                let mut complaint = self.complaint();
                if complaint.as_ref() != Some(&text) {
                    tracing::error!(complaint = %text, "the NATS server complains");
                    *complaint = Some(text);
                }
            }
            _ => {}
        }
    }
}

impl Link {
    /// A connection that has heard itself: we are let in, and may speak and listen.
    ///
    /// # Errors
    /// [`NatsError`] names the setting that is wrong, or the server that cannot be used.
    pub(super) async fn open(
        servers: &Servers,
        subjects: &Subjects,
        arrivals: &Arc<Arrivals>,
        patience: Duration,
    ) -> Result<Self, NatsError> {
        let state = Arc::<State>::default();
        let (told, dropped) = (Arc::clone(&state), Arc::clone(arrivals));
        let (server, client) = servers.connect(move |event| told.hear(event, &dropped)).await?;
        let echoes = Echoes::new(subjects.echo(&Uuid::new_v4().simple().to_string()), Arc::clone(arrivals));
        let echoes = Arc::new(echoes);
        let own = client.subscribe(echoes.subject()).await;
        let own = own.map_err(|error| NatsError::Away { server, reason: error.to_string() })?;
        let own = Inlet::new(own, Arc::clone(&echoes));
        let subscriptions = Turn::default();
        let link = Self { client, echoes, _own: own, subscriptions, state, patience };
        match link.confirm().await {
            Ok(()) => Ok(link),
            Err(reason) => Err(NatsError::Away { server, reason }),
        }
    }

    /// Done when the server has got everything so far.
    ///
    /// # Errors
    /// The reason why it is not known to have got it.
    pub(super) async fn confirm(&self) -> Result<(), String> {
        let confirmed = tokio::select! {
            biased;
            confirmed = timeout(self.patience, self.echoes.confirm(&self.client)) => confirmed,
            () = self.state.lost.cancelled() => return Err("the connection was lost meanwhile".into()),
        };
        confirmed.unwrap_or_else(|_| Err(self.silence()))
    }

    fn silence(&self) -> String {
        let patience = self.patience;
        match &*self.state.complaint() {
            Some(complaint) => format!("no answer within {patience:?}, and it complains: {complaint}"),
            None => format!("no answer within {patience:?}"),
        }
    }

    /// The most bytes of one message.
    pub(super) fn max_payload(&self) -> usize {
        self.client.max_payload()
    }

    /// Publishes, and says once the server has got it whether anybody listens; `None` when nobody wanted to know.
    ///
    /// # Errors
    /// The reason why it is not known to have got it.
    pub(super) async fn publish(&self, subject: String, payload: Bytes, ask: bool) -> Result<Option<bool>, String> {
        let question = ask.then(|| self.echoes.question());
        let reply = question.as_ref().map(|question| question.subject());
        let published = async {
            match reply {
                Some(reply) => self.client.publish_with_reply(subject, reply, payload).await,
                None => self.client.publish(subject, payload).await,
            }
        };
        match timeout(self.patience, published).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(error.to_string()),
            Err(_) => return Err(self.silence()),
        }
        self.confirm().await?;
        Ok(question.map(|question| !question.is_unheard()))
    }

    /// Subscribes to what is wanted, and not to anything else, as far as `subject` goes. True when that is a change.
    ///
    /// # Errors
    /// When the connection is over.
    pub(super) async fn settle(
        &self,
        subject: &str,
        is_wanted: impl FnOnce(&str) -> bool,
        is_shared: bool,
        arrivals: &Arc<Arrivals>,
    ) -> Result<bool, String> {
        let mut subscriptions = self.subscriptions.lock().await;
        if self.is_lost() {
            return Err(LOST.into());
        }
        match (is_wanted(subject), subscriptions.contains_key(subject)) {
            (true, false) => {
                let subscribing = async {
                    match is_shared {
                        true => self.client.queue_subscribe(subject.to_owned(), QUEUE.into()).await,
                        false => self.client.subscribe(subject.to_owned()).await,
                    }
                };
                let subscriber = tokio::select! {
                    subscriber = subscribing => subscriber.map_err(|error| error.to_string())?,
                    () = self.state.lost.cancelled() => return Err(LOST.into()),
                };
                subscriptions.insert(subject.to_owned(), Inlet::new(subscriber, Arc::clone(arrivals)));
                Ok(true)
            }
            (false, true) => {
                // Dropped, it tells the server.
                subscriptions.remove(subject);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Everything that it is subscribed to.
    pub(super) async fn subjects(&self) -> Vec<String> {
        self.subscriptions.lock().await.keys().cloned().collect()
    }

    /// Waits until it is lost, and says why; asks every `interval` whether it is.
    pub(super) async fn lost(&self, interval: Duration) -> String {
        loop {
            tokio::select! {
                () = self.state.lost.cancelled() => return LOST.into(),
                () = sleep(interval) => if let Err(reason) = self.confirm().await {
                    return format!("the server is silent ({reason})");
                },
            }
            // The client may have come back by itself, and what it tells of that can be lost.
            if self.client.statistics().connects.load(Ordering::Relaxed) > 1 {
                return LOST.into();
            }
        }
    }

    /// When the server was last known to be there.
    pub(super) fn last_heard(&self) -> Instant {
        self.echoes.last_heard()
    }

    /// Subscribes to nothing any more.
    pub(super) async fn unsubscribe(&self) {
        self.subscriptions.lock().await.clear();
    }

    pub(super) fn is_lost(&self) -> bool {
        self.state.lost.is_cancelled()
    }

    /// Nothing comes from here any more, and nobody waits for it.
    pub(super) async fn close(&self) {
        self.state.lost.cancel();
        self.unsubscribe().await;
    }
}
