//! A consumer at work: one handler at a time, and a box for those that follow each other.
//!
//! The box owns the consumer while handlers run, and gives it back; at rest there is no box, so a handler's future takes no
//! memory then, however large it is.

use std::{
    any::Any,
    collections::VecDeque,
    future::{Future, poll_fn},
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    sync::Arc,
};

use futures_util::FutureExt;
use serde_json::value::RawValue;
use tracing::Instrument;

use super::{
    Closed, Connection, Waiting,
    clock::Clock,
    few::Few,
    guard,
    inbox::{Entry, What},
    intake::Read,
    receive,
};
use crate::{
    asking::NoAnswer,
    channels::{Owed, fanout::panic_text},
    close::{Cause, CloseCode, Disconnect, RemoteClose},
    consumer::{Consumer, Slot},
    context::Context,
    error::{Error, Kind},
    event::EventSet,
    meters::{Outcome as Became, Timer},
    outcome::Outcome,
};

/// A consumer and what its handlers get beside what they handle.
pub(super) struct Work<C: Consumer> {
    pub(super) slot: Slot<C>,
    pub(super) context: Context<C>,
}

/// Handlers that run one after the other, and give the consumer back.
pub(super) type Running<C> = Pin<Box<dyn Future<Output = Done<C>> + Send>>;

/// What handlers leave.
pub(super) struct Done<C: Consumer> {
    pub(super) work: Box<Work<C>>,
    /// How many things were handled.
    pub(super) handled: usize,
    /// The frames that were not, as those after a handler that has waited.
    pub(super) left: Few<Read>,
}

/// How many frames, or events, one box handles before what else waits gets its turn. As soon as a handler has waited, the
/// turn is over, so that both take turns one by one where handlers take time.
pub(super) const BATCH: usize = 16;

/// Handles frames, until one of them ends the connection.
pub(super) fn frames<C: Consumer>(mut work: Box<Work<C>>, mut frames: Few<Read>) -> Running<C> {
    Box::pin(async move {
        let Work { slot, context } = &mut *work;
        let connection = Arc::clone(context.connection());
        let mut handled = 0;
        while !connection.is_over()
            && !connection.has_waited()
            && let Some(frame) = frames.pop_front()
        {
            match frame {
                Read::Text(text) => receive::text(slot, context, &connection, text).await,
                Read::Binary(bytes) => receive::bytes(slot, context, &connection, bytes).await,
            }
            handled += 1;
        }
        Done { work, handled, left: frames }
    })
}

/// Handles events, and lets the frames go that wait between them, until one of them ends the connection.
pub(super) fn events<C: Consumer>(mut work: Box<Work<C>>, events: VecDeque<Entry>) -> Running<C> {
    Box::pin(async move {
        let Work { slot, context } = &mut *work;
        let connection = Arc::clone(context.connection());
        let mut handled = 0;
        let mut clock = Clock::default();
        let mut taken = Taken { connection: &connection, events };
        while !connection.is_over()
            && !connection.has_waited()
            && let Some(Entry { what, expires }) = taken.events.pop_front()
        {
            match what {
                _ if expires < clock.now() => connection.counters().expired(1),
                What::Frame(frame) => connection.deliver_next(*frame),
                What::Event(waiting) => {
                    connection.counters().delivered(1);
                    handle_event(slot, context, &connection, waiting).await;
                    handled += 1;
                }
            }
        }
        drop(taken);
        Done { work, handled, left: Few::default() }
    })
}

/// Events that are taken out of the inbox; what is left of them goes back, however this ends.
struct Taken<'a> {
    connection: &'a Connection,
    events: VecDeque<Entry>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.connection.events_done(std::mem::take(&mut self.events));
    }
}

/// What is no event of the consumer's: a close from elsewhere.
fn obey(connection: &Connection, other: &(dyn Any + Send + Sync), owed: Option<Owed>) {
    let Some(close) = other.downcast_ref::<RemoteClose>() else {
        return connection.counters().undecodable(1);
    };
    connection.end(close.ending());
    if let Some(owed) = owed {
        owed.pay(Ok(RawValue::NULL.to_owned()));
    }
}

async fn handle_event<C: Consumer>(
    slot: &mut Slot<C>,
    context: &mut Context<C>,
    connection: &Connection,
    waiting: Waiting,
) {
    // Whatever happens to the handler, a debt that is dropped unpaid says so to who asked.
    let Waiting { event, owed } = waiting;
    let event = match event.downcast::<C::Event>() {
        Ok(event) => event,
        Err(other) => return obey(connection, &*other, owed),
    };
    let (consumer, name, timer) = (C::DECLARATION.consumer, event.name(), Timer::start());
    let span = debug_span!("event", consumer, channel = %connection.name(), event = name);
    let event = Arc::unwrap_or_clone(event);
    let mut handler = pin!(C::event(slot, event, context));
    let handled = poll_fn(|task| guard::poll(handler.as_mut(), &span, task)).await;
    timer.stop(connection.meters(), consumer, name);
    let became = match handled {
        Ok(Outcome::Failed(error)) => {
            if let (Some(owed), Some(answer)) = (owed, error.told()) {
                owed.pay(Err(NoAnswer::Error(answer)));
            }
            failed_event::<C>(connection, name, error)
        }
        Ok(Outcome::Value(value)) => pay(owed, || value),
        Ok(Outcome::Done) => pay(owed, || RawValue::NULL.to_owned()),
        Ok(Outcome::Unexpected) => Became::Unfit,
        Err(panic) => {
            panicked(connection, name, &*panic);
            Became::Panicked
        }
    };
    connection.meters().event(consumer, name, became, 1);
}

fn pay(owed: Option<Owed>, value: impl FnOnce() -> Box<RawValue>) -> Became {
    if let Some(owed) = owed {
        owed.pay(Ok(value()));
    }
    Became::Handled
}

fn failed_event<C: Consumer>(connection: &Connection, name: &'static str, error: Error) -> Became {
    match error.kind() {
        Kind::Close(close) => {
            connection.close(close.clone());
            return Became::Closed;
        }
        // The client left while the handler was sending: nothing went wrong here.
        Kind::Other(error) if error.is::<Closed>() => return Became::Closed,
        Kind::Answer(_) | Kind::Other(_) => {}
    }
    connection.counters().failed_event();
    let consumer = C::DECLARATION.consumer;
    if connection.local().first_time("failed", consumer, name) {
        tracing::error!(consumer, event = name, %error, "an event's handler failed (logged once)");
    }
    Became::Failed
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
