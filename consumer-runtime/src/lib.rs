//! Django Channels' consumers for axum, checked by the compiler.
//!
//! A **consumer** is a struct: one value per connection, its fields are the connection's state. The browser's frames reach
//! its *receive* handlers; **events**, sent through the **channel layer** to a **group** or to one **channel**, reach its
//! *event* handlers. One connection handles one thing at a time, in order. Everything that a consumer can get is
//! declared, so the compiler checks every sender against it.

// The macros name `::consumer_runtime`, in this crate's own tests and examples too.
#[allow(unused_extern_crates)]
extern crate self as consumer_runtime;

mod channels;
mod close;
mod codec;
mod connection;
mod consumer;
mod context;
mod decode;
mod error;
mod event;
mod group;
mod layer;
mod message;
mod names;
mod origin;
mod outcome;
mod refusal;
mod route;
mod scope;
mod serve;
mod settings;
#[cfg(feature = "testing")]
pub mod testing;

#[doc(hidden)]
#[allow(missing_docs)]
pub mod __private;
pub mod prelude;

pub use consumer_macros::{consumer, event, group};

pub use consumer::{Connects, Consumer, Declaration, Declared, Handler, HandlerKind, InGroup};
pub use context::{
    BlockingContext, BlockingGroupRef, Context, Delivery, GroupRef, SentBy, UntypedContext,
};

pub use event::{Event, HandledBy};
pub use group::{CarriedBy, Group, JoinedBy, OwnGroup};

pub use close::{Cause, Close, CloseCode, Disconnect, InvalidCloseCode, MAX_REASON};
pub use connection::Closed;
pub use error::{Answer, Error, Result};
pub use outcome::Quiet;
pub use refusal::Refusal;

pub use channels::{ChannelRef, Channels, ChannelsBuilder, Counters, Counts, Local, ReceivingChannel, Sending, Untyped};
pub use layer::{ChannelLayer, LayerError, LayerFuture, MemoryLayer};
pub use message::{Message, MessageError};
pub use names::{ChannelName, GroupName, MAX_NAME, NameError};

pub use origin::{InvalidOrigin, Origin, Origins};
pub use route::{Route, RouterExt};
pub use scope::Scope;
pub use serve::{Server, serve, shutdown_signal};
pub use settings::{OnError, Overflow, Rate, Settings};
