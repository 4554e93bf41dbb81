//! The layer that publishes in a cluster: for processes of ours alone.

mod assign;
mod ears;
mod hearing;
mod names;
mod node;
mod slots;
mod steer;

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
    time::Duration,
};

use redis::{ErrorKind, ServerErrorKind};
use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::{CancellationToken, DropGuard};

pub(super) use self::node::Address;
use self::{
    names::ClusterNames,
    node::Node,
    slots::{Slots, slot},
};
use super::{
    failure::Failure,
    options::{RedisError, RedisOptions},
    place::Login,
    pubsub::General,
    wire::{Body, To},
};
use crate::{
    channels::{Absence, Local},
    layer::{ChannelLayer, LayerError, LayerFuture, Reach},
    message::Message,
    names::{ChannelName, GroupName},
};

/// A layer over the sharded publish and subscribe of a Redis Cluster (Redis 7 and later), for any number of Rust processes.
///
/// A group belongs to the node that has its slot, so nodes share the groups among them, and a group send is published once,
/// on one node. Each process is connected to each node whose groups it has members of. When a node fails or slots move, no
/// connection is closed: the layer asks the cluster where they are now and subscribes again; what was published in between is
/// lost, and counted as an outage.
///
/// Django's channels_redis does not know this wire, and does not run on a cluster. General channels are as those of
/// [`RedisPubSubLayer`](crate::RedisPubSubLayer): each process that receives gets every message.
///
/// Of [`RedisOptions`], `hosts` are the nodes that are asked first, in any order, one of which must answer; all nodes are
/// logged in at as at that one. `capacity` and what else only messages that are stored know have no effect. A
/// `prefix` with `{..}` in it puts everything on one node.
///
/// ```no_run
/// # async fn example() -> Result<(), consumer_runtime::RedisError> {
/// use consumer_runtime::{Channels, RedisClusterLayer, RedisOptions};
///
/// let nodes = ["redis://10.0.0.1:6379", "redis://10.0.0.2:6379", "redis://10.0.0.3:6379"];
/// let layer = RedisClusterLayer::connect(&RedisOptions::on(nodes)).await?;
/// let channels = Channels::builder().layer(layer).build();
/// # Ok(())
/// # }
/// ```
pub struct RedisClusterLayer {
    shared: Arc<Shared>,
    /// Ends what runs beside the layer.
    _guard: DropGuard,
}

/// What the layer shares with what runs beside it.
struct Shared {
    login: Login,
    /// Who is asked where slots are when no node that is known answers.
    seeds: Vec<Address>,
    patience: Duration,
    names: ClusterNames,
    body: Body,
    /// What the names of this process's channels begin with.
    prefix: String,
    local: OnceLock<Weak<Local>>,
    general: General,
    over: CancellationToken,
    state: Mutex<State>,
    /// Told when a subscription is confirmed, and when one has ended.
    has_changed: Notify,
    /// Told when slots may have moved.
    stirred: Notify,
}

/// Where things are, and should be.
#[derive(Default)]
struct State {
    slots: Arc<Slots>,
    nodes: HashMap<Address, Arc<Node>>,
    /// What this process should be subscribed to, and the node that it is left to, as far as there is one.
    wanted: HashMap<String, Option<Address>>,
    /// What of it is subscribed to.
    confirmed: HashSet<String>,
    /// What is wanted no more and is still subscribed to, and at which node.
    ending: HashMap<String, Address>,
    /// Since when something of it has been missed.
    gap: Option<Instant>,
    /// Held since a node was lost, until nothing is missed.
    absence: Option<Absence>,
}

impl fmt::Debug for RedisClusterLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisClusterLayer").field("seeds", &self.shared.seeds).finish_non_exhaustive()
    }
}

