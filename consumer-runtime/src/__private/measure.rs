//! One connection without a socket, so that the way from a message to its handler can be measured alone.

use std::{fmt, sync::Arc};

use axum::{extract::FromRequestParts, http::Request};
use futures_util::FutureExt;

use crate::{
    channels::{Channels, fanout::kind_of},
    connection::Connection,
    consumer::{Consumer, Slot},
    context::Context,
    decode::{Tagged, decode_frame},
    event::EventSet,
    message::Message,
    outcome::Outcome,
    scope::Scope,
    settings::Settings,
};

/// A consumer at work, and everything between it and its channels but the socket.
pub struct Desk<C: Consumer> {
    slot: Slot<C>,
    context: Context<C>,
    connection: Arc<Connection>,
}

impl<C: Consumer> fmt::Debug for Desk<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl<C: Consumer> Desk<C> {
    /// A connection that is open.
    pub fn new(consumer: C) -> Self {
        let channels = Channels::memory();
        let local = channels.local();
        let connection = Arc::new(Connection::new(
            local.new_name(),
            kind_of::<C>(),
            Arc::new(Settings::default()),
            Arc::clone(local),
            Vec::new(),
            None,
        ));
        connection.take_accept();
        let (mut request, ()) = Request::new(()).into_parts();
        let Some(Ok(scope)) = Scope::from_request_parts(&mut request, &()).now_or_never() else {
            unreachable!("the scope waits for nothing and refuses nothing")
        };
        let context = Context::new(Arc::clone(&connection), channels, Arc::new(scope));
        let mut slot = Slot::default();
        slot.fill(consumer);
        Self { slot, context, connection }
    }

    /// The event's variant, and whether a shared handler takes it: what a process does once.
    pub fn pick(message: &Message) -> Option<C::Event> {
        message.decode::<C::Event>()?.ok()
    }

    /// What a connection does with an event for a handler with `self`.
    ///
    /// # Panics
    /// When the handler waits for anything.
    pub fn handle(&mut self, event: C::Event) -> Outcome {
        C::event(&mut self.slot, event, &mut self.context).now_or_never().expect("a handler that does not wait")
    }

    /// The frame that a text is, as its handler gets it.
    pub fn read(text: &str) -> Option<C::Receive> {
        decode_frame(text).ok().map(|(frame, _)| frame)
    }

    /// What a connection does with a frame.
    ///
    /// # Panics
    /// When the handler waits for anything.
    pub fn receive(&mut self, frame: C::Receive) -> Outcome {
        C::receive(&mut self.slot, frame, &mut self.context).now_or_never().expect("a handler that does not wait")
    }

    /// The names of the events, so that nothing is measured that is not dispatched.
    pub fn events() -> &'static [&'static str] {
        <C::Event as Tagged>::NAMES
    }

    /// The name of an event's variant.
    pub fn name(event: &C::Event) -> &'static str {
        event.name()
    }
}
