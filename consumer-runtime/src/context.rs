//! What a handler can do besides its own work: send, close, join, leave.

mod blocking;
mod group;
mod sending;
mod untyped;

pub use blocking::{BlockingContext, BlockingGroupRef};
pub use group::{GroupRef, SeveralGroups};
pub use sending::{Delivery, Joining};
pub use untyped::UntypedContext;

use std::{
    fmt,
    hash::Hash,
    marker::PhantomData,
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::http::{HeaderName, HeaderValue};
use serde::Serialize;

use crate::{
    asking::{Asking, NoAnswer},
    channels::Channels,
    close::{CheckedCode, Close},
    codec,
    connection::Connection,
    consumer::{Consumer, InGroup, SoleGroup},
    error::{Error, Result},
    event::Event,
    group::{Group, GroupNames, JoinedBy},
    key::key_of,
    names::ChannelName,
    refusal::Refusal,
    scope::Scope,
    session,
};

/// A value that consumer `C` declares to send to its browser.
#[diagnostic::on_unimplemented(
    message = "`{C}` does not declare that it sends `{Self}`",
    label = "not declared",
    note = "declare it: `#[consumer(.., sends({Self}))]`; a text goes out by `send_text`, bytes by `send_bytes`, and JSON without a type by `send_json`"
)]
pub trait SentBy<C>: Serialize {}

/// One connection as its handlers see it.
///
/// Everything that sends returns a future, and nothing is sent before it is awaited.
pub struct Context<C> {
    connection: Arc<Connection>,
    channels: Channels,
    /// Filled once, right after the consumer was built.
    groups: GroupNames,
    scope: Option<Arc<Scope>>,
    consumer: PhantomData<fn() -> C>,
}

impl<C> fmt::Debug for Context<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("channel", self.connection.name())
            .field("groups", &self.groups.as_slice())
            .finish_non_exhaustive()
    }
}

impl<C: Consumer> Context<C> {
    pub(crate) fn new(connection: Arc<Connection>, channels: Channels, scope: Arc<Scope>) -> Self {
        Self { connection, channels, groups: GroupNames::None, scope: Some(scope), consumer: PhantomData }
    }

    /// The scope is a connect's own; what stays of it, stays in a compact form.
    pub(crate) fn connected(&mut self) {
        self.scope = self.scope.take().filter(|_| C::DECLARATION.keep_scope).map(|scope| Arc::new(scope.compact()));
    }

