//! A consumer at work: one handler at a time, in a box of its own.
//!
//! The box owns the consumer while a handler runs, and gives it back; between handlers there is no box, so a handler's
//! future takes no memory of a connection at rest, however large it is.

use std::{any::Any, future::Future, panic::AssertUnwindSafe, pin::Pin, sync::Arc};

use bytes::Bytes;
use futures_util::FutureExt;
use serde_json::value::RawValue;
use tracing::Instrument;

use super::{Closed, Connection, Waiting, receive};
use crate::{
    asking::NoAnswer,
    channels::{Owed, Said, fanout::panic_text},
    close::{Cause, CloseCode, Disconnect},
    consumer::{Consumer, Slot},
    context::Context,
    error::{Error, Kind},
    outcome::Outcome,
};

/// A consumer and what its handlers get beside what they handle.
pub(super) struct Work<C: Consumer> {
    pub(super) slot: Slot<C>,
    pub(super) context: Context<C>,
}

/// A handler that runs, and gives the consumer back.
pub(super) type Running<C> = Pin<Box<dyn Future<Output = Box<Work<C>>> + Send>>;

/// Handles a text frame.
pub(super) fn text<C: Consumer>(mut work: Box<Work<C>>, text: String) -> Running<C> {
    Box::pin(async move {
        let Work { slot, context } = &mut *work;
        let connection = Arc::clone(context.connection());
        receive::text(slot, context, &connection, text).await;
        work
    })
}

/// Handles a binary frame.
pub(super) fn bytes<C: Consumer>(mut work: Box<Work<C>>, bytes: Bytes) -> Running<C> {
    Box::pin(async move {
        let Work { slot, context } = &mut *work;
        let connection = Arc::clone(context.connection());
        receive::bytes(slot, context, &connection, bytes).await;
        work
    })
}

/// Handles an event.
pub(super) fn event<C: Consumer>(mut work: Box<Work<C>>, waiting: Waiting) -> Running<C> {
    Box::pin(async move {
        let Work { slot, context } = &mut *work;
        let connection = Arc::clone(context.connection());
        handle_event(slot, context, &connection, waiting).await;
        connection.event_done();
        work
    })
}

async fn handle_event<C: Consumer>(
    slot: &mut Slot<C>,
    context: &mut Context<C>,
    connection: &Connection,
    waiting: Waiting,
) {
    // Whatever happens to the handler, a debt that is dropped unpaid says so to who asked.
    let Waiting { name, event, owed } = waiting;
    let Ok(event) = event.downcast::<C::Event>() else {
        return connection.counters().undecodable(1);
    };
    let span = debug_span!("event", consumer = C::DECLARATION.consumer, channel = %connection.name(), event = name);
    let event = Arc::unwrap_or_clone(event);
    match AssertUnwindSafe(C::event(slot, event, context).instrument(span)).catch_unwind().await {
        Ok(Outcome::Failed(error)) => {
            if let (Some(owed), Some(answer)) = (owed, error.told()) {
                owed.pay(Err(NoAnswer::Error(answer)));
            }
            failed_event::<C>(connection, name, error);
        }
        Ok(Outcome::Value(value)) => pay(owed, Ok(value)),
        Ok(Outcome::Done) => pay(owed, Ok(RawValue::NULL.to_owned())),
        Ok(Outcome::Unexpected) => {}
        Err(panic) => panicked(connection, name, &*panic),
    }
}

fn pay(owed: Option<Owed>, said: Said) {
    if let Some(owed) = owed {
        owed.pay(said);
    }
}

fn failed_event<C: Consumer>(connection: &Connection, name: &'static str, error: Error) {
    match error.kind() {
        Kind::Close(close) => return connection.close(close.clone()),
        // The client left while the handler was sending: nothing went wrong here.
        Kind::Other(error) if error.is::<Closed>() => return,
        Kind::Answer(_) | Kind::Other(_) => {}
    }
    connection.counters().failed_event();
    let consumer = C::DECLARATION.consumer;
    if connection.local().first_time("failed", consumer, name) {
        tracing::error!(consumer, event = name, %error, "an event's handler failed (logged once)");
    }
}

/// A panic ends this connection alone.
pub(super) fn panicked(connection: &Connection, what: &str, panic: &(dyn Any + Send)) {
    connection.counters().panicked();
    let (channel, panic) = (connection.name(), panic_text(panic));
    tracing::error!(%channel, handler = what, panic, "a handler panicked; closing with 1011");
    connection.end(Disconnect::new(CloseCode::INTERNAL_ERROR.get(), "internal error", Cause::Panic));
}

/// Runs `#[disconnect]` of a consumer that was built, once.
pub(super) async fn disconnect<C: Consumer>(work: &mut Work<C>, connection: &Connection) {
    let Work { slot, context } = work;
    if !slot.is_filled() {
        return;
    }
    let (consumer, channel) = (C::DECLARATION.consumer, connection.name());
    let ending = connection.ending().unwrap_or_else(Disconnect::lost);
    tracing::debug!(consumer, %channel, code = ending.code(), cause = ?ending.cause(), "disconnected");
    let span = debug_span!("disconnect", consumer, %channel);
    match AssertUnwindSafe(C::disconnect(slot, ending, context).instrument(span)).catch_unwind().await {
        Ok(Outcome::Failed(error)) => tracing::error!(consumer, %channel, %error, "`#[disconnect]` failed"),
        Ok(_) => {}
        Err(panic) => {
            connection.counters().panicked();
            tracing::error!(consumer, %channel, panic = panic_text(&*panic), "`#[disconnect]` panicked");
        }
    }
}
