//! Workers: consumers without a socket, which take their events from a named channel.

mod acknowledged;
mod context;
mod crew;
mod dead_letters;
mod once;
mod retry;
mod workers;

pub use context::WorkerContext;
pub use dead_letters::DeadLetters;
pub use retry::Retry;
pub use workers::{Workers, WorkersEnd, worker};

use std::{future::Future, time::Duration};

use crate::{
    asking::{Asking, NoAnswer},
    channels::{Channels, Sending},
    consumer::Handler,
    error::Result,
    event::{Event, EventSet},
    message::Message,
    names::{ChannelName, NameError},
    outcome::Outcome,
};

/// What `#[consumer(channel = "..")]` on a struct declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkerDeclaration {
    /// The worker's type, as in `Thumbnails`.
    pub worker: &'static str,
    /// The name of its channel, as in `thumbnails-generate`.
    pub channel: &'static str,
    /// Whether a message is kept until it is handled.
    pub acknowledged: bool,
}

impl WorkerDeclaration {
    #[doc(hidden)]
    pub const fn new(worker: &'static str, channel: &'static str) -> Self {
        Self { worker, channel, acknowledged: false }
    }

    #[doc(hidden)]
    pub const fn acknowledged(mut self) -> Self {
        self.acknowledged = true;
        self
    }

    /// The channel's name, which the macro has checked.
    pub(crate) fn channel_name(&self) -> Result<ChannelName, NameError> {
        ChannelName::new(self.channel)
    }
}

/// The struct half of a worker.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes no events from a channel",
    label = "this struct has no channel",
    note = "put `#[consumer(channel = \"..\")]` above `struct {Self}`; a consumer with a path has `#[consumer]` above its `impl`"
)]
pub trait OnChannel: Sized + 'static {
    /// What the attribute says.
    const DECLARATION: WorkerDeclaration;
}

/// The impl half of a worker: one value per process, shared by the messages that are handled at once.
///
/// Implemented by `#[consumer(worker)]` on the impl block; nobody writes it by hand. [`worker`](crate::worker()) runs it.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use consumer_runtime::prelude::*;
///
/// #[event("thumbnails.generate")]
/// struct Generate { picture: String }
///
/// #[consumer(channel = "thumbnails-generate")]
/// struct Thumbnails { width: u32 }
///
/// #[consumer(worker)]
/// impl Thumbnails {
///     #[event("thumbnails.generate")]
///     async fn generate(&self, job: &Generate) -> Result {
///         println!("{} in {} pixels", job.picture, self.width);
///         Ok(())
///     }
/// }
///
/// let channels = Channels::memory();
/// Thumbnails::send(&channels, Generate { picture: "cat.jpg".into() }).await?;
/// let soon = tokio::time::sleep(std::time::Duration::from_millis(50));
/// let end = consumer_runtime::worker(channels).consumer(Thumbnails { width: 200 }).run_until(soon).await?;
/// assert!(end.is_clean());
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a worker",
    label = "this type handles no events of a channel",
    note = "a worker has `#[consumer(channel = \"..\")]` above its struct, and `#[consumer(worker)]` above its `impl`"
)]
pub trait Worker: Sized + Send + Sync + 'static {
    /// What the struct half declares.
    const DECLARATION: WorkerDeclaration;

    /// All handlers in the order of the source.
    const HANDLERS: &'static [Handler];

    /// Every event that this worker handles, as one enum in the flat tagged form.
    type Event: EventSet;

    /// Runs the handler of `event`.
    #[doc(hidden)]
    fn handle(
        worker: &Self,
        event: Self::Event,
        context: &mut WorkerContext<Self>,
    ) -> impl Future<Output = Outcome> + Send
    where
        Self: Send + Sync;

    /// Sends an event to whichever worker takes it first.
    ///
    /// # Errors
    /// When the channel is full or the layer is away; for an acknowledged worker also when the layer has no acknowledged
    /// channels.
    fn send<E: WorkOf<Self>>(channels: &Channels, event: E) -> Sending {
        sending::<Self>(channels, WorkOf::into_message(event))
    }

    /// Sends an event, and waits for what its handler answers, `within` at most.
    ///
    /// An acknowledged worker answers when it is done with the message, which may be after several attempts.
    ///
    /// # Errors
    /// [`NoAnswer`], which says why there is none. The message may be handled all the same.
    fn ask<E: Event + WorkOf<Self>>(
        channels: &Channels,
        event: E,
        within: Duration,
    ) -> Asking<Result<E::Answer, NoAnswer>> {
        let message = WorkOf::into_message(event);
        Asking::work(channels, Self::DECLARATION, message, within)
    }

    /// The messages of an acknowledged worker that could not be handled.
    fn dead_letters(channels: &Channels) -> DeadLetters {
        DeadLetters::new(channels.clone(), Self::DECLARATION.channel_name().map_err(Into::into))
    }
}

/// An event that worker `W` has a handler for.
#[diagnostic::on_unimplemented(
    message = "`{W}` has no handler for event `{Self}`",
    label = "`{W}` can't handle this",
    note = "add a handler to the `#[consumer(worker)] impl {W}`, with the event's own name:\n    #[event(\"..\")]\n    async fn handler(&self, event: &{Self}, context: &mut WorkerContext<Self>) -> Result {{ .. }}",
    note = "an event is sent by value, and is a struct with `#[event(\"..\")]` above it"
)]
pub trait WorkOf<W> {
    /// The event as it is sent.
    #[doc(hidden)]
    fn into_message(event: Self) -> Message
    where
        Self: Sized;
}

fn sending<W: Worker>(channels: &Channels, message: Message) -> Sending {
    match W::DECLARATION.channel_name() {
        Ok(channel) if W::DECLARATION.acknowledged => Sending::to_work(channels.clone(), channel, message),
        Ok(channel) => Sending::to_channel(channels.clone(), channel, message),
        Err(error) => Sending::failed(error),
    }
}
