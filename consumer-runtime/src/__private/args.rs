//! The traits behind a handler's arguments: each turns what the runtime has into what the signature asks for.

use std::future::Future;

use axum::{extract::FromRequestParts, http::request::Parts};
use bytes::Bytes;

use crate::{
    close::Disconnect,
    consumer::Consumer,
    context::{BlockingContext, Context},
    refusal::Refusal,
    worker::{OnChannel, Worker, WorkerContext},
};

/// The context argument of consumer `C`.
#[diagnostic::on_unimplemented(
    message = "the context of a handler of `{C}` is `&mut Context<Self>`, not `&mut {Self}`",
    label = "not the context of `{C}`",
    note = "in a `#[consumer(blocking)]` impl it is `&mut BlockingContext<Self>`"
)]
pub trait ContextArg<C: Consumer>: Sized {
    fn from_context(context: &mut Context<C>) -> &mut Self;
}

impl<C: Consumer> ContextArg<C> for Context<C> {
    fn from_context(context: &mut Context<C>) -> &mut Self {
        context
    }
}

/// In an impl half that is for sockets while its struct has a channel, which is told elsewhere.
#[diagnostic::do_not_recommend]
impl<C: Consumer + OnChannel> ContextArg<C> for WorkerContext<C> {
    fn from_context(_: &mut Context<C>) -> &mut Self {
        super::broken()
    }
}

/// The context argument of a blocking consumer `C`.
#[diagnostic::on_unimplemented(
    message = "the context of a blocking handler of `{C}` is `&mut BlockingContext<Self>`, not `&mut {Self}`",
    label = "not the blocking context of `{C}`"
)]
pub trait BlockingContextArg<C: Consumer>: Sized {
    fn from_context(context: &mut BlockingContext<C>) -> &mut Self;
}

impl<C: Consumer> BlockingContextArg<C> for BlockingContext<C> {
    fn from_context(context: &mut BlockingContext<C>) -> &mut Self {
        context
    }
}

/// An event that a handler takes by value.
#[diagnostic::on_unimplemented(
    message = "a handler can take `{Self}` by value only if it is `Clone`",
    label = "every member of a group gets its own",
    note = "take it by reference, `event: &{Self}`, or add `#[derive(Clone)]` to it"
)]
pub trait ByValue: Clone {}

#[diagnostic::do_not_recommend]
impl<E: Clone> ByValue for E {}

/// The argument of `#[receive(text)]`, when it is not `&str`.
#[diagnostic::on_unimplemented(
    message = "`#[receive(text)]` takes `String` or `&str`, not `{Self}`",
    label = "not a text"
)]
pub trait TextArg {
    fn from_text(text: String) -> Self;
}

impl TextArg for String {
    fn from_text(text: String) -> Self {
        text
    }
}

/// The argument of `#[receive(bytes)]`, when it is not `&[u8]`.
#[diagnostic::on_unimplemented(
    message = "`#[receive(bytes)]` takes `Bytes`, `Vec<u8>` or `&[u8]`, not `{Self}`",
    label = "not bytes"
)]
pub trait BytesArg {
    fn from_bytes(bytes: Bytes) -> Self;
}

impl BytesArg for Bytes {
    fn from_bytes(bytes: Bytes) -> Self {
        bytes
    }
}

impl BytesArg for Vec<u8> {
    fn from_bytes(bytes: Bytes) -> Self {
        bytes.into()
    }
}

/// The argument of `#[disconnect]`.
#[diagnostic::on_unimplemented(
    message = "`#[disconnect]` takes `Disconnect` or `&Disconnect`, not `{Self}`",
    label = "not the end of a connection",
    note = "the context comes after it, as `context: &mut Context<Self>`"
)]
pub trait DisconnectArg {
    fn from_disconnect(disconnect: Disconnect) -> Self;
}

impl DisconnectArg for Disconnect {
    fn from_disconnect(disconnect: Disconnect) -> Self {
        disconnect
    }
}