impl RedisClusterLayer {
    /// A layer whose cluster has answered.
    ///
    /// # Errors
    /// [`RedisError`] names the setting that is wrong, or the node that cannot be used.
    pub async fn connect(options: &RedisOptions) -> Result<Self, RedisError> {
        let (login, seeds, slots) = steer::first(options).await?;
        let over = CancellationToken::new();
        let shared = Shared {
            login,
            seeds,
            patience: options.timeout,
            names: ClusterNames::new(&options.prefix),
            body: options.published(),
            prefix: Local::random_prefix(),
            local: OnceLock::new(),
            general: General::default(),
            over: over.clone(),
            state: Mutex::new(State { slots: Arc::new(slots), ..State::default() }),
            has_changed: Notify::new(),
            stirred: Notify::new(),
        };
        let layer = Self { shared: Arc::new(shared), _guard: over.clone().drop_guard() };
        let shared = Arc::clone(&layer.shared);
        tokio::spawn(async move { over.run_until_cancelled(steer::steer(&shared)).await });
        // Before anybody can know a channel of this process, it listens for them.
        let shared = &layer.shared;
        let listening = shared.subscribe(shared.names.process(&shared.prefix)).await;
        listening.map_err(|error| RedisError::Away { host: 0, reason: error.to_string() })?;
        Ok(layer)
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn local(&self) -> Option<Arc<Local>> {
        self.local.get()?.upgrade()
    }

    /// Publishes on the node that has the name's slot, and says how many listen there.
    async fn publish(&self, name: &str, message: &Message, to: Option<&To>) -> Result<usize, LayerError> {
        let body = self.body.write(message, to)?;
        let mut command = redis::cmd("SPUBLISH");
        command.arg(name).arg(body);
        let node = self.node_of(name)?;
        let failure = match node.server.try_ask(&command).await {
            Ok(count) => return Ok(count),
            Err(failure) => failure,
        };
        // Whatever it is, it may be another's by now.
        self.stirred.notify_one();
        if let Failure::Redis(error) = &failure
            && error.kind() == ErrorKind::Server(ServerErrorKind::Moved)
            && let Some((address, _)) = error.redirect_node()
        {
            let node = self.node(&node.address.moved_to(address))?;
            return Ok(node.server.try_ask(&command).await?);
        }
        Err(failure.into())
    }

    /// The node that has the slot of a name, as far as is known.
    fn node_of(&self, name: &str) -> Result<Arc<Node>, LayerError> {
        let address = self.state().slots.of(slot(name)).cloned();
        match address {
            Some(address) => self.node(&address),
            None => {
                self.stirred.notify_one();
                Err(LayerError::Away { reason: format!("no node of the cluster has the slot {}", slot(name)) })
            }
        }
    }

    /// The node at an address.
    fn node(&self, address: &Address) -> Result<Arc<Node>, LayerError> {
        self.node_in(&mut self.state(), address)
    }

    fn node_in(&self, state: &mut State, address: &Address) -> Result<Arc<Node>, LayerError> {
        if let Some(node) = state.nodes.get(address) {
            return Ok(Arc::clone(node));
        }
        let client = self.login.at(&address.host, address.port).map_err(Failure::Redis)?;
        let node = Arc::new(Node::new(address.clone(), client, self.patience, self.over.child_token()));
        state.nodes.insert(address.clone(), Arc::clone(&node));
        Ok(node)
    }
}

impl ChannelLayer for RedisClusterLayer {
    fn attach(&self, local: Arc<Local>) {
        let _ = self.shared.local.set(Arc::downgrade(&local));
    }

    fn prefix(&self) -> Option<String> {
        Some(self.shared.prefix.clone())
    }

    fn subscribe(&self, group: GroupName) -> LayerFuture {
        let (shared, name) = (Arc::clone(&self.shared), self.shared.names.group(&group));
        // Wanted from this call on, so that joins and leaves keep their order.
        shared.want(name.clone());
        LayerFuture::boxed(async move { shared.confirmed(&name).await })
    }

    fn unsubscribe(&self, group: GroupName) -> LayerFuture {
        let (shared, name) = (Arc::clone(&self.shared), self.shared.names.group(&group));
        shared.unwant(&name);
        LayerFuture::boxed(async move { shared.ended(&name).await })
    }

    fn group_send(&self, group: GroupName, message: Message) -> LayerFuture<Reach> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            // Nobody but our processes listens, each once.
            shared.publish(&shared.names.group(&group), &message, None).await.map(Reach::Processes)
        })
    }

    fn send(&self, channel: ChannelName, message: Message) -> LayerFuture {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            let sent = if channel.as_str().contains('!') {
                let name = shared.names.process(channel.process_part());
                shared.publish(&name, &message, Some(&To::one(&channel))).await
            } else {
                shared.publish(&shared.names.general(&channel), &message, None).await
            };
            sent.map(drop)
        })
    }

    fn receive(&self, channel: ChannelName) -> LayerFuture<Message> {
        let shared = Arc::clone(&self.shared);
        LayerFuture::boxed(async move {
            if shared.general.open(&channel) {
                let name = shared.names.general(&channel);
                shared.want(name.clone());
                shared.confirmed(&name).await?;
            }
            Ok(shared.general.receive(&channel, shared.local().as_deref()).await)
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
