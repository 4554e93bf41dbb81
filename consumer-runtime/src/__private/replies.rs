//! Typed errors of replies: what `#[derive(ReplyError)]` and the handlers that return them call.

use std::fmt::{self, Display, Formatter};

use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use crate::{
    error::{Answer, Error},
    outcome::Outcome,
    reply_error::ReplyError,
};

pub use crate::reply_error::IntoReply;

/// What a handler returned, to be asked for an answer.
///
/// `Told(&output).answer()` picks the first method that fits (autoref): the inherent one for a result whose error is a
/// [`ReplyError`], the trait's for everything else.
#[derive(Debug)]
pub struct Told<'a, R>(pub &'a R);

impl<T, E: ReplyError> Told<'_, Result<T, E>> {
    #[inline]
    pub fn answer(&self) -> Option<Answer> {
        self.0.as_ref().err().and_then(ReplyError::answer)
    }
}

/// A result whose error says nothing of what the client is told, or a value.
pub trait Untold {
    #[inline]
    fn answer(&self) -> Option<Answer> {
        None
    }
}

impl<R> Untold for Told<'_, R> {}

/// The outcome of a handler whose error may have an answer of its own.
#[inline]
pub fn settled(answer: Option<Answer>, outcome: Outcome) -> Outcome {
    match answer {
        Some(answer) => Outcome::Failed(answer.into()),
        None => outcome,
    }
}

/// A field that the message of an error names.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` can't be written in an error's message; it needs `Display`",
    label = "not a text",
    note = "implement `std::fmt::Display` for it, or write another field in the message"
)]
pub trait Shown {
    fn shown(&self) -> &dyn Display;
}

#[diagnostic::do_not_recommend]
impl<T: Display> Shown for T {
    fn shown(&self) -> &dyn Display {
        self
    }
}

/// A field that an error has in its `data`.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` can't be written in an error's `data`; it needs `Serialize`",
    label = "not to be serialised",
    note = "add `#[derive(serde::Serialize)]` to it, or keep the field out of `data` with `#[reply(skip)]`"
)]
pub trait Datum {
    fn value(&self) -> serde_json::Result<Value>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> Datum for T {
    fn value(&self) -> serde_json::Result<Value> {
        serde_json::to_value(self)
    }
}

/// The answer of an error: its message is its text, and its fields are its `data`.
///
/// A field whose serialisation fails is left out, so that the client still learns the code.
pub fn answer<E: Display, const N: usize>(
    code: &'static str,
    error: &E,
    fields: [(&'static str, serde_json::Result<Value>); N],
) -> Answer {
    let answer = Answer::new(code, error.to_string());
    if N == 0 {
        return answer;
    }
    let written = fields.into_iter().filter_map(|(field, value)| match value {
        Ok(value) => Some((field.to_owned(), value)),
        Err(error) => {
            tracing::error!(code, field, %error, "a field of an error cannot be serialised; it is left out of `data`");
            None
        }
    });
    answer.with_data(Value::Object(written.collect()))
}

/// What happened, of which the client is told `internal`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be what happened in an `internal` error; it needs `std::error::Error`",
    label = "not an error type",
    note = "a `std::error::Error` that is `Send + Sync + 'static` fits, and so does `consumer_runtime::Error`"
)]
pub trait Cause: Sized {
    fn text(&self, formatter: &mut Formatter<'_>) -> fmt::Result;

    fn into_error(self) -> Error;
}

#[diagnostic::do_not_recommend]
impl<E: Into<Error> + Display> Cause for E {
    fn text(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.fmt(formatter)
    }

    fn into_error(self) -> Error {
        self.into().internal()
    }
}

/// The way of an error with an answer to [`Error`].
pub fn told<E: ReplyError + Display>(error: &E) -> Error {
    match error.answer() {
        Some(answer) => answer.into(),
        None => Error::msg(error.to_string()),
    }
}

/// What an axum handler answers that returns the error.
pub fn response<E: Into<Error>>(error: E) -> Response {
    error.into().into_response()
}
