//! `Channels`: the value that carries the channel layer, and this process's end of it.

mod aliases;
mod draining;
pub(crate) mod fanout;
mod local;
mod measuring;
mod registry;
mod sending;
mod subscribing;
mod untyped;

pub use draining::{Drain, Undrained};
pub use local::{Absence, Delivering, Local};
pub(crate) use local::{Crowd, Group, Owed, Place, Said, Seat};
use registry::{Clash, Registry};
pub use sending::Sending;
use subscribing::Subscriptions;
pub use untyped::{ReceivingChannel, Untyped};

use std::{fmt, sync::Arc, time::Duration};

use aliases::Aliases;
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};

use crate::{
    asking::{Asking, NoAnswer},
    close::{Close, RemoteClose},
    connection::{Connection, Joined},
    consumer::Consumer,
    counters::Counts,
    error::{Error, Result},
    event::{Event, HandledBy},
    group::{Group as GroupType, GroupDeclaration},
    layer::{ChannelLayer, LayerError, LayerFuture, MemoryLayer},
    message::Message,
    names::{ChannelName, GroupName},
    session::UserRef,
};

/// The channel layer as an application holds it: a cheap clone, no global.
///
/// Give it to every consumer of a router with [`with_channels`](crate::RouterExt::with_channels); ordinary axum handlers
/// take it as an extractor. Two values are two worlds: each may have its own `chat_lobby`.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use axum::Router;
/// use consumer_runtime::prelude::*;
/// use serde_json::json;
///
/// let channels = Channels::memory();
/// let app: Router = Router::new().with_channels(channels.clone());
/// channels.untyped().group_send("chat_lobby", json!({"type": "chat.message", "message": "hi"})).await.unwrap();
/// # });
/// ```
#[derive(Clone)]
pub struct Channels(Arc<Inner>);

struct Inner {
    layer: Arc<dyn ChannelLayer>,
    local: Arc<Local>,
    registry: Registry,
    aliases: Aliases,
    subscriptions: Subscriptions,
}

impl fmt::Debug for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channels").field("layer", &self.0.layer).field("local", &self.0.local).finish()
    }
}

/// How much waits for one channel, and how long.
#[derive(Clone, Debug)]
#[must_use = "a builder builds nothing before `build`"]
pub struct ChannelsBuilder {
    layer: Option<Arc<dyn ChannelLayer>>,
    capacity: usize,
    expiry: Duration,
    aliases: Aliases,
}

impl Default for ChannelsBuilder {
    fn default() -> Self {
        Self { layer: None, capacity: 100, expiry: Duration::from_secs(60), aliases: Aliases::default() }
    }
}

impl ChannelsBuilder {
    /// The layer; a memory layer of its own when none is given.
    pub fn layer(mut self, layer: impl ChannelLayer) -> Self {
        self.layer = Some(Arc::new(layer));
        self
    }

    /// How many undelivered messages a channel of this process holds, and a general one of the layer that is made when none
    /// is given. Default: 100, as in Django Channels.
    ///
    /// When it is full, a group send skips it (counted), and a direct send fails.
    pub fn capacity(mut self, capacity: usize) -> Self {
        self.capacity = capacity;
        self
    }

    /// How long an undelivered message is worth delivering. Default: 60 s, as in Django Channels.
    pub fn expiry(mut self, expiry: Duration) -> Self {
        self.expiry = expiry;
        self
    }

    /// Other channels beside these, by a name that consumers choose them by: `#[consumer("/ws/", layer = "alerts")]`, as
    /// `channel_layer_alias` in Django Channels.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use consumer_runtime::Channels;
    ///
    /// let channels = Channels::builder().alias("alerts", Channels::memory()).build();
    /// let alerts = channels.alias("alerts")?;
    /// # Ok::<(), consumer_runtime::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Panics
    /// When the name is given twice, or is `default`, which means the channels that are being built.
    #[track_caller]
    pub fn alias(mut self, name: &'static str, channels: Channels) -> Self {
        self.aliases.add(name, channels);
        self
    }

    /// The channels.
    pub fn build(self) -> Channels {
        let layer = self.layer.unwrap_or_else(|| Arc::new(MemoryLayer::with(self.capacity, self.expiry, [])));
        let local = Local::new(layer.prefix().unwrap_or_else(Local::random_prefix), self.capacity, self.expiry);
        local.asks().set_layer(&layer);
        layer.attach(Arc::clone(&local));
        Channels(Arc::new(Inner {
            layer,
            local,
            registry: Registry::default(),
            aliases: self.aliases,
            subscriptions: Subscriptions::default(),
        }))
    }
}

