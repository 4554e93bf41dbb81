//! From the request to the open connection: connect, accept or refuse, upgrade.

use std::{net::SocketAddr, panic::AssertUnwindSafe, pin::pin, sync::Arc};

use axum::{
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use tokio::sync::oneshot;

use super::{
    Connection, Handshake,
    life::{Membership, Staying, Watch},
    open::Open,
    run::{Work, disconnect},
};
use crate::{
    channels::{Channels, Place, Seat, fanout::panic_text},
    close::{Cause, Close, Disconnect},
    consumer::{Connects, Consumer, Slot},
    context::Context,
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
    /// Held until `#[connect]` is over.
    pub(crate) place: Option<Place>,
    /// Held to the end for a test that waits for it.
    pub(crate) watch: Option<Watch>,
    /// Takes the response; gone when the client has left meanwhile.
    pub(crate) respond: oneshot::Sender<Response>,
}

/// Connects, and answers the request; `None` when there is no connection, and then all is over and done with.
pub(super) async fn begin<C, S>(admission: Admission<S>) -> Option<Open<C>>
where
    C: Connects<S>,
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
        place,
        watch,
        respond,
    } = admission;
    // Looked at now, since the scope is the consumer's, and only when somebody reads it.
    let shown = tracing::enabled!(tracing::Level::DEBUG).then(|| Shown::of(&scope));
    let membership = Membership::new(channels.clone(), Arc::clone(&connection));
    let staying = Staying { seat, watch };
    let mut work =
        Box::new(Work { slot: Slot::default(), context: Context::new(Arc::clone(&connection), channels, scope) });

    let answer = match incompatible {
        Some(close) => {
            connection.counters().refused();
            connection.end(Disconnect::new(close.code().get(), close.reason(), Cause::Refused));
            Answer::Accept(respond)
        }
        None => connect(&mut work, &mut request, &state, respond).await,
    };
    drop(place);
    let (headers, subprotocol) = connection.take_accept();
    // The request's headers share hyper's read buffer, which must not live as long as the connection.
    drop((request, state));
    work.context.connected();
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
    let Some(upgrade) = accepted else {
        connection.end(Disconnect::lost());
        connection.counters().refused();
        drop(membership);
        disconnect(&mut work, &connection).await;
        return None;
    };
    connection.counters().accepted();
    if let Some(Shown { peer, origin }) = shown {
        tracing::debug!(?peer, ?origin, "accepted");
    }
    let timeout = connection.settings().upgrade_timeout;
    if let Some((socket, way)) = upgrade.socket(timeout).await {
        connection.open_way(way);
        return Some(Open::new(membership, staying, work, socket));
    }
    connection.end(Disconnect::lost());
    drop(membership);
    disconnect(&mut work, &connection).await;
    connection.note_end();
    None
}

/// What a log line says of a client.
struct Shown {
    /// The client, or whom a trusted proxy names.
    peer: Option<SocketAddr>,
    origin: Option<String>,
}

impl Shown {
    fn of(scope: &Scope) -> Self {
        Self { peer: scope.client(), origin: scope.header("origin").map(|origin| origin.chars().take(200).collect()) }
    }
}

enum Answer {
    Accept(oneshot::Sender<Response>),
    Refused,
}

/// Runs `#[connect]` with its extractors, and answers unless it accepts.
async fn connect<C, S>(work: &mut Work<C>, request: &mut Parts, state: &S, respond: oneshot::Sender<Response>) -> Answer
where
    C: Consumer + Connects<S>,
{
    let Work { slot, context } = work;
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
                let refused = refused(respond, connection.local().storm().busy(text));
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
