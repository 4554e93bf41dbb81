//! A frame's handler, which may be given up: it took too long, or nobody waits for its answer any more.

use std::{
    any::Any,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    task::Poll,
};

use futures_util::FutureExt;

use super::{Connection, heart::far_away};
use crate::outcome::Outcome;

/// How a frame's handler ended.
pub(super) enum Ended {
    /// It returned.
    Returned(Outcome),
    /// It panicked.
    Panicked(Box<dyn Any + Send>),
    /// It was dropped; what is to be told is told.
    GivenUp,
    /// It returned after the client was told that it took too long.
    Late(Outcome),
}

/// What a frame's handler is like.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    /// Whether it runs on a thread, which cannot be stopped, and has the consumer for as long as it runs.
    pub(super) blocking: bool,
    /// Whether it returns a value, so that it is of no use once the client is gone.
    pub(super) answers: bool,
}

/// Runs a frame's handler.
///
/// Past `reply_timeout` it is dropped, after `told` has told the client; a blocking one runs to its end, which
/// is late then. One that returns a value is dropped when the client is gone. An end of our own drops nothing.
pub(super) async fn request<F: Future<Output = Outcome>>(
    connection: &Connection,
    terms: Terms,
    handler: F,
    told: impl FnOnce(),
) -> Ended {
    let mut handler = pin!(Some(AssertUnwindSafe(handler).catch_unwind()));
    // In a box, so that connections without a limit need no room for it.
    let limit = connection.settings().reply_timeout;
    let mut limit = limit.map(|limit| Box::pin(tokio::time::sleep(far_away(limit))));
    let mut told = Some(told);
    let ended = poll_fn(|task| {
        let Some(running) = handler.as_mut().as_pin_mut() else { return Poll::Ready(Ended::GivenUp) };
        match running.poll(task) {
            Poll::Ready(Ok(outcome)) if told.is_none() => return Poll::Ready(Ended::Late(outcome)),
            Poll::Ready(Ok(outcome)) => return Poll::Ready(Ended::Returned(outcome)),
            Poll::Ready(Err(panic)) => return Poll::Ready(Ended::Panicked(panic)),
            Poll::Pending => {}
        }
        if terms.answers && !terms.blocking && connection.client_is_gone() {
            connection.counters().abandoned();
            tracing::debug!("the client is gone and waits for no answer; its frame's handler is dropped");
            return Poll::Ready(give_up(handler.as_mut()));
        }
        if limit.as_mut().is_some_and(|limit| limit.as_mut().poll(task).is_ready()) {
            limit = None;
            if let Some(told) = told.take() {
                told();
            }
            if !terms.blocking {
                return Poll::Ready(give_up(handler.as_mut()));
            }
        }
        Poll::Pending
    });
    ended.await
}

/// Drops a handler, whose destructors are the user's code.
fn give_up<F>(mut handler: Pin<&mut Option<F>>) -> Ended {
    match catch_unwind(AssertUnwindSafe(|| handler.set(None))) {
        Ok(()) => Ended::GivenUp,
        Err(panic) => Ended::Panicked(panic),
    }
}
