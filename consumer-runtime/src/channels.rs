//! `Channels`: the value that carries the channel layer, and this process's end of it.

pub(crate) mod fanout;
mod local;
mod registry;
mod sending;
mod untyped;

pub(crate) use local::{Crowd, Group, Owed, Said, Seat};
pub use local::{Delivering, Local};
use registry::{Clash, Registry};
pub use sending::Sending;
pub use untyped::{ReceivingChannel, Untyped};

use std::{fmt, sync::Arc, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};

use crate::{
    asking::{Asking, NoAnswer},
    connection::Connection,
    consumer::Consumer,
    counters::Counts,
    error::Result,
    event::{Event, HandledBy},
    group::Group as GroupType,
    layer::{ChannelLayer, LayerError, LayerFuture, MemoryLayer},
    message::Message,
    names::{ChannelName, GroupName},
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
}

impl Default for ChannelsBuilder {
    fn default() -> Self {
        Self { layer: None, capacity: 100, expiry: Duration::from_secs(60) }
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

    /// The channels.
    pub fn build(self) -> Channels {
        let local = Local::new(self.capacity, self.expiry);
        let layer = self.layer.unwrap_or_else(|| Arc::new(MemoryLayer::with(self.capacity, self.expiry, [])));
        local.asks().set_layer(&layer);
        layer.attach(Arc::clone(&local));
        Channels(Arc::new(Inner { layer, local, registry: Registry::default() }))
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
    /// awaited; false when that took longer than `patience`, and what is left then is dropped with the runtime.
    pub async fn drain(&self, window: Duration, patience: Duration) -> bool {
        self.0.local.drain(window, patience).await
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
        self.0.registry.meet::<G>(&[G::DECLARATION])?;
        Ok(group.name()?)
    }

    /// Gets to know the groups that a consumer declares.
    pub(crate) fn meet_groups_of<C: Consumer>(&self) -> Result<(), Clash> {
        self.0.registry.meet::<C>(C::DECLARATION.groups)
    }

    pub(crate) async fn join(&self, connection: &Arc<Connection>, group: GroupName) -> Result {
        if connection.is_over() {
            return Err(crate::connection::Closed.into());
        }
        if self.0.local.join(connection, &group) {
            // Whoever gives up half way, or is told that the layer is away, is no member, and the next join subscribes.
            let joining = Joining { channels: self, connection, group: &group };
            self.0.layer.subscribe(group.clone()).await?;
            std::mem::forget(joining);
        }
        Ok(())
    }

    pub(crate) async fn leave(&self, connection: &Connection, group: GroupName) -> Result {
        if self.0.local.leave(connection, &group) {
            self.0.layer.unsubscribe(group).await?;
        }
        Ok(())
    }

    /// Takes a connection out of everything, synchronously, so that a `Drop` can do it.
    pub(crate) fn forget(&self, connection: &Connection) {
        for group in self.0.local.leave_all(connection) {
            self.unsubscribe_later(group);
        }
        self.0.local.unregister(connection.name());
    }

    fn unsubscribe_later(&self, group: GroupName) {
        let unsubscribing = self.0.layer.unsubscribe(group);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            unsubscribing.finish_on(&runtime, "a group could not be left");
        }
    }
}

/// A connection that the layer does not yet know as the first member of a group.
struct Joining<'a> {
    channels: &'a Channels,
    connection: &'a Connection,
    group: &'a GroupName,
}

impl Drop for Joining<'_> {
    fn drop(&mut self) {
        if self.channels.local().leave(self.connection, self.group) {
            self.channels.unsubscribe_later(self.group.clone());
        }
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
