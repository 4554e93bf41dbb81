//! The life of one connection, from the request to `disconnect`, in one task.

use std::{
    future::poll_fn,
    panic::AssertUnwindSafe,
    pin::pin,
    sync::Arc,
    task::{Context as TaskContext, Poll},
};

use axum::{
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use serde_json::value::RawValue;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{mpsc, oneshot},
};
use tracing::Instrument;

use super::{
    Closed, Connection, Handshake, Upgrade, Waiting,
    drive::{drive, panicked},
    pump::{Pump, Read},
    socket::Socket,
};
use crate::{
    asking::NoAnswer,
    channels::{Channels, Owed, Said, Seat, fanout::panic_text},
    close::{Cause, Close, Disconnect},
    consumer::{Connects, Consumer, Slot},
    context::Context,
    error::{Error, Kind},
    outcome::Outcome,
    refusal::{Refusal, RefusalKind},
    scope::Scope,
};

/// Everything that a connection begins with.
pub(crate) struct Admission<S> {
    pub(crate) connection: Arc<Connection>,
    pub(crate) channels: Channels,
    pub(crate) request: Parts,
    pub(crate) state: S,
    pub(crate) scope: Arc<Scope>,
    pub(crate) handshake: Handshake,
    /// How to close, when the client was built for another contract.
    pub(crate) incompatible: Option<Close>,
    /// The subprotocol to answer when the consumer chooses none.
    pub(crate) echo: Option<String>,
    pub(crate) seat: Seat,
    /// Held to the end for a test that waits for it.
    pub(crate) watch: Option<Watch>,
    /// Takes the response; gone when the client has left meanwhile.
    pub(crate) respond: oneshot::Sender<Response>,
}

/// Put into a request's extensions by whoever wants to know when the connection's task has ended: the receiver then has
/// no sender left.
#[derive(Clone, Debug)]
pub(crate) struct Watch(#[allow(dead_code)] pub(crate) mpsc::Sender<()>);

/// Takes the connection out of its groups, also when its task is aborted.
struct Membership {
    channels: Channels,
    connection: Arc<Connection>,
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.connection.end(Disconnect::lost());
        self.channels.forget(&self.connection);
    }
}

/// Lives a connection: connect, everything that comes, disconnect.
pub(crate) async fn live<C, S>(admission: Admission<S>)
where
    C: Connects<S>,
    S: Send + Sync + 'static,
{
    let consumer = C::DECLARATION.consumer;
    let span = tracing::info_span!("connection", consumer, channel = %admission.connection.name());
    run::<C, S>(admission).instrument(span).await;
}

async fn run<C, S>(admission: Admission<S>)
where
    C: Connects<S>,
    S: Send + Sync + 'static,
{
    let Admission {
        connection,
        channels,
        mut request,
        state,
        scope,
        handshake,
        incompatible,
        echo,
        seat,
        watch,
        respond,
    } = admission;
    let membership = Membership { channels: channels.clone(), connection: Arc::clone(&connection) };
    let mut context = Context::<C>::new(Arc::clone(&connection), channels, scope);
    let mut slot = Slot::<C>::default();

    let answer = match incompatible {
        Some(close) => {
            connection.counters().refused();
            connection.end(Disconnect::new(close.code().get(), close.reason(), Cause::Refused));
            Answer::Accept(respond)
        }
        None => connect(&mut slot, &mut request, &state, &mut context, respond).await,
    };
    let (headers, subprotocol) = connection.take_accept();
    // The request's headers share hyper's read buffer, which must not live as long as the connection.
    drop(request);
    context.connected();
    let accepted = match answer {
        Answer::Accept(respond) => {
            let (response, upgrade) = handshake.accept(headers, subprotocol.or(echo).as_deref());
            respond.send(response).is_ok().then_some(upgrade)
        }
        Answer::Refused => {
            connection.end(Disconnect::new(1006, "", Cause::Refused));
            None
        }
    };
    if let Some(upgrade) = accepted {
        connection.counters().accepted();
        tracing::debug!("accepted");
        open(&mut slot, &mut context, &connection, upgrade, membership).await;
        connection.counters().ended();
    } else {
        connection.end(Disconnect::lost());
        connection.counters().refused();
        drop(membership);
        disconnect(&mut slot, &mut context, &connection).await;
    }
    drop((seat, watch));
}

