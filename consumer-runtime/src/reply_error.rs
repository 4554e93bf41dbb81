//! What the client is told of an error.

use crate::{
    error::{Answer, Error},
    schema::listing::ErrorCodes,
};

/// What the client is told of an error: a code, a message and data, or nothing.
///
/// `#[derive(ReplyError)]` writes it for an enum, a variant a code. By hand it belongs on an error that is a
/// [`std::error::Error`], such as one of thiserror's. A `#[receive]` handler that returns the error in its signature
/// answers with it; where the signature says plain [`Result`](crate::Result), [`Error::reply`] carries it there.
///
/// ```
/// use std::fmt;
///
/// use consumer_runtime::{Answer, ReplyError};
///
/// #[derive(Debug)]
/// enum MoveError {
///     Occupied,
///     Engine(String),
/// }
///
/// impl ReplyError for MoveError {
///     const CODES: &'static [&'static str] = &["occupied"];
///
///     fn answer(&self) -> Option<Answer> {
///         match self {
///             Self::Occupied => Some(Answer::new("occupied", "there is a piece already")),
///             Self::Engine(_) => None,
///         }
///     }
/// }
///
/// impl fmt::Display for MoveError {
///     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
///         write!(f, "{self:?}")
///     }
/// }
///
/// impl std::error::Error for MoveError {}
///
/// assert_eq!(MoveError::Occupied.answer().unwrap().code(), "occupied");
/// assert_eq!(MoveError::Engine("out of memory".into()).answer(), None);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what the client is told of it",
    label = "not a reply's error",
    note = "put `#[derive(ReplyError)]` above it, and `#[reply(\"no_room\", \"there is no such room\")]` above each variant; or implement `ReplyError` by hand"
)]
pub trait ReplyError {
    /// Every code that [`answer`](Self::answer) can give, for the description of a consumer.
    const CODES: &'static [&'static str];

    /// What the client is told; `None` when it is told `internal` and nothing more, while the error goes to the log.
    fn answer(&self) -> Option<Answer>;

    /// Lists what can be known of the codes beforehand.
    #[doc(hidden)]
    fn __describe(errors: &mut ErrorCodes) {
        Self::CODES.iter().for_each(|code| errors.bare(code));
    }
}

/// An error that [`Error::reply`] takes: one with a [`ReplyError`] that is a [`std::error::Error`] or was derived.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what the client is told of it",
    label = "not a reply's error",
    note = "put `#[derive(ReplyError)]` above it, or implement `ReplyError` for an error that is a `std::error::Error`"
)]
pub trait IntoReply {
    fn into_reply(self) -> Error;
}

#[diagnostic::do_not_recommend]
impl<E: ReplyError + std::error::Error + Send + Sync + 'static> IntoReply for E {
    fn into_reply(self) -> Error {
        match self.answer() {
            Some(answer) => answer.into(),
            None => self.into(),
        }
    }
}

impl Error {
    /// An error that the client is told as its [`ReplyError`] says, for `map_err` where a handler returns plain
    /// [`Result`](crate::Result).
    ///
    /// It takes what implements [`ReplyError`] and [`std::error::Error`]: there `?` alone would keep the text and lose the
    /// code. What `#[derive(ReplyError)]` was put on needs no help, since `?` keeps its code; it is taken as well.
    ///
    /// ```
    /// # use std::fmt;
    /// # use consumer_runtime::{Answer, Error, ReplyError, Result};
    /// # #[derive(Debug)] struct Occupied;
    /// # impl fmt::Display for Occupied {
    /// #     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str("there is a piece already") }
    /// # }
    /// # impl std::error::Error for Occupied {}
    /// # impl ReplyError for Occupied {
    /// #     const CODES: &'static [&'static str] = &["occupied"];
    /// #     fn answer(&self) -> Option<Answer> { Some(Answer::new("occupied", self.to_string())) }
    /// # }
    /// # fn place() -> std::result::Result<(), Occupied> { Err(Occupied) }
    /// fn handler() -> Result {
    ///     place().map_err(Error::reply)?;
    ///     Ok(())
    /// }
    ///
    /// assert_eq!(handler().unwrap_err().to_string(), "occupied: there is a piece already");
    /// ```
    pub fn reply<E: IntoReply>(error: E) -> Self {
        error.into_reply()
    }
}
