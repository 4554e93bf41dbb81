//! The layer that publishes: channels_redis' `RedisPubSubChannelLayer`.

mod general;
mod hearing;

use std::{
    fmt,
    sync::{Arc, OnceLock, Weak},
};

pub(super) use self::general::General;
use self::hearing::Hearing;
use super::{
    host::Host,
    listener::listen,
    options::{RedisError, RedisOptions},
    server::Server,
    wire::{Body, PubSubKeys, Ring},
};
use crate::{
    channels::Local,
    layer::{ChannelLayer, LayerError, LayerFuture, Reach},
    message::Message,
    names::{ChannelName, GroupName},
};

/// A layer over Redis' publish and subscribe, for any number of processes, among them Django's with
/// `channels_redis.pubsub.RedisPubSubChannelLayer`.
///
/// A group send is published once, whatever the size of the group, and each process hands it to its members. Nothing is
/// stored: who is not there does not get it. A process subscribes to a group while it has members in it. When a server
/// goes away no connection is closed; the layer comes back by itself and subscribes again.
///
/// A general channel's messages go to every process that receives from it, as they do in Django; for work that is to be
/// done once, take [`RedisLayer`](crate::RedisLayer).
///
/// [`except`](Message::except) and [`reply_to`](Message::reply_to) work between Rust processes; Django's handlers are not
/// left out, and do not answer.
///
/// ```no_run
/// # async fn example() -> Result<(), consumer_runtime::RedisError> {
/// use consumer_runtime::{Channels, RedisOptions, RedisPubSubLayer};
///
/// let layer = RedisPubSubLayer::connect(&RedisOptions::url("redis://localhost:6379")).await?;
/// let channels = Channels::builder().layer(layer).build();
/// # Ok(())
/// # }
/// ```
pub struct RedisPubSubLayer {
    shared: Arc<Shared>,
}

/// What the layer and its listeners share.
struct Shared {
    hosts: Vec<Arc<Host>>,
    /// What the names of this process's channels begin with.
    prefix: String,
    ring: Ring,
    keys: PubSubKeys,
    body: Body,
    local: OnceLock<Weak<Local>>,
    general: General,
}

impl fmt::Debug for RedisPubSubLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisPubSubLayer").field("hosts", &self.shared.hosts).finish_non_exhaustive()
    }
}

impl RedisPubSubLayer {
    /// A layer whose servers have all answered.
    ///
    /// # Errors
    /// [`RedisError`] names the setting that is wrong, or the server that cannot be used.
    pub async fn connect(options: &RedisOptions) -> Result<Self, RedisError> {
        let servers = Server::all(options, &[]).await?.into_iter().map(Host::new);
        let (hosts, listeners): (Vec<_>, Vec<_>) = servers.map(|(host, listener)| (Arc::new(host), listener)).unzip();
        let shared = Shared {
            ring: Ring::new(hosts.len()),
            hosts,
            prefix: Local::random_prefix(),
            keys: PubSubKeys::new(&options.prefix),
            body: options.published(),
            local: OnceLock::new(),
            general: General::default(),
        };
        let shared = Arc::new(shared);
        // Before anybody can know a channel of this process, it listens for them.
        let pattern = format!("{}*", shared.prefix);
        for (host, (server, changes)) in shared.hosts.iter().zip(listeners).enumerate() {
            // Weak, so that the listeners end with the layer.
            let (hearing, server) = (Hearing::new(&shared), Arc::downgrade(server));
            let listening = listen(server, pattern.clone(), hearing, changes, options.timeout).await;
            tokio::spawn(listening.map_err(|reason| RedisError::Away { host, reason })?);
        }
        Ok(Self { shared })
    }
}

impl Shared {
    /// The server that something is published on.
    fn host(&self, name: &str) -> &Arc<Host> {
        &self.hosts[self.ring.host(name)]
    }

    async fn publish(&self, name: &str, message: &Message) -> Result<usize, LayerError> {
        let body = self.body.write(message, None)?;
        self.host(name).publish(name, &body).await
    }
}

impl ChannelLayer for RedisPubSubLayer {
    fn attach(&self, local: Arc<Local>) {
        let _ = self.shared.local.set(Arc::downgrade(&local));
    }

    fn prefix(&self) -> Option<String> {
        Some(self.shared.prefix.clone())
    }

    fn subscribe(&self, group: GroupName) -> LayerFuture {
        let name = self.shared.keys.group(&group);
        LayerFuture::boxed(self.shared.host(&name).change(name.clone(), true))
    }

    fn unsubscribe(&self, group: GroupName) -> LayerFuture {
        let name = self.shared.keys.group(&group);
        LayerFuture::boxed(self.shared.host(&name).change(name.clone(), false))
    }

    fn group_send(&self, group: GroupName, message: Message) -> LayerFuture<Reach> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            shared.publish(&shared.keys.group(&group), &message).await?;
            // Django's processes listen as well, and do not answer.
            Ok(Reach::Unknown)
        })
    }

    fn send(&self, channel: ChannelName, message: Message) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move { shared.publish(channel.as_str(), &message).await.map(drop) })
    }

    fn receive(&self, channel: ChannelName) -> LayerFuture<Message> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            if shared.general.open(&channel) {
                shared.host(channel.as_str()).change(channel.to_string(), true).await?;
            }
            Ok(shared.general.receive(&channel, shared.local.get().and_then(Weak::upgrade).as_deref()).await)
        })
    }

    fn one_receives(&self) -> bool {
        false
    }

    fn flush(&self) -> LayerFuture {
        self.shared.general.flush();
        LayerFuture::ready(Ok(()))
    }
}