/// A router's state that consumer `C` can take `T` with when a client connects: an argument of `#[connect]`, or an
/// `#[extract]` field.
///
/// The state is `Self`, so that the compiler never guesses it from what the extractor wants: a router without the right
/// state is then an error here, in these words.
#[diagnostic::on_unimplemented(
    message = "`{C}` can't take `{T}` when a client connects: it is not an axum extractor for this router",
    label = "`{C}` takes `{T}`",
    note = "an extractor implements `axum::extract::FromRequestParts<S>`, where `S` is the router's state, here `{Self}`; what is in it has its own conditions, such as `Deserialize` in `Query<..>`; what reads a body, such as `Json<..>`, finds none in a WebSocket's request"
)]
pub trait Extracts<T, C>: Sized {
    fn extract(request: &mut Parts, state: &Self) -> impl Future<Output = Result<T, Refusal>> + Send;
}

#[diagnostic::do_not_recommend]
impl<C, T: FromRequestParts<S>, S: Send + Sync> Extracts<T, C> for S {
    async fn extract(request: &mut Parts, state: &S) -> Result<T, Refusal> {
        T::from_request_parts(request, state).await.map_err(Refusal::response)
    }
}

/// The same for what is written as `State<..>`.
#[diagnostic::on_unimplemented(
    message = "`{C}` takes `{T}` when a client connects, but the state of its router is `{Self}`",
    label = "`{C}` takes `{T}`",
    note = "give the router that state after its routes: `Router::new().consumer::<{C}>().with_state(state)`; a router without one has the state `()`, and the parts of a larger one are found by `axum::extract::FromRef`"
)]
pub trait HasState<T, C>: Sized {
    fn extract(request: &mut Parts, state: &Self) -> impl Future<Output = Result<T, Refusal>> + Send;
}

#[diagnostic::do_not_recommend]
impl<C, T: FromRequestParts<S>, S: Send + Sync> HasState<T, C> for S {
    async fn extract(request: &mut Parts, state: &S) -> Result<T, Refusal> {
        T::from_request_parts(request, state).await.map_err(Refusal::response)
    }
}

/// What `#[connect]` without a receiver may return: the consumer, or a result of it.
#[diagnostic::on_unimplemented(
    message = "`#[connect]` of `{C}` can't return `{Self}`",
    label = "not the consumer",
    note = "return `Self`, `Result<Self, Refusal>`, or `Result<Self>` to use `?` on ordinary errors"
)]
pub trait ConnectOutput<C> {
    fn into_consumer(self) -> Result<C, Refusal>;
}

impl<C: Consumer> ConnectOutput<C> for C {
    fn into_consumer(self) -> Result<C, Refusal> {
        Ok(self)
    }
}

impl<C: Consumer, E: Into<Refusal>> ConnectOutput<C> for Result<C, E> {
    fn into_consumer(self) -> Result<C, Refusal> {
        self.map_err(Into::into)
    }
}

/// What `#[connect]` with `&mut self` may return: nothing, or a result of nothing.
#[diagnostic::on_unimplemented(
    message = "`#[connect]` with `&mut self` can't return `{Self}`",
    label = "not a result of nothing",
    note = "return nothing, `Result<(), Refusal>`, or `Result` to use `?` on ordinary errors"
)]
pub trait ConnectedOutput {
    fn into_result(self) -> Result<(), Refusal>;
}

impl ConnectedOutput for () {
    fn into_result(self) -> Result<(), Refusal> {
        Ok(())
    }
}

impl<E: Into<Refusal>> ConnectedOutput for Result<(), E> {
    fn into_result(self) -> Result<(), Refusal> {
        self.map_err(Into::into)
    }
}

/// The context argument of worker `W`.
#[diagnostic::on_unimplemented(
    message = "the context of a handler of `{W}` is `&mut WorkerContext<Self>`, not `&mut {Self}`",
    label = "not the context of `{W}`, which is a worker"
)]
pub trait WorkerContextArg<W: Worker>: Sized {
    fn from_context(context: &mut WorkerContext<W>) -> &mut Self;
}

impl<W: Worker> WorkerContextArg<W> for WorkerContext<W> {
    fn from_context(context: &mut WorkerContext<W>) -> &mut Self {
        context
    }
}