    pub(crate) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }

    /// Joins the declared groups; those that were joined before one failed are left when the connection is dropped.
    pub(crate) async fn enter(&mut self, groups: GroupNames) -> Result<(), Refusal> {
        for name in groups.as_slice() {
            self.channels.join(&self.connection, name.clone()).await.map_err(Refusal::from)?;
        }
        self.groups = groups.shared(|name| self.channels.local().shared_name(name));
        Ok(())
    }

    pub(crate) fn blocking(&self) -> BlockingContext<C> {
        BlockingContext::new(Self {
            connection: Arc::clone(&self.connection),
            channels: self.channels.clone(),
            groups: self.groups.clone(),
            scope: self.scope.clone(),
            consumer: PhantomData,
        })
    }

    /// The name of this connection's channel: opaque, and good for [`Channels::channel`] from any process.
    pub fn channel_name(&self) -> &ChannelName {
        self.connection.name()
    }

    /// The channels that this consumer's router was given.
    pub fn channels(&self) -> &Channels {
        &self.channels
    }

    /// The scope: always there in `#[connect]`, later only for a consumer that is declared with `keep_scope`.
    pub fn scope(&self) -> Option<&Scope> {
        self.scope.as_deref()
    }

    /// The subprotocol that was agreed on: the first of the consumer's declared list that the client offers, or the one
    /// that `#[connect]` chose.
    pub fn subprotocol(&self) -> Option<String> {
        self.connection.subprotocol()
    }

    /// Chooses the subprotocol in `#[connect]`, instead of the first that fits.
    ///
    /// # Errors
    /// When the client does not offer it, or the connection is accepted already.
    pub fn select_subprotocol(&mut self, name: &str) -> Result {
        self.connection.select_subprotocol(name)
    }

    /// Adds a header to the response that accepts the connection; only in `#[connect]`.
    ///
    /// # Errors
    /// When the connection is accepted already, or the header is one of the handshake's own.
    pub fn accept_header(&mut self, name: HeaderName, value: HeaderValue) -> Result {
        self.connection.accept_header(name, value)
    }

    /// Sends a value that the consumer declares by `sends(..)` as a JSON text frame.
    ///
    /// The future waits while the outgoing queue is full, so a handler never outruns its client. Before the connection
    /// is accepted, the frame waits for it.
    ///
    /// # Errors
    /// When the value cannot be serialised, the connection is closed, or `#[connect]` sends more than
    /// [`max_outgoing`](crate::Settings::max_outgoing).
    pub fn send<T: SentBy<C> + ?Sized>(&self, value: &T) -> Delivery {
        self.send_json(value)
    }

    /// As [`send`](Self::send), for a value of which only the latest matters: with
    /// [`Overflow::KeepLatest`](crate::Overflow::KeepLatest), it takes the place of the one that still waits with the same
    /// `key`.
    ///
    /// Then it waits for no room, so a handler that tells a slow client about a bounded number of things is not held up by
    /// it. A key counts for everything that this connection sends by `send_latest`: values of different kinds need
    /// different ones, as in `("price", &symbol)`. With another policy it is [`send`](Self::send).
    ///
    /// For the frames of a shared handler, the event says the key: `#[event("price.moved", key = symbol)]`.
    ///
    /// ```
    /// use consumer_runtime::{Overflow, prelude::*};
    /// use serde::Serialize;
    ///
    /// #[event("price.moved")]
    /// struct PriceMoved {
    ///     symbol: String,
    ///     price: u64,
    /// }
    ///
    /// #[derive(Serialize)]
    /// struct Price<'a> {
    ///     symbol: &'a str,
    ///     price: u64,
    /// }
    ///
    /// #[consumer("/ws/prices/", group = "prices", sends(Price<'_>), settings(overflow = Overflow::KeepLatest))]
    /// struct Prices {
    ///     factor: u64,
    /// }
    ///
    /// #[consumer]
    /// impl Prices {
    ///     #[event("price.moved")]
    ///     async fn moved(&mut self, event: &PriceMoved, context: &mut Context<Self>) -> Result {
    ///         let price = Price { symbol: &event.symbol, price: event.price * self.factor };
    ///         context.send_latest(&event.symbol, &price).await
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_latest<T: SentBy<C> + ?Sized>(&self, key: impl Hash, value: &T) -> Delivery {
        // No event has an empty name, so its frames and these never meet.
        self.send(value).about(key_of("", key))
    }

    /// Sends any value as a JSON text frame, declared or not: the untyped door.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_json<T: Serialize + ?Sized>(&self, value: &T) -> Delivery {
        let frame = codec::text_with(|buffer| serde_json::to_writer(buffer, value));
        Delivery::new(&self.connection, frame.map_err(Error::from))
    }

    /// Sends a text frame as it is.
    ///
    /// # Errors
    /// When the connection is closed.
    pub fn send_text(&self, text: impl AsRef<str>) -> Delivery {
        Delivery::new(&self.connection, Ok(codec::text(text.as_ref())))
    }

    /// Sends a binary frame.
    ///
    /// # Errors
    /// When the connection is closed.
    pub fn send_bytes(&self, bytes: impl AsRef<[u8]>) -> Delivery {
        Delivery::new(&self.connection, Ok(codec::binary(bytes.as_ref())))
    }

    /// Asks the client, and waits for its reply, `within` at most.
    ///
    /// A question is an event that the consumer declares by `sends(..)`, and its reply the event's `answer`. The client
    /// gets `{"type": "ask", "id": .., "question": {..}}` and replies with `{"type": "reply", "id": .., "ok": ..}`, or with
    /// an `error` (see `docs/protocol.md`). Other frames of the client wait meanwhile; more than 64 of them, or more than
    /// [`max_message`](crate::Settings::max_message) bytes, stop the reading, and then the reply too. Dropped, the future asks no more, and a reply that comes too late is dropped and
    /// counted.
    ///
    /// ```
    /// use std::time::Duration;
    /// use consumer_runtime::prelude::*;
    ///
    /// #[event("board.confirm", answer = bool)]
    /// struct Confirm {
    ///     text: String,
    /// }
    ///
    /// #[consumer("/ws/board/", sends(Confirm))]
    /// struct Board;
    ///
    /// #[consumer]
    /// impl Board {
    ///     #[receive("board.clear")]
    ///     async fn clear(&mut self, _: (), context: &mut Context<Self>) -> Result {
    ///         let question = Confirm { text: "really everything?".into() };
    ///         if context.ask(&question, Duration::from_secs(30)).await? {
    ///             context.send_text("cleared").await?;
    ///         }
    ///         Ok(())
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// [`NoAnswer`], which says why there is none.
    pub fn ask<Q: Event + SentBy<C>>(&self, question: &Q, within: Duration) -> Asking<Result<Q::Answer, NoAnswer>> {
        Asking::client(&self.connection, question, within)
    }

    /// Closes the connection once what was sent before is written and this handler has returned; what is sent after it
    /// fails.
    ///
    /// In `#[connect]`, the connection is accepted and then closed; to refuse it before the upgrade, return a
    /// [`Refusal`].
    pub fn close(&self, code: impl CheckedCode, reason: impl Into<String>) {
        self.connection.close(Close::new(code, reason));
    }

    /// The declared group of this connection, for a consumer that declares one.
    ///
    /// With several, [`group_of`](Self::group_of) names the one that is meant.
    pub fn group<G>(&self) -> GroupRef<'_, G>
    where
        C: SoleGroup<G>,
    {
        let (channels, channel) = (&self.channels, self.connection.name());
        GroupRef { channels, channel, name: self.groups.as_slice().first(), group: PhantomData }
    }

    /// One of the declared groups of this connection, as in `context.group_of::<Room>()`.
    pub fn group_of<G>(&self) -> GroupRef<'_, G>
    where
        C: InGroup<G>,
    {
        let (channels, channel) = (&self.channels, self.connection.name());
        GroupRef { channels, channel, name: self.groups.as_slice().get(C::INDEX), group: PhantomData }
    }

    /// Says for how long the connection may stay from now on, whatever was said before; see [`SessionExpiring`](crate::SessionExpiring) for what
    /// happens towards the end, and [`max_lifetime`](crate::Settings::max_lifetime) for what holds when nothing is said.
    ///
    /// A year at most. In `#[connect]` the time begins there.
    pub fn stay_for(&self, time: Duration) {
        self.connection.stay_for(time);
    }

    /// As [`stay_for`](Self::stay_for), until a time of day, such as when a token expires; what is past is over at once.
    pub fn stay_until(&self, end: SystemTime) {
        self.connection.stay_until(end);
    }

    /// Takes back what was said about the connection's time, `max_lifetime` included.
    pub fn stay_forever(&self) {
        self.connection.stay_forever();
    }

    /// Says whose connection this is, so that [`Channels::user`] reaches it; who it was before, it is no longer.
    ///
    /// The id is any text that is a user's own: a number, a UUID, a name. It counts among the connection's groups
    /// ([`max_groups`](crate::Settings::max_groups)).
    ///
    /// # Errors
    /// When the id is empty or too long for a name (85 characters, or 63 bytes when there are others in it than a group's
    /// name may hold), or the layer is away.
    pub fn log_in(&self, user: impl AsRef<str>) -> Joining<'_> {
        let user = user.as_ref().to_owned();
        Joining::new(async move { session::log_in(&self.channels, &self.connection, &user).await })
    }

    /// Says that this connection is nobody's any longer; it stays open.
    ///
    /// # Errors
    /// When the layer is away.
    pub fn log_out(&self) -> Joining<'_> {
        Joining::new(session::log_out(&self.channels, &self.connection))
    }

    /// Whose connection this is, if that was said.
    pub fn user_id(&self) -> Option<String> {
        self.connection.user()
    }

    /// Joins a group; joining twice is joining once.
    ///
    /// # Errors
    /// When the group's name breaks the rule of names, another type of group that these channels know can give the same
    /// name, or the layer is away.
    pub fn join<G: JoinedBy<C>>(&self, group: G) -> Joining<'_> {
        let name = self.channels.group_name(&group);
        Joining::new(async move { self.channels.join(&self.connection, name?).await })
    }

    /// Leaves a group; leaving one that it is not in changes nothing.
    ///
    /// # Errors
    /// When the group's name breaks the rule of names, or the layer is away.
    pub fn leave<G: Group>(&self, group: G) -> Joining<'_> {
        let name = group.name();
        Joining::new(async move { self.channels.leave(&self.connection, name?).await })
    }

    /// Groups and sends by name, unchecked by the compiler.
    pub fn untyped(&self) -> UntypedContext<'_> {
        UntypedContext { connection: &self.connection, channels: &self.channels }
    }
}
