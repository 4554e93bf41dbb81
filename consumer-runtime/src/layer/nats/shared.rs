//! What the layer shares with what runs beside it.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    sync::watch,
    time::{Instant, timeout, timeout_at},
};
use tokio_util::sync::CancellationToken;

use super::{
    arrivals::Arrivals, error::NatsError, general::General, link::Link, options::NatsOptions, servers::Servers,
    subjects::Subjects,
};
use crate::{
    layer::{
        LayerError,
        wire::{Body, Keys},
    },
    message::Message,
    names::ChannelName,
};

pub(super) struct Shared {
    pub(super) servers: Servers,
    pub(super) subjects: Subjects,
    pub(super) body: Body,
    pub(super) patience: Duration,
    pub(super) ping_interval: Duration,
    /// Subjects to be subscribed to, also while the server is away.
    wanted: Mutex<HashSet<String>>,
    /// Written by who keeps the connection, and by the drain.
    pub(super) link: watch::Sender<Now>,
    pub(super) arrivals: Arc<Arrivals>,
    pub(super) general: General,
    /// Ends what runs beside the layer.
    pub(super) over: CancellationToken,
}

/// How the layer is connected.
#[derive(Clone, Debug)]
pub(super) enum Now {
    /// The first connection is not in use yet.
    Starting,
    Up(Arc<Link>),
    /// Why there is none.
    Away(String),
    /// There will be none any more.
    Drained,
}

fn away(reason: impl Into<String>) -> LayerError {
    LayerError::Away { reason: reason.into() }
}

impl Shared {
    pub(super) fn new(options: &NatsOptions) -> Result<Self, NatsError> {
        let subjects = Subjects::new(&options.prefix)
            .map_err(|reason| NatsError::Setting { name: "prefix", reason: format!("{reason}; write \"asgi\"") })?;
        Ok(Self {
            servers: Servers::new(options)?,
            subjects,
            body: Body {
                format: options.serializer_format,
                keys: Keys::new(&options.symmetric_encryption_keys),
                random_prefix: 0,
                ttl: None,
            },
            patience: options.timeout,
            // An interval of nothing would keep a processor busy.
            ping_interval: options.ping_interval.max(Duration::from_millis(1)),
            wanted: Mutex::default(),
            link: watch::Sender::new(Now::Starting),
            arrivals: Arc::new(Arrivals::new(options.pending_bytes)),
            general: General::default(),
            over: CancellationToken::new(),
        })
    }

    /// A new connection.
    pub(super) async fn open(&self) -> Result<Link, NatsError> {
        Link::open(&self.servers, &self.subjects, &self.arrivals, self.patience).await
    }