impl Channels {
    /// Channels in this process's memory.
    pub fn memory() -> Self {
        Self::builder().build()
    }

    /// Channels with another layer, capacity or expiry.
    pub fn builder() -> ChannelsBuilder {
        ChannelsBuilder::default()
    }

    /// One connection, by the channel name that it once told.
    ///
    /// # Errors
    /// When the name breaks the rule of names.
    pub fn channel(&self, name: impl AsRef<str>) -> Result<ChannelRef<'_>> {
        Ok(ChannelRef { channels: self, name: ChannelName::new(name)? })
    }

    /// The channels that were given this name, [`ChannelsBuilder::alias`]; `default` is these.
    ///
    /// Each has groups, channels, limits and counts of its own.
    ///
    /// # Errors
    /// When there are none; it lists those that there are.
    pub fn alias(&self, name: &str) -> Result<&Self> {
        self.0.aliases.find(self, name).map_err(Error::msg)
    }

    /// The channels that consumer `C` lives on.
    pub(crate) fn of<C: Consumer>(&self) -> Result<&Self, String> {
        self.0.aliases.find(self, C::DECLARATION.layer)
    }

    /// All connections of one user, on every process of the layer.
    pub fn user(&self, id: impl AsRef<str>) -> UserRef<'_> {
        UserRef::new(self, id.as_ref())
    }

    /// What Django can do with strings, spelled so that it shows.
    pub fn untyped(&self) -> Untyped<'_> {
        Untyped::new(self)
    }

    /// What was delivered, and what was dropped and why.
    pub fn counts(&self) -> Counts {
        self.0.local.counters().snapshot()
    }

    /// Ends all connections of this process in good order, for whoever does not run
    /// [`consumer_runtime::serve`](crate::serve).
    ///
    /// New connections get a 503, open ones a close frame with 1012 spread over `window`, and every `disconnect` is
    /// awaited; then the layer is [closed](ChannelLayer::close). False when all that took longer than `patience`, and what
    /// is left then is dropped with the runtime. The channels of every [alias](ChannelsBuilder::alias) are drained beside
    /// these. [`begin_drain`](Self::begin_drain) does it in two steps, and tells what is left.
    pub async fn drain(&self, window: Duration, patience: Duration) -> bool {
        self.begin_drain(window).wait(patience).await.is_ok()
    }

    /// Begins to end all connections of this process, and returns at once.
    ///
    /// Each open one gets a close frame with 1012, spread over `window`, and its reason says when to come back:
    /// `the server restarts; retry-after=1.8`, seconds that differ from client to client. The channels of every
    /// [alias](ChannelsBuilder::alias) are drained beside these.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn begin_drain(&self, window: Duration) -> Drain {
        Drain::begin(std::slice::from_ref(self), window)
    }

    /// These, and the channels of every alias, with their names.
    pub(crate) fn with_aliases(&self) -> impl Iterator<Item = (&'static str, &Self)> {
        std::iter::once((aliases::DEFAULT, self)).chain(self.0.aliases.all_named())
    }

    /// Whether both are clones of one value.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn local(&self) -> &Arc<Local> {
        &self.0.local
    }

    pub(crate) fn layer(&self) -> &dyn ChannelLayer {
        &*self.0.layer
    }

    /// Puts a message into an acknowledged channel.
    pub(crate) fn put_work(&self, channel: ChannelName, message: Message) -> LayerFuture {
        match self.layer().work() {
            Some(queue) => queue.put(channel, message),
            None => LayerFuture::ready(Err(LayerError::NoWork { channel })),
        }
    }

    /// The name of a group, whose type gets known to these channels with it.
    ///
    /// # Errors
    /// When the name breaks the rule, or another known type can give it.
    pub(crate) fn group_name<G: GroupType>(&self, group: &G) -> Result<GroupName> {
        self.meet_group::<G>(G::DECLARATION)?;
        Ok(group.name()?)
    }

    /// Gets to know a type of groups.
    pub(crate) fn meet_group<T: 'static>(&self, declaration: GroupDeclaration) -> Result {
        Ok(self.0.registry.meet::<T>(&[declaration])?)
    }

    /// Gets to know the groups that a consumer declares.
    pub(crate) fn meet_groups_of<C: Consumer>(&self) -> Result<(), Clash> {
        self.0.registry.meet::<C>(C::DECLARATION.groups)
    }

    pub(crate) async fn join(&self, connection: &Arc<Connection>, group: GroupName) -> Result {
        if connection.is_over() {
            return Err(crate::connection::Closed.into());
        }
        let local = &self.0.local;
        let mut outcome = Joined::Not;
        let join = || {
            outcome = local.join(connection, &group);
            outcome
        };
        self.subscribe(&group, join, || local.leave(connection, &group)).await?;
        let settings = connection.settings();
        match (outcome, settings.join_rate) {
            (Joined::TooMany, _) => Err(Error::msg(format!(
                "the connection is in {} groups, the most that `max_groups` allows; leave one, or raise it",
                settings.max_groups
            ))),
            (Joined::TooFast, Some(rate)) => Err(Error::msg(format!(
                "the connection has joined more groups than `join_rate` allows, {} a second and {} at once; wait, or raise it",
                rate.per_second, rate.burst
            ))),
            _ => Ok(()),
        }
    }

    pub(crate) async fn leave(&self, connection: &Connection, group: GroupName) -> Result {
        match self.unsubscribe(&group, || self.0.local.leave(connection, &group)) {
            Some(unsubscribing) => Ok(unsubscribing.await?),
            None => Ok(()),
        }
    }

    /// Takes a connection out of everything, synchronously, so that a `Drop` can do it.
    pub(crate) fn forget(&self, connection: &Connection) {
        self.unsubscribe_later(|| self.0.local.leave_all(connection));
        self.0.local.unregister(connection.name());
    }
}

