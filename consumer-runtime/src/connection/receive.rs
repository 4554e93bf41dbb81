//! A client's frame: decoded, handled, answered.

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};
use tracing::Instrument;

use super::{
    Closed, Connection,
    answer::{self, Fault},
    drive::{drive, panicked},
    pump::Pump,
};
use crate::{
    close::{Close, CloseCode},
    consumer::{Consumer, HandlerKind, Slot},
    context::Context,
    decode::{FrameId, Tagged, decode_frame},
    error::{Error, Kind},
    outcome::Outcome,
    settings::OnError,
};

fn takes<C: Consumer>(kind: HandlerKind) -> bool {
    C::HANDLERS.iter().any(|handler| handler.kind == kind)
}

/// Handles a text frame: `#[receive(text)]` takes all of them, JSON handlers what fits them.
pub(super) async fn text<C, T>(
    slot: &mut Slot<C>,
    context: &mut Context<C>,
    connection: &Connection,
    pump: &mut Pump<T>,
    text: String,
) where
    C: Consumer,
    T: AsyncRead + AsyncWrite + Unpin,
{
    if takes::<C>(HandlerKind::ReceiveText) {
        let span = tracing::debug_span!("receive", kind = "text");
        let outcome = drive(connection, pump, C::receive_text(slot, text, context).instrument(span)).await;
        return match outcome {
            Ok(outcome) => settle(connection, outcome, None),
            Err(panic) => panicked(connection, "#[receive(text)]", &*panic),
        };
    }
    if C::Receive::NAMES.is_empty() {
        let message = if takes::<C>(HandlerKind::ReceiveBytes) {
            "this endpoint takes binary frames, not text"
        } else {
            "this endpoint takes no frames"
        };
        return refuse(connection, None, "unexpected", message);
    }
    let (frame, id) = match decode_frame::<C::Receive>(&text) {
        Ok(frame) => frame,
        Err(error) => return refuse(connection, error.id.as_ref(), error.code, &error.message),
    };
    drop(text);
    let span = tracing::debug_span!("receive", kind = "json");
    match drive(connection, pump, C::receive(slot, frame, context).instrument(span)).await {
        Ok(outcome) => settle(connection, outcome, id),
        Err(panic) => panicked(connection, "#[receive]", &*panic),
    }
}

/// Handles a binary frame.
pub(super) async fn bytes<C, T>(
    slot: &mut Slot<C>,
    context: &mut Context<C>,
    connection: &Connection,
    pump: &mut Pump<T>,
    bytes: Bytes,
) where
    C: Consumer,
    T: AsyncRead + AsyncWrite + Unpin,
{
    if !takes::<C>(HandlerKind::ReceiveBytes) {
        return refuse(connection, None, "unexpected", "this endpoint takes no binary frames");
    }
    let span = tracing::debug_span!("receive", kind = "bytes");
    match drive(connection, pump, C::receive_bytes(slot, bytes, context).instrument(span)).await {
        Ok(outcome) => settle(connection, outcome, None),
        Err(panic) => panicked(connection, "#[receive(bytes)]", &*panic),
    }
}

/// What a handler's outcome means for the client.
fn settle(connection: &Connection, outcome: Outcome, id: Option<FrameId>) {
    match outcome {
        Outcome::Done if id.is_some() => connection.push(answer::reply(id.as_ref(), None)),
        Outcome::Done => {}
        Outcome::Value(value) => connection.push(answer::reply(id.as_ref(), Some(&value))),
        Outcome::Unexpected => refuse(connection, id.as_ref(), "unexpected", "this endpoint takes no such frames"),
        Outcome::Failed(error) => failed(connection, &error, id.as_ref()),
    }
}

/// A handler's error: told word for word when it was made for the client, without its text otherwise.
fn failed(connection: &Connection, error: &Error, id: Option<&FrameId>) {
    let fault = match error.kind() {
        Kind::Close(close) => return connection.close(close.clone()),
        Kind::Answer(answer) => {
            tracing::debug!(code = answer.code(), "a handler answers with an error");
            Fault { code: answer.code(), message: answer.message(), data: answer.data() }
        }
        // The client left, or the handler itself closed: there is nobody to answer, and nothing went wrong here.
        Kind::Other(error) if error.is::<Closed>() => {
            return tracing::debug!("a handler sent on a connection that is closed");
        }
        Kind::Other(_) => {
            tracing::error!(%error, "a frame's handler failed");
            Fault { code: "internal", message: "the server could not handle this frame", data: None }
        }
    };
    connection.counters().failed_frame();
    respond(connection, id, fault, CloseCode::INTERNAL_ERROR);
}

/// A frame that no handler gets.
fn refuse(connection: &Connection, id: Option<&FrameId>, code: &str, message: &str) {
    connection.counters().failed_frame();
    tracing::debug!(code, "a frame cannot be handled");
    respond(connection, id, Fault { code, message, data: None }, CloseCode::POLICY_VIOLATION);
}

fn respond(connection: &Connection, id: Option<&FrameId>, fault: Fault<'_>, close: CloseCode) {
    match connection.settings().on_error {
        OnError::Answer => connection.push(answer::fault(id, fault)),
        OnError::Ignore => {}
        OnError::Close => connection.close(Close::new(close, format!("{}: {}", fault.code, fault.message))),
    }
}
