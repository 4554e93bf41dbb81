//! NATS: subjects to which each process subscribes.

mod arrivals;
mod echo;
mod error;
mod general;
mod handing;
mod inlet;
mod keeping;
mod link;
mod options;
mod servers;
mod shared;
mod subjects;
mod tls;

pub use error::NatsError;
pub use options::NatsOptions;

use std::{fmt, sync::Arc};

use tokio::runtime::Handle;

use self::shared::Shared;
use crate::{
    channels::Local,
    layer::{ChannelLayer, LayerFuture, Reach},
    message::Message,
    names::{ChannelName, GroupName},
};

/// A layer over core NATS, for any number of processes.
///
/// A group is a subject: a group send is published once, whatever the size of the group, and each process with members in
/// it hands it to them. Nothing is stored: who is not there does not get it. A send is done when the server has got it.
/// When the server goes away no connection is closed; the layer comes back by itself, to this server or to the next of
/// [`servers`](NatsOptions::servers), and subscribes again.
///
/// A general channel's messages go to one of the processes that receive from it, each to one of them. A process receives
/// from when it first asks for a message until it has not asked for half as long as messages keep
/// ([`expiry`](crate::ChannelsBuilder::expiry)); what it has not taken by then goes to the others.
///
/// ```no_run
/// # async fn example() -> Result<(), consumer_runtime::NatsError> {
/// use consumer_runtime::{Channels, NatsLayer, NatsOptions};
///
/// let layer = NatsLayer::connect(&NatsOptions::url("nats://localhost:4222")).await?;
/// let channels = Channels::builder().layer(layer).build();
/// # Ok(())
/// # }
/// ```
pub struct NatsLayer {
    shared: Arc<Shared>,
    /// What the names of this process's channels begin with.
    prefix: String,
}

impl fmt::Debug for NatsLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsLayer").field("servers", &self.shared.servers.len()).finish_non_exhaustive()
    }
}

impl NatsLayer {
    /// A layer with a connection to one of the servers, which lets it speak and listen.
    ///
    /// Each server has [`timeout`](NatsOptions::timeout) to let it in, and as long again to answer.
    ///
    /// # Errors
    /// [`NatsError`] names the setting that is wrong, or the first server that was tried, when none can be used.
    pub async fn connect(options: &NatsOptions) -> Result<Self, NatsError> {
        let shared = Arc::new(Shared::new(options)?);
        let first = shared.open().await?;
        let layer = Self { shared, prefix: Local::random_prefix() };
        let shared = &layer.shared;
        // Before anybody can know a channel of this process, it listens for them.
        let own = shared.subjects.process(&layer.prefix);
        shared.want(own.clone());
        let (keeping, over) = (Arc::clone(shared), shared.over.clone());
        tokio::spawn(async move { over.run_until_cancelled(keeping::keep(&keeping, first)).await });
        let (handing, over) = (Arc::clone(shared), shared.over.clone());
        tokio::spawn(async move { over.run_until_cancelled(handing::hand_on(&handing)).await });
        shared.subscribe(&own).await.map_err(|error| NatsError::Away { server: 0, reason: error.to_string() })?;
        Ok(layer)
    }

    /// Ends the layer in good order: leaves all groups, hands on what has come, gives what nobody has taken from general
    /// channels to other processes, and disconnects. Takes [`timeout`](NatsOptions::timeout) a few times at most; done
    /// before when the server is away.
    ///
    /// Sends, joins and receives fail from then on. A layer that is dropped does the same in the background, while there is
    /// a runtime.
    pub async fn drain(&self) {
        self.shared.drain().await;
    }
}

impl Drop for NatsLayer {
    fn drop(&mut self) {
        match Handle::try_current() {
            Ok(runtime) => {
                let shared = Arc::clone(&self.shared);
                // What has come is still handed on.
                let local = shared.arrivals.local();
                runtime.spawn(async move {
                    shared.drain().await;
                    drop(local);
                });
            }
            Err(_) => self.shared.over.cancel(),
        }
    }
}

impl ChannelLayer for NatsLayer {
    fn attach(&self, local: Arc<Local>) {
        self.shared.arrivals.set_local(&local);
    }

    fn prefix(&self) -> Option<String> {
        Some(self.prefix.clone())
    }

    fn subscribe(&self, group: GroupName) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        let subject = shared.subjects.group(&group);
        // At once: what is wanted now counts, whichever of several futures is done last.
        shared.want(subject.clone());
        LayerFuture::boxed(async move { shared.subscribe(&subject).await })
    }

    fn unsubscribe(&self, group: GroupName) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        let subject = shared.subjects.group(&group);
        shared.unwant(&subject);
        LayerFuture::boxed(async move {
            shared.unsubscribe(&subject).await;
            Ok(())
        })
    }

    fn group_send(&self, group: GroupName, message: Message) -> LayerFuture<Reach> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            let is_question = message.reply_to().is_some();
            let heard = shared.publish(shared.subjects.group(&group), &message, is_question).await?;
            Ok(if heard == Some(false) { Reach::Processes(0) } else { Reach::Unknown })
        })
    }

    fn send(&self, channel: ChannelName, message: Message) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move { shared.send(&channel, &message).await })
    }

    fn receive(&self, channel: ChannelName) -> LayerFuture<Message> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move { general::receive(&shared, &channel).await })
    }

    fn close(&self) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            shared.drain().await;
            Ok(())
        })
    }

    fn flush(&self) -> LayerFuture {
        self.shared.general.flush();
        LayerFuture::ready(Ok(()))
    }
}
