//! Handlers of `#[consumer(blocking)]`: the consumer moves to a thread of the blocking pool and comes back.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::{
    consumer::{Consumer, Slot},
    context::{BlockingContext, Context},
    refusal::Refusal,
};

/// Runs `handler` on the blocking pool with the consumer of `slot`.
///
/// # Panics
/// With the handler's own panic, after the consumer is back in its slot.
pub async fn run<C, F, T>(slot: &mut Slot<C>, context: &mut Context<C>, handler: F) -> T
where
    C: Consumer,
    F: FnOnce(&mut C, &mut BlockingContext<C>) -> T + Send + 'static,
    T: Send + 'static,
{
    let mut consumer = slot.take().expect("a handler runs only while the consumer is in its slot");
    let mut blocking = context.blocking();
    let (consumer, output) = elsewhere(move || {
        let output = catch_unwind(AssertUnwindSafe(|| handler(&mut consumer, &mut blocking)));
        (consumer, output)
    })
    .await;
    slot.fill(consumer);
    output.unwrap_or_else(|panic| resume_unwind(panic))
}

/// Runs a `#[connect]` without receiver on the blocking pool.
///
/// # Panics
/// With the handler's own panic.
pub async fn connect<C, F>(context: &mut Context<C>, handler: F) -> Result<C, Refusal>
where
    C: Consumer,
    F: FnOnce(&mut BlockingContext<C>) -> Result<C, Refusal> + Send + 'static,
{
    let mut blocking = context.blocking();
    elsewhere(move || handler(&mut blocking)).await
}

async fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let span = tracing::Span::current();
    match tokio::task::spawn_blocking(move || span.in_scope(work)).await {
        Ok(output) => output,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is being torn down, and the connection with it.
            Err(_) => std::future::pending().await,
        },
    }
}
