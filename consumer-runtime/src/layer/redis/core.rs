//! The layer that stores messages: channels_redis' `RedisChannelLayer`, Django's default.

mod alive;
mod general;
mod known;
mod members;
mod putting;
mod receiving;
mod sending;
mod stamp;
mod work;

use std::{
    fmt,
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::runtime::Handle;
use tokio_util::sync::{CancellationToken, DropGuard};

pub(super) use self::alive::MEMBER_TIMEOUT;
use self::{alive::Alive, general::General, known::Known, members::Members, stamp::Stamps, work::Work};
use super::{
    options::{RedisError, RedisOptions},
    server::{Need, Server},
    wire::{Body, CoreKeys, Ring},
};
use crate::{
    channels::Local,
    layer::{ChannelCapacity, ChannelLayer, LayerFuture, Reach, WorkQueue},
    message::Message,
    names::{ChannelName, GroupName},
};

/// What is needed beside what every Redis has.
const NEEDS: &[Need] = &[Need { command: "BZPOPMIN", since: "5.0" }, Need { command: "EVAL", since: "2.6" }];

/// A layer that stores messages in Redis until they are fetched, for any number of processes, among them Django's with
/// `channels_redis.core.RedisChannelLayer`, its default.
///
/// Each process has one queue on each server, fetched from as long as the layer lives and never held up by a connection;
/// a group has one entry for each of our processes, whatever the number of its members there. A message to a general
/// channel is fetched by one receiver, once. What waits for a process beyond `capacity` is dropped by who sends, as
/// in Django.
///
/// ```no_run
/// # async fn example() -> Result<(), consumer_runtime::RedisError> {
/// use consumer_runtime::{Channels, RedisLayer, RedisOptions};
///
/// let layer = RedisLayer::connect(&RedisOptions::url("redis://localhost:6379")).await?;
/// let channels = Channels::builder().layer(layer).build();
/// # Ok(())
/// # }
/// ```
pub struct RedisLayer {
    shared: Arc<Shared>,
    /// Ends what runs beside the layer.
    over: CancellationToken,
    _guard: DropGuard,
}

/// What the layer shares with what runs beside it.
struct Shared {
    servers: Vec<Server>,
    ring: Ring,
    keys: CoreKeys,
    body: Body,
    capacity: usize,
    channel_capacity: ChannelCapacity,
    expiry: Duration,
    group_expiry: Duration,
    member_timeout: Duration,
    alive: Alive,
    local: OnceLock<Weak<Local>>,
    members: Members,
    known: Known,
    stamps: Stamps,
    general: General,
    work: Work,
    /// Which server a general channel's next message goes to.
    next: AtomicUsize,
}

impl fmt::Debug for RedisLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLayer").field("servers", &self.shared.servers).finish_non_exhaustive()
    }
}

impl RedisLayer {
    /// A layer whose servers have all answered.
    ///
    /// # Errors
    /// [`RedisError`] names the setting that is wrong, or the server that cannot be used.
    pub async fn connect(options: &RedisOptions) -> Result<Self, RedisError> {
        let servers = Server::all(options, NEEDS).await?;
        let shared = Shared {
            ring: Ring::new(servers.len()),
            servers,
            keys: CoreKeys::new(&options.prefix),
            body: options.stored(),
            capacity: options.capacity,
            channel_capacity: options.channel_capacity.clone(),
            expiry: options.expiry,
            group_expiry: options.group_expiry,
            member_timeout: options.member_timeout,
            alive: Alive::default(),
            local: OnceLock::new(),
            members: Members::default(),
            known: Known::default(),
            stamps: Stamps::default(),
            general: General::default(),
            work: Work::new(options.published(), options.work_capacity),
            next: AtomicUsize::new(0),
        };
        let over = CancellationToken::new();
        Ok(Self { shared: Arc::new(shared), _guard: over.clone().drop_guard(), over })
    }
}

impl Drop for RedisLayer {
    /// Leaves the groups, where there is still a runtime to do so; otherwise they forget this process by themselves.
    fn drop(&mut self) {
        let Ok(runtime) = Handle::try_current() else { return };
        let shared = Arc::clone(&self.shared);
        runtime.spawn(async move {
            if let Err(error) = shared.leave_all().await {
                tracing::warn!(%error, "groups could not be left; they forget this process in time");
            }
            let _ = shared.say_over().await;
        });
    }
}

impl Shared {
    /// This process's end, as long as there is one.
    fn local(&self) -> Option<Arc<Local>> {
        self.local.get()?.upgrade()
    }

    /// The server of a name.
    fn server(&self, name: &str) -> &Server {
        &self.servers[self.ring.host(name)]
    }

    /// One server after the other.
    fn next_host(&self) -> usize {
        self.next.fetch_add(1, Ordering::Relaxed) % self.servers.len()
    }
}

impl ChannelLayer for RedisLayer {
    fn attach(&self, local: Arc<Local>) {
        let _ = self.shared.local.set(Arc::downgrade(&local));
        self.shared.members.set_process(local.prefix());
        for host in 0..self.shared.servers.len() {
            let (shared, over) = (Arc::clone(&self.shared), self.over.clone());
            let prefix = local.prefix().to_owned();
            tokio::spawn(async move { over.run_until_cancelled(receiving::receive(&shared, host, &prefix)).await });
        }
        let (shared, over) = (Arc::clone(&self.shared), self.over.clone());
        tokio::spawn(async move { over.run_until_cancelled(members::refresh(&shared)).await });
        let (shared, over) = (Arc::clone(&self.shared), self.over.clone());
        tokio::spawn(async move { over.run_until_cancelled(alive::beat(&shared)).await });
    }

    fn subscribe(&self, group: GroupName) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        let member = shared.members.add(&group);
        LayerFuture::boxed(async move {
            shared.ensure_alive().await;
            let (oldest, known_at) = shared.join(&group, &member).await?;
            shared.look_after(&group, oldest, known_at);
            Ok(())
        })
    }

    fn unsubscribe(&self, group: GroupName) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        match shared.members.remove(&group) {
            Some(member) => LayerFuture::boxed(async move { shared.leave(&group, &member).await }),
            None => LayerFuture::ready(Ok(())),
        }
    }

    fn group_send(&self, group: GroupName, message: Message) -> LayerFuture<Reach> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move { shared.send_to_group(&group, &message).await })
    }

    fn send(&self, channel: ChannelName, message: Message) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move { shared.send_to_channel(&channel, &message).await })
    }

    fn receive(&self, channel: ChannelName) -> LayerFuture<Message> {
        let (shared, over) = (Arc::clone(&self.shared), self.over.clone());
        LayerFuture::boxed(async move { general::receive(&shared, &channel, over).await })
    }

    fn close(&self) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            // What was fetched for receivers that are gone is for others.
            general::stop_all(&shared).await?;
            shared.leave_all().await
        })
    }

    fn flush(&self) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move { shared.flush().await })
    }

    fn stop_receiving(&self, channel: ChannelName) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move { general::stop(&shared, &channel).await })
    }

    fn work(&self) -> Option<&dyn WorkQueue> {
        Some(self)
    }
}
