//! The traits that `#[consumer]` implements, and what the struct half declares.

use std::future::{Future, ready};

use axum::http::request::Parts;
use bytes::Bytes;

use crate::{
    close::Disconnect,
    context::Context,
    decode::Tagged,
    event::EventSet,
    group::{GroupDeclaration, GroupNames},
    names::NameError,
    outcome::{Fanned, Outcome},
    refusal::Refusal,
    schema::listing::Builder,
    settings::Settings,
};

/// What `#[consumer(..)]` on the struct declares.
#[derive(Debug)]
#[non_exhaustive]
pub struct Declaration {
    /// The consumer's type, as in `ChatConsumer`.
    pub consumer: &'static str,
    /// The path in axum's form, as in `/ws/chat/{room_name}/`.
    pub path: &'static str,
    /// The names in the path, in order.
    pub params: &'static [&'static str],
    /// The subprotocols that this consumer speaks, best first; empty when it negotiates none.
    pub subprotocols: &'static [&'static str],
    /// Whether the scope stays after the connect.
    pub keep_scope: bool,
    /// The alias of the channels that its connections live on; `default` is the router's own.
    pub layer: &'static str,
    /// The declared groups, in the order in which they are joined.
    pub groups: &'static [GroupDeclaration],
    /// Applies the settings of the attribute on top of the router's.
    pub settings: fn(&mut Settings),
    /// Lists the docs, the path parameters and the types of `sends(..)`.
    pub(crate) listed: fn(&mut Builder),
}

impl Declaration {
    /// What the macro fills in.
    #[doc(hidden)]
    pub const fn new(consumer: &'static str, path: &'static str, params: &'static [&'static str]) -> Self {
        Self {
            consumer,
            path,
            params,
            subprotocols: &[],
            keep_scope: false,
            layer: "default",
            groups: &[],
            settings: |_| {},
            listed: |_| {},
        }
    }

    #[doc(hidden)]
    pub const fn subprotocols(mut self, subprotocols: &'static [&'static str]) -> Self {
        self.subprotocols = subprotocols;
        self
    }

    #[doc(hidden)]
    pub const fn keep_scope(mut self) -> Self {
        self.keep_scope = true;
        self
    }

    #[doc(hidden)]
    pub const fn layer(mut self, layer: &'static str) -> Self {
        self.layer = layer;
        self
    }

    #[doc(hidden)]
    pub const fn groups(mut self, groups: &'static [GroupDeclaration]) -> Self {
        self.groups = groups;
        self
    }

    #[doc(hidden)]
    pub const fn settings(mut self, settings: fn(&mut Settings)) -> Self {
        self.settings = settings;
        self
    }

    #[doc(hidden)]
    pub const fn listed(mut self, listed: fn(&mut Builder)) -> Self {
        self.listed = listed;
        self
    }
}

/// The struct half of a consumer.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not declared as a consumer",
    label = "this struct has no route",
    note = "put `#[consumer(\"/ws/path/\")]` above `struct {Self}`"
)]
pub trait Declared: Sized + 'static {
    /// What the attribute says.
    const DECLARATION: Declaration;

    /// The names of the declared groups, made from the fields, in the order of the declaration.
    #[doc(hidden)]
    fn declared_groups(&self) -> Result<GroupNames, NameError> {
        Ok(GroupNames::None)
    }
}

/// A consumer that declares group `G`.
///
/// The group is a parameter, and no associated type, so that a public consumer may have a private one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare the group `{G}`",
    label = "not one of the groups of `{Self}`",
    note = "declare it, `#[consumer(\"/ws/path/\", groups(.., {G}))]`, or send by the group's own type: `{G} {{ .. }}.send(context.channels(), ..)`"
)]
pub trait InGroup<G>: Declared {
    /// Which of the declared groups `G` is.
    #[doc(hidden)]
    const INDEX: usize;
}

