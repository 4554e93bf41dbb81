//! One step of a handler, in its span and with its panic caught.

use std::{
    any::Any,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
};

use tracing::Span;

/// What a panic leaves.
pub(super) type Panic = Box<dyn Any + Send>;

/// Polls a handler, which is the user's code.
///
/// By reference, since a handler's future is as large as what it holds, and each adapter around it would move it.
#[inline]
pub(super) fn poll<F: Future>(
    handler: Pin<&mut F>,
    span: &Span,
    task: &mut Context<'_>,
) -> Poll<Result<F::Output, Panic>> {
    let polled = catch_unwind(AssertUnwindSafe(|| {
        let _in = span.enter();
        handler.poll(task)
    }));
    match polled {
        Ok(polled) => polled.map(Ok),
        Err(panic) => Poll::Ready(Err(panic)),
    }
}

/// Drops a handler, whose destructors are the user's code.
pub(super) fn give_up<F>(mut handler: Pin<&mut Option<F>>, span: &Span) -> Result<(), Panic> {
    catch_unwind(AssertUnwindSafe(|| {
        let _in = span.enter();
        handler.set(None);
    }))
}
