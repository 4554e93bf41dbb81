//! Django Channels' consumers for axum, checked by the compiler.
//!
//! A **consumer** is a struct: one value per connection, its fields are the connection's state. The browser's frames
//! reach its *receive* handlers; **events**, sent through the **channel layer** to a **group** or to one **channel**,
//! reach its *event* handlers. One connection handles one thing at a time, in order. Everything that a consumer can get
//! is declared, so the compiler checks every sender against it.
//!
//! ```no_run
//! use axum::Router;
//! use consumer_runtime::prelude::*;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Deserialize)]
//! struct Say { message: String }
//!
//! #[event("chat.message")]
//! struct ChatMessage { message: String }
//!
//! #[derive(Serialize)]
//! struct Said { message: String }
//!
//! #[group("chat_{room_name}", events(ChatMessage))]
//! struct Room { room_name: String }
//!
//! #[consumer("/ws/chat/{room_name}/", group = Room)]
//! struct ChatConsumer { room_name: String }
//!
//! #[consumer]
//! impl ChatConsumer {
//!     #[receive]
//!     async fn receive(&mut self, say: Say, context: &mut Context<Self>) -> Result {
//!         context.group().send(ChatMessage { message: say.message }).await
//!     }
//!
//!     #[event("chat.message")]
//!     fn chat_message(event: &ChatMessage) -> Said {
//!         Said { message: event.message.clone() }
//!     }
//! }
//!
//! # async fn run() -> std::io::Result<()> {
//! consumer_runtime::serve("127.0.0.1:8000", Router::new().consumer::<ChatConsumer>()).await
//! # }
//! ```
//!
//! # Where to look
//!
//! - declare: the attributes [`consumer`](macro@consumer), [`event`](macro@event) and [`group`](macro@group)
//! - handle: [`Context`], [`Refusal`], [`Close`], [`Error`], [`ReplyError`](macro@ReplyError), [`Scope`]
//! - send from elsewhere: [`Channels`], [`Group::send`], [`Channels::channel`], [`Channels::untyped`]
//! - mount and run: [`routes!`], [`RouterExt`], [`Route`], [`serve()`], [`Server`], [`Settings`]
//! - operate: [`health()`], [`Channels::counts`]; `docs/observability.md` in the repository
//! - generate clients, and refuse those that were built for something else: [`schema`]
//! - test: `testing::Communicator`
//!
//! # Errors answer, panics close
//!
//! | where | what | then |
//! |---|---|---|
//! | before the upgrade | an extractor or `#[connect]` refuses | its HTTP response; a panic is a 500; a group name or path value that breaks a rule is a 400 that quotes it |
//! | `#[receive]` | unknown `type`, bad JSON, a field that does not fit, the handler's `Err` | an error frame, or the reply if the frame had an `id`; the socket stays ([`Settings::on_error`]) |
//! | `#[receive]` | longer than [`Settings::reply_timeout`] | dropped, and the client is told `timeout`; the socket stays |
//! | `#[receive]` that returns a value | the client is gone | dropped |
//! | `#[event]` with `self` | `Err` | logged once per kind and counted; the socket stays |
//! | any handler | `Err` made of a [`Close`] | closes with it |
//! | any handler with `self` | panic | 1011 for that socket alone, and `#[disconnect]` runs |
//! | shared handler | `Err` or panic | logged, counted, that event is not sent; no socket closes |
//! | layer away | sends | an ordinary error: nothing closes |
//!
//! A worker's handlers answer to no client: `docs/workers.md` in the repository says what becomes of their messages.
//!
//! Every message and frame that is dropped is counted: [`Channels::counts`].
//!
//! # Features
//!
//! | name | what | default |
//! |---|---|---|
//! | `testing` | `testing::Communicator`, a client in memory | no |
//! | `schema` | the shapes of payloads that derive `JsonSchema` (schemars 1) in [`schema::Contract`]; `schema::Declarations`: a TypeScript client and an AsyncAPI document | no |
//! | `redis` | `RedisLayer` and `RedisPubSubLayer`, for several processes, Django's among them | no |
//! | `jwt` | `Jwt` and `JwtVerifier`, extractors of JSON Web Tokens | no |
//! | `django` | [`django`]: the sessions and users of a Django project; `django-postgres` and `django-sqlite` read its database | no |
//! | `nats` | `NatsLayer`, for several processes | no |
//! | `msgpack` | `Message::to_msgpack` and `from_msgpack`, for layers of one's own | no |
//! | `inspector` | `inspector`, a page that shows connections, groups and events | no |
//! | `metrics` | [`Channels::publish_metrics`], for the `metrics` facade | no |
//! | `deflate` | compression, for routes whose [`Settings::compression`] asks for it (permessage-deflate, RFC 7692) | no |
//! | `http2` | WebSockets over HTTP/2 (RFC 8441) | no |