enum Answer {
    Accept(oneshot::Sender<Response>),
    Refused,
}

/// Runs `#[connect]` with its extractors, and answers unless it accepts.
async fn connect<C, S>(
    slot: &mut Slot<C>,
    request: &mut Parts,
    state: &S,
    context: &mut Context<C>,
    respond: oneshot::Sender<Response>,
) -> Answer
where
    C: Connects<S>,
{
    let connection = Arc::clone(context.connection());
    let refused = |respond: oneshot::Sender<Response>, response: Response| {
        tracing::debug!(status = response.status().as_u16(), "refused");
        let _ = respond.send(response);
        Answer::Refused
    };
    let result = {
        let mut connecting = pin!(AssertUnwindSafe(C::connect(slot, request, state, context)).catch_unwind());
        match tokio::time::timeout(connection.settings().connect_timeout, &mut connecting).await {
            Ok(result) => result,
            Err(_) => {
                tracing::warn!("`#[connect]` took longer than `connect_timeout`; answering 503");
                let text = "the server took too long to accept the connection\n";
                let response = (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], text).into_response();
                let refused = refused(respond, response);
                if C::BLOCKING {
                    // A thread cannot be stopped; it has the consumer, whose `disconnect` must still run.
                    let _ = connecting.await;
                }
                return refused;
            }
        }
    };
    match result {
        Ok(Ok(())) => Answer::Accept(respond),
        Ok(Err(Refusal(RefusalKind::Close(close)))) => {
            connection.end(Disconnect::new(close.code().get(), close.reason(), Cause::Refused));
            Answer::Accept(respond)
        }
        Ok(Err(Refusal(RefusalKind::Response(response)))) => refused(respond, *response),
        Err(panic) => {
            connection.counters().panicked();
            connection.end(Disconnect::new(1006, "", Cause::Panic));
            tracing::error!(panic = panic_text(&*panic), "`#[connect]` panicked; answering 500");
            refused(respond, (StatusCode::INTERNAL_SERVER_ERROR, "internal error\n").into_response())
        }
    }
}

/// From the upgrade to the end.
async fn open<C: Consumer>(
    slot: &mut Slot<C>,
    context: &mut Context<C>,
    connection: &Arc<Connection>,
    upgrade: Upgrade,
    membership: Membership,
) {
    let timeout = connection.settings().upgrade_timeout;
    match tokio::time::timeout(timeout, upgrade).await {
        Ok(Ok(upgraded)) => {
            let mut pump = Pump::new(Socket::new(upgraded), Arc::clone(connection));
            let ending = serve(slot, context, connection, &mut pump).await;
            connection.end(ending.clone());
            drop(membership);
            tokio::join!(pump.finish(&ending), disconnect(slot, context, connection));
            // What the closing handshake could not get rid of.
            connection.cut_off();
        }
        Ok(Err(_)) | Err(_) => {
            connection.end(Disconnect::lost());
            drop(membership);
            disconnect(slot, context, connection).await;
        }
    }
}

/// How many things are handled before the socket and the other tasks get their turn.
const TURN: usize = 32;

enum Work {
    Read(Read),
    Event(Waiting),
    End(Disconnect),
}

