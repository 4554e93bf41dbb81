//! What a test's client did not get.

use std::{fmt, time::Duration};

use axum::http::{HeaderMap, StatusCode};
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};

/// What a [`Communicator`](super::Communicator) did not get.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TestError {
    /// The server refused the connection.
    Refused {
        /// The response's status.
        status: StatusCode,
        /// The response's headers.
        headers: Box<HeaderMap>,
        /// The response's body, as far as it came with the head.
        body: String,
    },
    /// `connect` was not called, or did not succeed.
    NotConnected,
    /// Nothing came for so long.
    Silent(Duration),
    /// The connection ended without a close frame.
    Gone,
    /// Another frame came.
    Unexpected {
        /// What was asked for.
        wanted: &'static str,
        /// What came, in words.
        got: String,
    },
    /// The JSON does not fit.
    Json(String),
    /// The client's own trouble.
    Socket(String),
}

impl TestError {
    pub(super) fn unexpected(wanted: &'static str, got: &Message) -> Self {
        let got = match got {
            Message::Text(text) => format!("the text {:?}", text.as_str()),
            Message::Binary(bytes) => format!("{} bytes", bytes.len()),
            Message::Close(frame) => format!("a close frame, {frame:?}"),
            other => format!("{other:?}"),
        };
        Self::Unexpected { wanted, got }
    }

    pub(super) fn from_socket(error: SocketError) -> Self {
        match error {
            SocketError::Http(response) => {
                let (head, body) = (*response).into_parts();
                let body = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
                Self::Refused { status: head.status, headers: Box::new(head.headers), body }
            }
            SocketError::ConnectionClosed | SocketError::AlreadyClosed | SocketError::Io(_) => Self::Gone,
            other => Self::Socket(other.to_string()),
        }
    }
}

impl fmt::Display for TestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { status, body, .. } => write!(f, "the connection was refused with {status}: {body}"),
            Self::NotConnected => f.write_str("not connected; call `connect` first"),
            Self::Silent(patience) => write!(
                f,
                "nothing came within {patience:?}; two communicators share groups only when their router has channels, `.with_channels(..)`"
            ),
            Self::Gone => f.write_str("the connection ended without a close frame"),
            Self::Unexpected { wanted, got } => write!(f, "wanted {wanted}, got {got}"),
            Self::Json(error) => write!(f, "the JSON does not fit: {error}"),
            Self::Socket(error) => f.write_str(error),
        }
    }
}

impl std::error::Error for TestError {}
