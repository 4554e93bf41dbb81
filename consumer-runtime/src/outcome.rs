//! What a handler's return value means.

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{codec, error::Error};

/// What came out of a handler with `self`.
#[doc(hidden)]
#[derive(Debug)]
pub enum Outcome {
    /// It returned `()`.
    Done,
    /// It returned a value, which answers the frame.
    Value(Box<RawValue>),
    /// It returned an error, or its value could not be serialised.
    Failed(Error),
    /// There is no such handler.
    Unexpected,
}

/// What came out of looking at an event once per process.
#[doc(hidden)]
#[derive(Debug)]
pub enum Fanned {
    /// The handler takes `self`, so each connection runs it.
    Each,
    /// A whole text frame, the same for every member.
    Frame(Bytes),
    /// The shared handler returned `None`.
    Nothing,
    /// The shared handler failed.
    Failed(Error),
}

/// What a handler that answers nobody may return: `()` or `Result<(), E>`.
#[diagnostic::on_unimplemented(
    message = "a handler can't return `{Self}`",
    label = "not a handler's result",
    note = "return `Result` (short for `Result<(), Error>`), or nothing"
)]
pub trait Quiet {
    #[doc(hidden)]
    fn into_outcome(self) -> Outcome;
}

impl Quiet for () {
    fn into_outcome(self) -> Outcome {
        Outcome::Done
    }
}

/// The error of a handler's result.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a handler can't return the error `{Self}`; it needs `std::error::Error`, or `Into<Error>`",
    label = "`{Self}` is not an error type",
    note = "a `std::error::Error` that is `Send + Sync + 'static` turns into `consumer_runtime::Error` by itself; of a text, `Error::msg(..)` makes one for the log, and `Error::answer(\"code\", ..)` one that the client reads"
)]
pub trait HandlerError {
    fn into_error(self) -> Error;
}

#[diagnostic::do_not_recommend]
impl<E: Into<Error>> HandlerError for E {
    fn into_error(self) -> Error {
        self.into()
    }
}

impl<E: HandlerError> Quiet for Result<(), E> {
    fn into_outcome(self) -> Outcome {
        match self {
            Ok(()) => Outcome::Done,
            Err(error) => Outcome::Failed(error.into_error()),
        }
    }
}

impl Outcome {
    /// A value that answers the frame.
    pub(crate) fn value<T: Serialize>(value: &T) -> Self {
        match serde_json::value::to_raw_value(value) {
            Ok(value) => Self::Value(value),
            Err(error) => Self::Failed(error.into()),
        }
    }
}

impl Fanned {
    /// A value that every member is sent.
    pub(crate) fn value<T: Serialize>(value: &T) -> Self {
        match codec::text_with(|buffer| serde_json::to_writer(buffer, value)) {
            Ok(frame) => Self::Frame(frame.into()),
            Err(error) => Self::Failed(error.into()),
        }
    }
}