/// Handles one thing after the other, until something ends the connection.
async fn serve<C, T>(
    slot: &mut Slot<C>,
    context: &mut Context<C>,
    connection: &Arc<Connection>,
    pump: &mut Pump<T>,
) -> Disconnect
where
    C: Consumer,
    T: AsyncRead + AsyncWrite + Unpin,
{
    let mut events_first = false;
    let mut handled = 0;
    loop {
        handled += 1;
        if handled == TURN {
            // Handlers that never wait would keep the thread for as long as something waits for them.
            handled = 0;
            poll_fn(|task| {
                pump.poll(task);
                Poll::Ready(())
            })
            .await;
            tokio::task::yield_now().await;
        }
        let work = poll_fn(|task| poll_work(connection, pump, events_first, task)).await;
        events_first = matches!(work, Work::Read(_));
        match work {
            Work::End(ending) | Work::Read(Read::End(ending)) => return ending,
            Work::Event(waiting) => {
                event(slot, context, connection, pump, waiting).await;
                connection.event_done();
            }
            Work::Read(Read::Text(text)) => super::receive::text(slot, context, connection, pump, text).await,
            Work::Read(Read::Binary(bytes)) => super::receive::bytes(slot, context, connection, pump, bytes).await,
        }
    }
}

/// The next thing to do; when there is none, the socket and the clock are looked after.
///
/// A frame and an event that are both ready take turns, so that neither a busy client nor a busy group starves the
/// other.
fn poll_work<T: AsyncRead + AsyncWrite + Unpin>(
    connection: &Connection,
    pump: &mut Pump<T>,
    events_first: bool,
    task: &mut TaskContext<'_>,
) -> Poll<Work> {
    connection.task.register(task.waker());
    loop {
        if let Some(ending) = connection.ending() {
            return Poll::Ready(Work::End(ending));
        }
        let event = |connection: &Connection| connection.next_waiting().map(Work::Event);
        let work = if events_first {
            event(connection).or_else(|| pump.take().map(Work::Read))
        } else {
            pump.take().map(Work::Read).or_else(|| event(connection))
        };
        if let Some(work) = work {
            return Poll::Ready(work);
        }
        pump.poll(task);
        if !pump.has_read() {
            return Poll::Pending;
        }
    }
}

async fn event<C, T>(
    slot: &mut Slot<C>,
    context: &mut Context<C>,
    connection: &Connection,
    pump: &mut Pump<T>,
    waiting: Waiting,
) where
    C: Consumer,
    T: AsyncRead + AsyncWrite + Unpin,
{
    // Whatever happens to the handler, a debt that is dropped unpaid says so to who asked.
    let Waiting { name, event, owed } = waiting;
    let Ok(event) = event.downcast::<C::Event>() else {
        return connection.counters().undecodable(1);
    };
    let span = tracing::debug_span!("event", event = name);
    let event = Arc::unwrap_or_clone(event);
    match drive(connection, pump, C::event(slot, event, context).instrument(span)).await {
        Ok(Outcome::Failed(error)) => {
            if let (Some(owed), Some(answer)) = (owed, error.told()) {
                owed.pay(Err(NoAnswer::Error(answer)));
            }
            failed_event::<C>(context, connection, name, error);
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

fn failed_event<C: Consumer>(context: &Context<C>, connection: &Connection, name: &'static str, error: Error) {
    match error.kind() {
        Kind::Close(close) => return connection.close(close.clone()),
        // The client left while the handler was sending: nothing went wrong here.
        Kind::Other(error) if error.is::<Closed>() => return,
        Kind::Answer(_) | Kind::Other(_) => {}
    }
    connection.counters().failed_event();
    if context.channels().local().first_time("failed", C::DECLARATION.consumer, name) {
        tracing::error!(event = name, %error, "an event's handler failed (logged once)");
    }
}

/// Runs `#[disconnect]` of a consumer that was built, once.
async fn disconnect<C: Consumer>(slot: &mut Slot<C>, context: &mut Context<C>, connection: &Connection) {
    if !slot.is_filled() {
        return;
    }
    let ending = connection.ending().unwrap_or_else(Disconnect::lost);
    tracing::debug!(code = ending.code(), cause = ?ending.cause(), "disconnected");
    let disconnecting = AssertUnwindSafe(C::disconnect(slot, ending, context)).catch_unwind();
    match disconnecting.await {
        Ok(Outcome::Failed(error)) => tracing::error!(%error, "`#[disconnect]` failed"),
        Ok(_) => {}
        Err(panic) => {
            connection.counters().panicked();
            tracing::error!(panic = panic_text(&*panic), "`#[disconnect]` panicked");
        }
    }
}