    fn wanted(&self) -> MutexGuard<'_, HashSet<String>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn all_wanted(&self) -> Vec<String> {
        self.wanted().iter().cloned().collect()
    }

    pub(super) fn want(&self, subject: String) {
        self.wanted().insert(subject);
    }

    pub(super) fn unwant(&self, subject: &str) {
        self.wanted().remove(subject);
    }

    pub(super) fn want_nothing(&self) {
        self.wanted().clear();
    }

    /// Makes one subscription of a connection what is wanted; true when that is a change.
    pub(super) async fn settle(&self, link: &Link, subject: &str) -> Result<bool, String> {
        let is_wanted = |subject: &str| self.wanted().contains(subject);
        link.settle(subject, is_wanted, self.subjects.is_shared(subject), &self.arrivals).await
    }

    /// The connection, as soon as there is one that is not lost.
    async fn link(&self, until: Instant) -> Result<Arc<Link>, LayerError> {
        let mut link = self.link.subscribe();
        let found = link.wait_for(|now| match now {
            Now::Up(link) => !link.is_lost(),
            Now::Drained => true,
            Now::Starting | Now::Away(_) => false,
        });
        let found = async { found.await.map(|now| now.clone()).unwrap_or(Now::Drained) };
        match timeout_at(until, found).await {
            Ok(now) => self.usable(now),
            Err(_) => self.usable(self.link.borrow().clone()),
        }
    }

    fn usable(&self, now: Now) -> Result<Arc<Link>, LayerError> {
        match now {
            Now::Up(link) => Ok(link),
            Now::Starting => Err(away(format!("no answer within {:?}", self.patience))),
            Now::Away(reason) => Err(away(reason)),
            Now::Drained => Err(away("it was drained")),
        }
    }

    /// The connection, if there is one; also soon after the start.
    async fn link_now(&self) -> Result<Arc<Link>, LayerError> {
        let now = self.link.borrow().clone();
        match now {
            Now::Starting => self.link(Instant::now() + self.patience).await,
            now => self.usable(now),
        }
    }

    /// Waits for the server, also for one that is away for a moment, until a subject that is wanted is subscribed to.
    pub(super) async fn subscribe(&self, subject: &str) -> Result<(), LayerError> {
        let until = Instant::now() + self.patience;
        loop {
            let link = self.link(until).await?;
            match timeout_at(until, self.subscribe_on(&link, subject)).await {
                Ok(Ok(())) => return Ok(()),
                // The next connection subscribes to it as well, and whoever waits here does not know when.
                Ok(Err(_)) if link.is_lost() => {}
                Ok(Err(reason)) => return Err(away(reason)),
                Err(_) => return Err(away(format!("no answer within {:?}", self.patience))),
            }
        }
    }

    async fn subscribe_on(&self, link: &Link, subject: &str) -> Result<(), String> {
        let is_new = self.settle(link, subject).await?;
        // Who receives waits anyway; who joins is told when the server knows of it, whoever subscribed.
        if is_new || !self.subjects.is_shared(subject) { link.confirm().await } else { Ok(()) }
    }

    /// Ends a subscription that is not wanted any more. Where the server is away there is none.
    pub(super) async fn unsubscribe(&self, subject: &str) {
        if let Ok(link) = self.link_now().await {
            let _ = self.settle(&link, subject).await;
        }
    }

    /// Publishes, and says whether anybody listens if `ask` wants to know.
    pub(super) async fn publish(
        &self,
        subject: String,
        message: &Message,
        ask: bool,
    ) -> Result<Option<bool>, LayerError> {
        let body = self.body.write(message, None)?;
        let link = self.link_now().await?;
        let most = link.max_payload();
        if body.len() > most {
            let size = body.len();
            let reason = format!(
                "it takes {size} bytes, and the NATS server allows {most}; send less at once, or raise the server's \
                 `max_payload`"
            );
            return Err(LayerError::Unsendable { reason });
        }
        link.publish(subject, Bytes::from(body), ask).await.map_err(away)
    }

    /// Sends to one channel; what nobody is there for is counted.
    pub(super) async fn send(&self, channel: &ChannelName, message: &Message) -> Result<(), LayerError> {
        let heard = self.publish(self.subjects.channel(channel), message, true).await?;
        if heard == Some(false)
            && let Some(local) = self.arrivals.local()
        {
            local.counters().gone(1);
        }
        Ok(())
    }

    /// Ends everything in good order; at once when it has ended.
    pub(super) async fn drain(self: &Arc<Self>) {
        // Nothing is wanted any more, and whoever keeps the connection keeps this one.
        let before = self.link.send_replace(Now::Drained);
        self.want_nothing();
        if let Now::Up(link) = before {
            link.unsubscribe().await;
            // What had been sent to us before has come now.
            if link.confirm().await.is_ok() {
                let _ = timeout(self.patience, self.arrivals.mark()).await;
                for (channel, message) in self.general.close() {
                    self.give_back(&link, &channel, &message).await;
                }
            }
            link.close().await;
        }
        self.over.cancel();
    }

    /// Gives a general channel's message to who else receives.
    pub(super) async fn give_back(&self, link: &Link, channel: &ChannelName, message: &Message) {
        // It was read from as many bytes.
        let given = match self.body.write(message, None) {
            Ok(body) => link.publish(self.subjects.channel(channel), Bytes::from(body), true).await,
            Err(error) => Err(error.to_string()),
        };
        if given != Ok(Some(true))
            && let Some(local) = self.arrivals.local()
        {
            local.counters().gone(1);
        }
    }
}
