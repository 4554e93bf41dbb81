//! A client's frame: decoded, handled, answered.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
};

use bytes::Bytes;

use super::{
    Closed, Connection,
    answer::{self, Fault},
    request::{Ended, Terms, request},
    run::panicked,
};
use crate::{
    close::{Close, CloseCode},
    consumer::{Consumer, HandlerKind, Slot},
    context::Context,
    decode::{FrameId, Tagged, decode_frame},
    error::{Error, Kind},
    meters::{Outcome as Became, Timer},
    outcome::Outcome,
    settings::OnError,
};

fn takes<C: Consumer>(kind: HandlerKind) -> bool {
    C::HANDLERS.iter().any(|handler| handler.kind == kind)
}

/// Whether the consumer's text frames are JSON.
pub(super) fn takes_json<C: Consumer>() -> bool {
    !C::Receive::NAMES.is_empty() && !takes::<C>(HandlerKind::ReceiveText)
}

/// Handles a text frame: `#[receive(text)]` takes all of them, JSON handlers what fits them.
pub(super) async fn text<C: Consumer>(
    slot: &mut Slot<C>,
    context: &mut Context<C>,
    connection: &Connection,
    text: String,
) {
    let consumer = C::DECLARATION.consumer;
    if takes::<C>(HandlerKind::ReceiveText) {
        let span = debug_span!("receive", consumer, channel = %connection.name(), kind = "text");
        let terms = Terms { blocking: C::BLOCKING, answers: C::TEXT_ANSWERS };
        let timer = Timer::start();
        let mut handler = pin!(Some(C::receive_text(slot, text, context)));
        let ended = request(connection, terms, &span, handler.as_mut(), || timed_out(connection, None)).await;
        timer.stop(connection.meters(), consumer, "text");
        let became = settle(connection, ended, None, "#[receive(text)]");
        return connection.meters().frame(consumer, "text", became);
    }
    if C::Receive::NAMES.is_empty() {
        let message = if takes::<C>(HandlerKind::ReceiveBytes) {
            "this endpoint takes binary frames, not text"
        } else {
            "this endpoint takes no frames"
        };
        return misfit(connection, refuse(connection, None, "unexpected", message));
    }
    // A payload's `Deserialize` is the user's code, as a handler is.
    let (frame, id) = match catch_unwind(AssertUnwindSafe(|| decode_frame::<C::Receive>(&text))) {
        Ok(Ok(frame)) => frame,
        Ok(Err(error)) => {
            return misfit(connection, refuse(connection, error.id.as_ref(), error.code, &error.message));
        }
        Err(panic) => {
            panicked(connection, "a frame's `Deserialize`", &*panic);
            return misfit(connection, Became::Panicked);
        }
    };
    drop(text);
    let span = debug_span!("receive", consumer, channel = %connection.name(), kind = "json");
    let terms = Terms { blocking: C::BLOCKING, answers: C::answers(&frame) };
    let (name, timer) = (C::frame_name(&frame), Timer::start());
    let mut handler = pin!(Some(C::receive(slot, frame, context)));
    let ended = request(connection, terms, &span, handler.as_mut(), || timed_out(connection, id.as_ref())).await;
    timer.stop(connection.meters(), consumer, name);
    let became = settle(connection, ended, id, "#[receive]");
    connection.meters().frame(consumer, name, became);
}

/// Handles a binary frame.
pub(super) async fn bytes<C: Consumer>(
    slot: &mut Slot<C>,
    context: &mut Context<C>,
    connection: &Connection,
    bytes: Bytes,
) {
    if !takes::<C>(HandlerKind::ReceiveBytes) {
        return misfit(connection, refuse(connection, None, "unexpected", "this endpoint takes no binary frames"));
    }
    let (consumer, timer) = (C::DECLARATION.consumer, Timer::start());
    let span = debug_span!("receive", consumer, channel = %connection.name(), kind = "bytes");
    let terms = Terms { blocking: C::BLOCKING, answers: C::BYTES_ANSWERS };
    let mut handler = pin!(Some(C::receive_bytes(slot, bytes, context)));
    let ended = request(connection, terms, &span, handler.as_mut(), || timed_out(connection, None)).await;
    timer.stop(connection.meters(), consumer, "bytes");
    let became = settle(connection, ended, None, "#[receive(bytes)]");
    connection.meters().frame(consumer, "bytes", became);
}

