//! What handlers return when something goes wrong.

use std::{any::Any, borrow::Cow, fmt};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use serde::{Deserialize, Serialize};

use crate::{close::Close, connection::Closed, layer::LayerError, names::NameError};

/// The result of a handler: `Result` alone is `Result<(), Error>`.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Any error of a handler.
///
/// `?` turns every [`std::error::Error`] into it. What then happens depends on the handler (see the table in the
/// [crate's documentation](crate#errors-answer-panics-close)): a [`Close`] closes the connection, an [`Answer`] is
/// told to the client word for word, and anything else is logged and told as `internal` without its text. An error with
/// [`#[derive(ReplyError)]`](macro@crate::ReplyError) becomes the answer that it describes.
///
/// Like `anyhow::Error`, it does not implement [`std::error::Error`] itself.
pub struct Error(Kind);

#[derive(Debug)]
pub(crate) enum Kind {
    Close(Close),
    Answer(Answer),
    Other(Cause),
}

impl Error {
    /// An error with a text for the log.
    pub fn msg(text: impl Into<String>) -> Self {
        Self(Kind::Other(text.into().into()))
    }

    /// An error that the client is told: a code for programs and a message for people.
    ///
    /// ```
    /// use consumer_runtime::Error;
    ///
    /// let error = Error::answer("not_found", "there is no such room");
    /// ```
    pub fn answer(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Answer::new(code, message).into()
    }

    /// The error that it was made of, when that was an `E`; as `anyhow::Error::downcast_ref`.
    ///
    /// ```
    /// use consumer_runtime::{Error, LayerError};
    ///
    /// /// Whether it is worth trying again.
    /// fn is_away(error: &Error) -> bool {
    ///     matches!(error.downcast_ref(), Some(LayerError::Away { .. }))
    /// }
    /// ```
    pub fn downcast_ref<E: std::error::Error + 'static>(&self) -> Option<&E> {
        let error: &(dyn std::error::Error + 'static) = match &self.0 {
            Kind::Close(close) => close,
            Kind::Answer(answer) => answer,
            Kind::Other(error) => &**error,
        };
        error.downcast_ref()
    }

    /// What somebody who waits for an answer is told; `None` when the connection closes instead.
    pub(crate) fn told(&self) -> Option<Answer> {
        match &self.0 {
            Kind::Answer(answer) => Some(answer.clone()),
            Kind::Close(_) => None,
            Kind::Other(error) if error.is::<Closed>() => None,
            Kind::Other(_) => Some(Answer::new("internal", "the handler failed")),
        }
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.0
    }

    /// The error without its answer, of which the client is told nothing; a close still closes.
    pub(crate) fn internal(self) -> Self {
        match self.0 {
            Kind::Answer(answer) => Self::msg(answer.to_string()),
            kind => Self(kind),
        }
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        // `Close` and `Answer` are ordinary errors to whoever writes `?`, and more than that to us.
        let mut slot = Some(error);
        let any = &mut slot as &mut dyn Any;
        if let Some(close) = any.downcast_mut::<Option<Close>>() {
            return Self(close.take().map_or_else(unreachable, Kind::Close));
        }
        if let Some(answer) = any.downcast_mut::<Option<Answer>>() {
            return Self(answer.take().map_or_else(unreachable, Kind::Answer));
        }
        Self(slot.map_or_else(unreachable, |error| Kind::Other(Box::new(error))))
    }
}

/// The slot was filled a line before; a neutral value instead of a panic keeps the promise that nothing here panics.
fn unreachable() -> Kind {
    Kind::Other("an error without a value".into())
}

/// What an ordinary axum handler answers that returns it, for example out of a send: an [`Answer`] is a 400 with its
/// text, a name that breaks the rule of names a 400 that quotes it, a layer that is away or full a 503, and everything
/// else a 500 whose text goes to the log alone.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = match &self.0 {
            Kind::Answer(answer) => (StatusCode::BAD_REQUEST, answer.message.clone()).into_response(),
            Kind::Close(_) => (StatusCode::FORBIDDEN, "the connection was refused\n").into_response(),
            Kind::Other(error) if error.is::<NameError>() => {
                (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response()
            }
            Kind::Other(error) if error.is::<LayerError>() => {
                tracing::error!(error = %self, "answering 503");
                (StatusCode::SERVICE_UNAVAILABLE, "the server cannot do this now\n").into_response()
            }
            Kind::Other(_) => {
                tracing::error!(error = %self, "answering 500");
                (StatusCode::INTERNAL_SERVER_ERROR, "internal error\n").into_response()
            }
        };
        if let Kind::Close(close) = self.0 {
            // `Refusal` looks for it: a close is more than a response.
            response.extensions_mut().insert(close);
        }
        response
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Close(close) => close.fmt(f),
            Kind::Answer(answer) => answer.fmt(f),
            Kind::Other(error) => {
                error.fmt(f)?;
                let mut source = error.source();
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An error that is told to the client as it is.
///
/// It becomes `{"code": .., "message": .., "data": ..}` in the reply or the error frame.
///
/// ```
/// use consumer_runtime::Answer;
/// use serde_json::json;
///
/// let answer = Answer::new("too_long", "a title has at most 80 characters").with_data(json!({"max": 80}));
/// assert_eq!(answer.code(), "too_long");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    code: Cow<'static, str>,
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data: Option<serde_json::Value>,
}

impl Answer {
    /// An answer with a code for programs and a message for people.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), data: None }
    }

    /// Adds whatever a program needs besides the code.
    #[must_use]
    pub fn with_data(mut self, data: serde_json::Value) -> Self {
        self.data = Some(data);
        self
    }

    /// The code, such as `not_found`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The text for people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What a program needs besides the code.
    pub fn data(&self) -> Option<&serde_json::Value> {
        self.data.as_ref()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Answer {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::close::CloseCode;

    #[test]
    fn close_and_answer_keep_their_meaning_through_the_question_mark() {
        fn close() -> Result {
            Err(Close::new(CloseCode::NORMAL, "bye"))?
        }
        fn answer() -> Result {
            Err(Answer::new("nope", "no"))?
        }
        fn other() -> Result {
            "x".parse::<u8>()?;
            Ok(())
        }
        assert!(matches!(close().unwrap_err().kind(), Kind::Close(_)));
        assert!(matches!(answer().unwrap_err().kind(), Kind::Answer(_)));
        assert!(matches!(other().unwrap_err().kind(), Kind::Other(_)));
    }
}
