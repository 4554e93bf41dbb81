//! What a handler can do besides its own work: send, close, join, leave.

mod blocking;
mod sending;

pub use blocking::{BlockingContext, BlockingGroupRef};
pub use sending::{Delivery, Joining};

use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};

use axum::http::{HeaderName, HeaderValue};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    asking::{Answers, Asking, NoAnswer},
    channels::{Channels, Sending, Untyped},
    close::{CheckedCode, Close},
    codec,
    connection::Connection,
    consumer::{Consumer, InGroup},
    error::{Error, Result},
    event::{Event, HandledBy},
    group::{CarriedBy, Group, GroupNames, JoinedBy, OwnGroup},
    message::Message,
    names::{ChannelName, GroupName},
    refusal::Refusal,
    scope::Scope,
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
        self.groups = groups;
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

    /// The declared group of this connection.
    ///
    /// With one declared group it is `context.group()`. With several (`groups(Room, User)`) it needs the type of the one
    /// that is meant: `context.group::<Room>()`; without it the compiler says "multiple `send` found", or that it cannot
    /// infer `G`.
    pub fn group<G>(&self) -> GroupRef<'_, G>
    where
        C: InGroup<G>,
    {
        let (channels, channel) = (&self.channels, self.connection.name());
        GroupRef { channels, channel, name: self.groups.as_slice().get(C::INDEX), group: PhantomData }
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

/// The declared group of a connection.
#[derive(Debug)]
pub struct GroupRef<'a, G> {
    channels: &'a Channels,
    /// The connection's own.
    channel: &'a ChannelName,
    name: Option<&'a GroupName>,
    group: PhantomData<fn() -> G>,
}

impl<G: Group> GroupRef<'_, G> {
    /// Sends an event to every member, this connection included.
    ///
    /// # Errors
    /// When the layer is away, or in `#[connect]` before the consumer was built; never because a member is slow.
    pub fn send<E: CarriedBy<G>>(&self, event: E) -> Sending {
        self.deliver(Message::event(event))
    }

    /// Sends an event to every member but this connection.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_to_others<E: CarriedBy<G>>(&self, event: E) -> Sending {
        self.send_except(event, [self.channel])
    }

    /// Sends an event to every member but those of `except`, which are named by their channels.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_except<'e, E: CarriedBy<G>>(
        &self,
        event: E,
        except: impl IntoIterator<Item = &'e ChannelName>,
    ) -> Sending {
        self.deliver(Message::event(event).with_except(except.into_iter().cloned()))
    }

    /// Asks every member but this connection, and collects what their handlers answer until all have, or until `within`
    /// is over; see [`Group::ask`].
    ///
    /// Two members that ask each other at once wait until then, since each handles one thing at a time.
    ///
    /// # Errors
    /// As [`send`](Self::send); that a member fails or is late is told in [`Answers`].
    pub fn ask<E: CarriedBy<G>>(&self, event: E, within: Duration) -> Asking<Result<Answers<E::Answer>>> {
        self.question(Message::event(event), within)
    }
}

/// A consumer's own group, as in `group = "chat_{room}"`: it carries what the consumer handles, and its type is a name
/// that no user wrote.
impl<C: Consumer> GroupRef<'_, OwnGroup<C>> {
    /// Sends an event to every member, this connection included.
    ///
    /// # Errors
    /// When the layer is away, or in `#[connect]` before the consumer was built; never because a member is slow.
    pub fn send<E: HandledBy<C>>(&self, event: E) -> Sending {
        self.deliver(E::into_message(event))
    }

    /// Sends an event to every member but this connection.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_to_others<E: HandledBy<C>>(&self, event: E) -> Sending {
        self.send_except(event, [self.channel])
    }

    /// Sends an event to every member but those of `except`, which are named by their channels.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_except<'e, E: HandledBy<C>>(
        &self,
        event: E,
        except: impl IntoIterator<Item = &'e ChannelName>,
    ) -> Sending {
        self.deliver(E::into_message(event).with_except(except.into_iter().cloned()))
    }

    /// Asks every member but this connection; see [`Group::ask`].
    ///
    /// # Errors
    /// As [`send`](Self::send); that a member fails or is late is told in [`Answers`].
    pub fn ask<E: Event + HandledBy<C>>(&self, event: E, within: Duration) -> Asking<Result<Answers<E::Answer>>> {
        self.question(E::into_message(event), within)
    }
}

impl<G> GroupRef<'_, G> {
    fn question<T>(&self, message: Message, within: Duration) -> Asking<Result<Answers<T>>>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let message = message.with_except([self.channel.clone()]);
        Asking::group(self.channels, self.name.cloned().ok_or(NoGroupYet), Ok::<_, Error>(message), within)
    }

    fn deliver(&self, message: Message) -> Sending {
        match self.name {
            Some(name) => Sending::to_group(self.channels.clone(), name.clone(), message),
            None => Sending::failed(NoGroupYet),
        }
    }

    /// The group's name; `None` in `#[connect]` before the consumer was built.
    pub fn name(&self) -> Option<&GroupName> {
        self.name
    }
}

/// The declared group was used before the consumer had its fields.
#[derive(Clone, Copy, Debug)]
struct NoGroupYet;

impl fmt::Display for NoGroupYet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the declared group has no name before the consumer is built; send from `#[connect]` with `&mut self`, or to the group's own type",
        )
    }
}

impl std::error::Error for NoGroupYet {}

/// What Channels spells with strings, spelled so that it shows.
#[derive(Debug)]
pub struct UntypedContext<'a> {
    connection: &'a Arc<Connection>,
    channels: &'a Channels,
}

impl UntypedContext<'_> {
    /// Joins a group by its name, whatever is sent there; events without a handler are logged and counted.
    ///
    /// # Errors
    /// When the name breaks the rule, or the layer is away.
    pub async fn group_add(&self, name: &str) -> Result {
        self.channels.join(self.connection, GroupName::new(name)?).await
    }

    /// Leaves a group by its name.
    ///
    /// # Errors
    /// When the name breaks the rule, or the layer is away.
    pub async fn group_discard(&self, name: &str) -> Result {
        self.channels.leave(self.connection, GroupName::new(name)?).await
    }

    /// Sends by name, as from outside.
    pub fn channels(&self) -> Untyped<'_> {
        self.channels.untyped()
    }
}