/// A consumer that declares one group, `G`; [`SeveralGroups`](crate::SeveralGroups) when it declares more.
#[diagnostic::on_unimplemented(
    message = "`{Self}` declares no such group",
    label = "`group()` is the group that the consumer declares",
    note = "declare it, `#[consumer(\"/ws/path/\", group = Room)]`, or send by the group's own type: `Room {{ .. }}.send(context.channels(), ..)`"
)]
pub trait SoleGroup<G>: Declared {}

/// One handler, as the declarations list it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Handler {
    /// What it handles.
    pub kind: HandlerKind,
    /// The event's or frame's name; empty for handlers that have none.
    pub name: &'static str,
    /// The method.
    pub method: &'static str,
}

impl Handler {
    #[doc(hidden)]
    pub const fn new(kind: HandlerKind, name: &'static str, method: &'static str) -> Self {
        Self { kind, name, method }
    }
}

/// What a handler handles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HandlerKind {
    /// An event, once per connection.
    Event,
    /// An event, once per process.
    SharedEvent,
    /// A JSON frame of the client, by name or as the only kind.
    Receive,
    /// A text frame as it is.
    ReceiveText,
    /// A binary frame.
    ReceiveBytes,
}

/// The impl half of a consumer: one value per connection, its handlers and what they take.
///
/// Implemented by `#[consumer]` on the impl block; nobody writes it by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no consumer handlers",
    label = "`{Self}` is not a consumer",
    note = "put `#[consumer]` above `impl {Self} {{ .. }}`",
    note = "a worker, `#[consumer(worker)]`, has no route: `consumer_runtime::worker(channels).consumer(..)` runs it"
)]
pub trait Consumer: Sized + Send + 'static {
    /// What the struct half declares.
    const DECLARATION: Declaration;

    /// All handlers in the order of the source.
    const HANDLERS: &'static [Handler];

    /// Whether handlers run on the blocking pool.
    const BLOCKING: bool = false;

    /// Whether `#[receive(text)]` returns a value.
    #[doc(hidden)]
    const TEXT_ANSWERS: bool = false;

    /// Whether `#[receive(bytes)]` returns a value.
    #[doc(hidden)]
    const BYTES_ANSWERS: bool = false;

    /// Every event that this consumer handles, as one enum in the flat tagged form.
    type Event: EventSet;

    /// Every JSON frame that this consumer receives, as one enum.
    #[doc(hidden)]
    type Receive: Tagged + Send + 'static;

    /// What connects it: implements [`Connect`] for every state out of which the extractors can be made.
    #[doc(hidden)]
    type Connect;

    /// Lists the handlers and what goes over the socket, all but what the struct half lists.
    #[doc(hidden)]
    fn contract(contract: &mut Builder);

    /// Runs the shared handler of `event`, or says that it belongs to each connection.
    #[doc(hidden)]
    fn fan(event: &Self::Event) -> Fanned;

    /// Whether the handler of a JSON frame returns a value.
    #[doc(hidden)]
    fn answers(_: &Self::Receive) -> bool {
        false
    }

    /// The name of a JSON frame, as its handler declares it; `receive` for the handler that declares none.
    #[doc(hidden)]
    fn frame_name(_: &Self::Receive) -> &'static str {
        "receive"
    }

    // `Self: Send` is asked once, above; the methods assume it, so that a consumer that is not `Send` is one error.

    /// Runs the handler of `event` on one connection.
    #[doc(hidden)]
    fn event(
        consumer: &mut Slot<Self>,
        event: Self::Event,
        context: &mut Context<Self>,
    ) -> impl Future<Output = Outcome> + Send
    where
        Self: Send;

    /// Runs the handler of a JSON frame.
    #[doc(hidden)]
    fn receive(
        consumer: &mut Slot<Self>,
        frame: Self::Receive,
        context: &mut Context<Self>,
    ) -> impl Future<Output = Outcome> + Send
    where
        Self: Send;

    /// Runs `#[receive(text)]`.
    #[doc(hidden)]
    fn receive_text(_: &mut Slot<Self>, _: String, _: &mut Context<Self>) -> impl Future<Output = Outcome> + Send
    where
        Self: Send,
    {
        ready(Outcome::Unexpected)
    }

    /// Runs `#[receive(bytes)]`.
    #[doc(hidden)]
    fn receive_bytes(_: &mut Slot<Self>, _: Bytes, _: &mut Context<Self>) -> impl Future<Output = Outcome> + Send
    where
        Self: Send,
    {
        ready(Outcome::Unexpected)
    }

    /// Runs `#[disconnect]`.
    #[doc(hidden)]
    fn disconnect(_: &mut Slot<Self>, _: Disconnect, _: &mut Context<Self>) -> impl Future<Output = Outcome> + Send
    where
        Self: Send,
    {
        ready(Outcome::Done)
    }
}

