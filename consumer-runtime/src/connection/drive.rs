//! A handler and the socket at once, in one task.

use std::{
    any::Any,
    future::{Future, poll_fn},
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Connection, pump::Pump};
use crate::{
    channels::fanout::panic_text,
    close::{Cause, CloseCode, Disconnect},
};

/// Runs a handler beside the socket: while it waits, frames go out, pings are answered and deadlines are kept.
pub(super) async fn drive<T, F>(
    connection: &Connection,
    pump: &mut Pump<T>,
    handler: F,
) -> Result<F::Output, Box<dyn Any + Send>>
where
    T: AsyncRead + AsyncWrite + Unpin,
    F: Future,
{
    let mut handler = pin!(AssertUnwindSafe(handler).catch_unwind());
    poll_fn(|task| poll_beside(connection, pump, handler.as_mut(), task)).await
}

/// Polls a handler, and the socket while it waits.
pub(super) fn poll_beside<T, F>(
    connection: &Connection,
    pump: &mut Pump<T>,
    handler: Pin<&mut F>,
    task: &mut Context<'_>,
) -> Poll<F::Output>
where
    T: AsyncRead + AsyncWrite + Unpin,
    F: Future,
{
    let output = handler.poll(task);
    if output.is_pending() {
        connection.task.register(task.waker());
        pump.poll(task);
    }
    output
}

/// A panic ends this connection alone.
pub(super) fn panicked(connection: &Connection, what: &str, panic: &(dyn Any + Send)) {
    connection.counters().panicked();
    tracing::error!(handler = what, panic = panic_text(panic), "a handler panicked; closing with 1011");
    connection.end(Disconnect::new(CloseCode::INTERNAL_ERROR.get(), "internal error", Cause::Panic));
}
