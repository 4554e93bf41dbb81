//! What `#[connect]` may say about the response that accepts the connection.

use std::fmt;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::Connection;
use crate::error::{Error, Result};

/// What `#[connect]` may still say about the response.
#[derive(Debug, Default)]
pub(super) struct Accept {
    pub(super) offered: Vec<String>,
    pub(super) headers: HeaderMap,
}

impl Accept {
    pub(super) fn new(offered: Vec<String>) -> Self {
        Self { offered, headers: HeaderMap::new() }
    }
}

impl Connection {
    pub(crate) fn subprotocol(&self) -> Option<String> {
        self.state().subprotocol.as_deref().cloned()
    }

    pub(crate) fn select_subprotocol(&self, name: &str) -> Result {
        let mut state = self.state();
        let Some(accept) = &state.accept else { return Err(AcceptedAlready.into()) };
        if !accept.offered.iter().any(|offered| offered == name) {
            return Err(Error::msg(format!("the client does not offer the subprotocol {name:?}")));
        }
        state.subprotocol = Some(Box::new(name.to_owned()));
        Ok(())
    }

    pub(crate) fn accept_header(&self, name: HeaderName, value: HeaderValue) -> Result {
        let own = [
            header::CONNECTION,
            header::UPGRADE,
            header::SEC_WEBSOCKET_ACCEPT,
            header::SEC_WEBSOCKET_EXTENSIONS,
            header::SEC_WEBSOCKET_PROTOCOL,
            header::SEC_WEBSOCKET_VERSION,
        ];
        if own.contains(&name) {
            return Err(Error::msg(format!(
                "the header {name} belongs to the handshake; for a subprotocol there is `select_subprotocol`"
            )));
        }
        match &mut self.state().accept {
            Some(accept) => {
                accept.headers.append(name, value);
                Ok(())
            }
            None => Err(AcceptedAlready.into()),
        }
    }

    /// The response's extra headers and subprotocol; from here on they are fixed.
    pub(crate) fn take_accept(&self) -> (HeaderMap, Option<String>) {
        let mut state = self.state();
        let headers = state.accept.take().unwrap_or_default().headers;
        (headers, state.subprotocol.as_deref().cloned())
    }
}

/// Too late to say something about the response.
#[derive(Clone, Copy, Debug)]
struct AcceptedAlready;

impl fmt::Display for AcceptedAlready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is accepted already; subprotocol and headers are chosen in `#[connect]`")
    }
}

impl std::error::Error for AcceptedAlready {}