/// A consumer that can be connected on a router with state `S`.
///
/// True of every consumer on a state out of which the extractors of `#[connect]` and of the `#[extract]` fields can be
/// made.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no consumer handlers",
    label = "`{Self}` is not a consumer",
    note = "put `#[consumer]` above `impl {Self} {{ .. }}`",
    note = "a worker, `#[consumer(worker)]`, has no route: `consumer_runtime::worker(channels).consumer(..)` runs it"
)]
pub trait Connects<S>: Consumer {
    /// Fills `consumer`, or refuses; a consumer that was built before the refusal stays in the slot.
    #[doc(hidden)]
    fn connect(
        consumer: &mut Slot<Self>,
        request: &mut Parts,
        state: &S,
        context: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;
}

impl<S, C: Consumer<Connect: Connect<S, C>>> Connects<S> for C {
    fn connect(
        consumer: &mut Slot<Self>,
        request: &mut Parts,
        state: &S,
        context: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), Refusal>> + Send {
        <C::Connect as Connect<S, C>>::connect(consumer, request, state, context)
    }
}

/// How `C` is connected on a router with state `S`: implemented by a type that `#[consumer]` generates.
///
/// Apart from [`Consumer`], so that two impl blocks of one consumer conflict in that trait alone.
#[doc(hidden)]
pub trait Connect<S, C> {
    /// As [`Connects::connect`].
    fn connect(
        consumer: &mut Slot<C>,
        request: &mut Parts,
        state: &S,
        context: &mut Context<C>,
    ) -> impl Future<Output = Result<(), Refusal>> + Send
    where
        C: Send;
}

/// A consumer whose fields can be filled from the request: path fields, `#[extract]` fields, `Default` for the rest.
///
/// Implemented by `#[consumer(..)]` on the struct.
#[doc(hidden)]
pub trait Built<S>: Sized {
    /// Fills the fields.
    fn build(request: &mut Parts, state: &S) -> impl Future<Output = Result<Self, Refusal>> + Send;
}

/// Where a connection keeps its consumer between handlers.
///
/// Empty before the connect, and while a blocking handler has the consumer on its own thread.
#[doc(hidden)]
#[derive(Debug)]
pub struct Slot<C>(Option<C>);

impl<C> Default for Slot<C> {
    fn default() -> Self {
        Self(None)
    }
}

impl<C> Slot<C> {
    /// The consumer.
    ///
    /// # Panics
    /// When it is empty, which the runtime excludes: a handler runs only after the consumer was built.
    pub fn get(&mut self) -> &mut C {
        self.0.as_mut().expect("a handler runs only while the consumer is in its slot")
    }

    /// Puts the consumer in.
    pub fn fill(&mut self, consumer: C) -> &mut C {
        self.0.insert(consumer)
    }

    /// Takes the consumer out for a while.
    pub fn take(&mut self) -> Option<C> {
        self.0.take()
    }

    /// Whether there is a consumer.
    pub fn is_filled(&self) -> bool {
        self.0.is_some()
    }
}