/// One channel, by name.
#[derive(Debug)]
pub struct ChannelRef<'a> {
    channels: &'a Channels,
    name: ChannelName,
}

impl ChannelRef<'_> {
    /// Sends an event to this connection, whatever its consumer.
    ///
    /// The compiler cannot know that it has a handler; [`to`](Self::to) says which consumer it is.
    ///
    /// # Errors
    /// When the channel holds as many messages as it may, or the layer is away. A connection that is gone is no error:
    /// the event is dropped and counted.
    pub fn send<E: Event>(&self, event: E) -> Sending {
        Sending::to_channel(self.channels.clone(), self.name.clone(), Message::event(event))
    }

    /// Sends an event that consumer `C` has a handler for.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn to<C: Consumer>(&self, event: impl HandledBy<C>) -> Sending {
        Sending::to_channel(self.channels.clone(), self.name.clone(), HandledBy::into_message(event))
    }

    /// Closes this connection, in its turn: behind what was sent to it before, and after the handler that runs.
    ///
    /// Its `#[disconnect]` hears the code, the reason and [`Cause::Remote`](crate::Cause::Remote). Django does the same with
    /// `channel_layer.send(name, {"type": "connection.close", "code": 4403, "reason": ".."})`.
    ///
    /// # Errors
    /// When the layer is away. A connection that is gone is no error.
    pub fn disconnect(&self, close: Close) -> Sending {
        Sending::to_channel(self.channels.clone(), self.name.clone(), RemoteClose::message(&close))
    }

    /// Asks this connection, and waits for what its handler answers, `within` at most.
    ///
    /// As with [`send`](Self::send), the compiler cannot know that there is a handler; [`ask_as`](Self::ask_as) says which
    /// consumer it is. See [`Group::ask`](crate::Group::ask) for what answers an event.
    ///
    /// # Errors
    /// [`NoAnswer`], which says why there is none.
    pub fn ask<E: Event>(&self, event: E, within: Duration) -> Asking<Result<E::Answer, NoAnswer>> {
        Asking::channel(self.channels, self.name.clone(), Message::event(event), within)
    }

    /// Asks with an event that consumer `C` has a handler for, as in `ask_as::<Chat, _>(Who, deadline)`.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub fn ask_as<C: Consumer, E: Event + HandledBy<C>>(
        &self,
        event: E,
        within: Duration,
    ) -> Asking<Result<E::Answer, NoAnswer>> {
        self.ask(event, within)
    }
}

/// In an ordinary handler: the channels that the router was given.
impl<S: Send + Sync> FromRequestParts<S> for Channels {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        match request.extensions.get::<Self>() {
            Some(channels) => Ok(channels.clone()),
            None => {
                tracing::error!(
                    "a handler asks for `Channels`, and its router has none; add `.with_channels(channels)`"
                );
                Err((StatusCode::INTERNAL_SERVER_ERROR, "this server is not set up"))
            }
        }
    }
}