/// What the end of a handler means for the client.
fn settle(connection: &Connection, ended: Ended, id: Option<FrameId>, what: &str) -> Became {
    let outcome = match ended {
        Ended::Returned(outcome) => outcome,
        Ended::Panicked(panic) => {
            panicked(connection, what, &*panic);
            return Became::Panicked;
        }
        Ended::TimedOut => return Became::TimedOut,
        Ended::Abandoned => return Became::Abandoned,
        Ended::Late(outcome) => {
            late(connection, &outcome);
            return Became::TimedOut;
        }
    };
    match outcome {
        Outcome::Done if id.is_some() => connection.push(answer::reply(id.as_ref(), None)),
        Outcome::Done => {}
        Outcome::Value(value) => connection.push(answer::reply(id.as_ref(), Some(&value))),
        Outcome::Unexpected => {
            return refuse(connection, id.as_ref(), "unexpected", "this endpoint takes no such frames");
        }
        Outcome::Failed(error) => return failed(connection, &error, id.as_ref()),
    }
    Became::Handled
}

/// A handler's error: told word for word when it was made for the client, without its text otherwise.
fn failed(connection: &Connection, error: &Error, id: Option<&FrameId>) -> Became {
    let (fault, became) = match error.kind() {
        Kind::Close(close) => {
            connection.close(close.clone());
            return Became::Closed;
        }
        Kind::Answer(answer) => {
            tracing::debug!(code = answer.code(), "a handler answers with an error");
            (Fault { code: answer.code(), message: answer.message(), data: answer.data() }, Became::Answered)
        }
        // The client left, or the handler itself closed: there is nobody to answer, and nothing went wrong here.
        Kind::Other(error) if error.is::<Closed>() => {
            tracing::debug!("a handler sent on a connection that is closed");
            return Became::Closed;
        }
        Kind::Other(_) => {
            tracing::error!(channel = %connection.name(), %error, "a frame's handler failed");
            let message = "the server could not handle this frame";
            (Fault { code: "internal", message, data: None }, Became::Failed)
        }
    };
    connection.counters().failed_frame();
    respond(connection, id, fault, CloseCode::INTERNAL_ERROR);
    became
}

/// A handler that took too long: the client is told at once.
fn timed_out(connection: &Connection, id: Option<&FrameId>) {
    let limit = connection.settings().reply_timeout;
    tracing::warn!(channel = %connection.name(), ?limit, "a frame's handler took longer than `reply_timeout`; the client is told `timeout`");
    connection.counters().timed_out();
    connection.counters().failed_frame();
    let fault = Fault { code: "timeout", message: "the server took too long to handle this frame", data: None };
    respond(connection, id, fault, CloseCode::INTERNAL_ERROR);
}

/// What a blocking handler returned after its time: a close still closes, and nothing is answered twice.
fn late(connection: &Connection, outcome: &Outcome) {
    let Outcome::Failed(error) = outcome else { return };
    match error.kind() {
        Kind::Close(close) => connection.close(close.clone()),
        Kind::Other(cause) if !cause.is::<Closed>() => {
            tracing::error!(channel = %connection.name(), %error, "a frame's handler failed, too late")
        }
        Kind::Answer(_) | Kind::Other(_) => {}
    }
}

/// A frame that no handler gets.
fn refuse(connection: &Connection, id: Option<&FrameId>, code: &str, message: &str) -> Became {
    connection.counters().failed_frame();
    tracing::debug!(code, "a frame cannot be handled");
    respond(connection, id, Fault { code, message, data: None }, CloseCode::POLICY_VIOLATION);
    Became::Unfit
}

/// Nobody knows which handler it was meant for.
fn misfit(connection: &Connection, became: Became) {
    connection.meters().frame(connection.kind().consumer(), "unknown", became);
}

fn respond(connection: &Connection, id: Option<&FrameId>, fault: Fault<'_>, close: CloseCode) {
    match connection.settings().on_error {
        OnError::Answer => connection.push(answer::fault(id, fault)),
        OnError::Ignore => {}
        OnError::Close => connection.close(Close::new(close, format!("{}: {}", fault.code, fault.message))),
    }
}