// The macros name `::consumer_runtime`, in this crate's own tests and examples too.
#[allow(unused_extern_crates)]
extern crate self as consumer_runtime;

mod again;
mod asking;
mod channels;
mod close;
mod codec;
mod connection;
mod consumer;
mod context;
mod counters;
mod decode;
#[cfg(feature = "django")]
pub mod django;
mod effective;
mod error;
mod event;
mod group;
mod health;
mod inspecting;
#[cfg(feature = "inspector")]
mod inspector;
mod key;
mod layer;
mod message;
mod meters;
mod names;
mod origin;
mod outcome;
mod proxies;
mod refusal;
mod reply_error;
mod route;
pub mod schema;
mod scope;
mod serve;
mod session;
mod settings;
mod sse;
#[cfg(feature = "testing")]
pub mod testing;
mod worker;

#[doc(hidden)]
#[allow(missing_docs)]
pub mod __private;
pub mod prelude;

#[doc = include_str!("docs/reply_error.md")]
pub use consumer_macros::ReplyError;
#[doc = include_str!("docs/consumer.md")]
pub use consumer_macros::consumer;
#[doc = include_str!("docs/event.md")]
pub use consumer_macros::event;
#[doc = include_str!("docs/group.md")]
pub use consumer_macros::group;
#[doc = include_str!("docs/routes.md")]
pub use consumer_macros::routes;
/// Markers of handlers: they mean something inside `#[consumer] impl`, and say so anywhere else.
pub use consumer_macros::{connect, disconnect, receive};

pub use consumer::{Connects, Consumer, Declaration, Declared, Handler, HandlerKind, InGroup, SoleGroup};
pub use context::{
    BlockingContext, BlockingGroupRef, Context, Delivery, GroupRef, Joining, SentBy, SeveralGroups, UntypedContext,
};

pub use event::{Event, HandledBy};
pub use group::{CarriedBy, Group, GroupDeclaration, JoinedBy, OwnGroup};

pub use asking::{AnswerOf, Answers, Asking, MemberAnswer, NoAnswer};

pub use close::{Cause, CheckedCode, Close, CloseCode, Disconnect, InvalidCloseCode, MAX_REASON};
pub use connection::Closed;
pub use error::{Answer, Error, Result};
pub use outcome::Quiet;
pub use refusal::Refusal;
pub use reply_error::ReplyError;

pub use worker::{
    DeadLetters, OnChannel, Retry, WorkOf, Worker, WorkerContext, WorkerDeclaration, Workers, WorkersEnd, worker,
};

pub use channels::{
    Absence, ChannelRef, Channels, ChannelsBuilder, Delivering, Drain, Local, ReceivingChannel, Sending, Undrained,
    Untyped,
};
pub use counters::{Counters, Counts};
#[cfg(any(feature = "nats", feature = "redis"))]
pub use layer::Format;
pub use layer::{
    ChannelCapacity, ChannelLayer, DeadLetter, Job, LayerError, LayerFuture, LayerRestored, MemoryLayer, PatternError,
    Reach, WorkQueue,
};
#[cfg(feature = "nats")]
pub use layer::{NatsError, NatsLayer, NatsOptions};
#[cfg(feature = "redis")]
pub use layer::{RedisClusterLayer, RedisError, RedisHost, RedisLayer, RedisOptions, RedisPubSubLayer};
pub use message::{Message, MessageError};
pub use names::{ChannelName, GroupName, MAX_NAME, NameError};

pub use health::health;
#[cfg(feature = "inspector")]
pub use inspector::inspector;
pub use origin::{InvalidOrigin, Origin, Origins};
pub use proxies::{InvalidProxy, Proxies};
pub use route::{Route, RouterExt};
pub use scope::Scope;
pub use serve::{Server, listen, serve, shutdown_signal};
pub use session::{
    BearerToken, Connecting, Cookies, InvalidTicket, NoToken, SessionExpiring, Ticket, Tickets, UserRef,
};
#[cfg(feature = "jwt")]
pub use session::{InvalidJwt, InvalidJwtKey, Jwt, JwtVerifier};
pub use settings::{Compression, InvalidSetting, OnError, Overflow, Rate, Settings};
