//! A frame's handler, which may be given up: it took too long, or nobody waits for its answer any more.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use tracing::Span;

use super::{
    Connection,
    guard::{self, Panic},
    heart::far_away,
};
use crate::outcome::Outcome;

/// How a frame's handler ended.
pub(super) enum Ended {
    /// It returned.
    Returned(Outcome),
    /// It panicked.
    Panicked(Panic),
    /// It was dropped, since it took too long; the client is told.
    TimedOut,
    /// It was dropped, since nobody waits for its answer any more.
    Abandoned,
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
pub(super) fn request<'a, F: Future<Output = Outcome>>(
    connection: &'a Connection,
    terms: Terms,
    span: &'a Span,
    mut handler: Pin<&'a mut Option<F>>,
    told: impl FnOnce() + 'a,
) -> impl Future<Output = Ended> + 'a {
    // In a box, so that connections without a limit need no room for it.
    let limit = connection.settings().reply_timeout;
    let mut limit = limit.map(|limit| Box::pin(tokio::time::sleep(far_away(limit))));
    let mut told = Some(told);
    poll_fn(move |task| {
        let Some(running) = handler.as_mut().as_pin_mut() else { return Poll::Ready(Ended::TimedOut) };
        match guard::poll(running, span, task) {
            Poll::Ready(Ok(outcome)) if told.is_none() => return Poll::Ready(Ended::Late(outcome)),
            Poll::Ready(Ok(outcome)) => return Poll::Ready(Ended::Returned(outcome)),
            Poll::Ready(Err(panic)) => return Poll::Ready(Ended::Panicked(panic)),
            Poll::Pending => {}
        }
        if terms.answers && !terms.blocking && connection.client_is_gone() {
            connection.counters().abandoned();
            tracing::debug!("the client is gone and waits for no answer; its frame's handler is dropped");
            return Poll::Ready(give_up(handler.as_mut(), span, Ended::Abandoned));
        }
        if limit.as_mut().is_some_and(|limit| limit.as_mut().poll(task).is_ready()) {
            limit = None;
            if let Some(told) = told.take() {
                told();
            }
            if !terms.blocking {
                return Poll::Ready(give_up(handler.as_mut(), span, Ended::TimedOut));
            }
        }
        Poll::Pending
    })
}

fn give_up<F>(handler: Pin<&mut Option<F>>, span: &Span, why: Ended) -> Ended {
    match guard::give_up(handler, span) {
        Ok(()) => why,
        Err(panic) => Ended::Panicked(panic),
    }
}
