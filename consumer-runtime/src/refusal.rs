//! How `#[connect]` says no.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::close::Close;

/// What `#[connect]` returns instead of a consumer.
///
/// Either an HTTP response that is sent before the upgrade (403 by default, as in Django Channels), or a [`Close`]: the
/// socket is accepted and closed at once with its code, which is the only refusal that a browser's script can read.
/// Everything that is an axum response turns into it
/// with `?`, [`Error`](crate::Error) included.
///
/// An ordinary error (of a database, say) is no response. Let `#[connect]` return [`Result<Self>`](crate::Result) where
/// `?` meets one: it is logged, and the client gets a 500.
///
/// ```
/// use axum::http::StatusCode;
/// use consumer_runtime::{Close, Refusal, close_code};
///
/// let plain = Refusal::default(); // 403
/// let status = Refusal::from((StatusCode::UNAUTHORIZED, "log in first"));
/// let code = Refusal::from(Close::new(close_code!(4003), "log in first"));
/// ```
#[derive(Debug)]
pub struct Refusal(pub(crate) RefusalKind);

#[derive(Debug)]
pub(crate) enum RefusalKind {
    Response(Box<Response>),
    Close(Close),
}

impl Refusal {
    /// Refuses with an HTTP response before the upgrade.
    pub fn response(response: impl IntoResponse) -> Self {
        let mut response = response.into_response();
        match response.extensions_mut().remove::<Close>() {
            Some(close) => Self::close(close),
            None => Self(RefusalKind::Response(Box::new(response))),
        }
    }

    /// Accepts and closes at once.
    pub fn close(close: Close) -> Self {
        Self(RefusalKind::Close(close))
    }
}

/// 403, as Django Channels answers a consumer that closes before it accepts.
impl Default for Refusal {
    fn default() -> Self {
        Self::response((StatusCode::FORBIDDEN, "the connection was refused"))
    }
}

impl<T: IntoResponse> From<T> for Refusal {
    fn from(response: T) -> Self {
        Self::response(response)
    }
}

impl From<Close> for Refusal {
    fn from(close: Close) -> Self {
        Self::close(close)
    }
}
