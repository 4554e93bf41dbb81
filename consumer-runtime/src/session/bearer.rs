//! The token of a client: in a header, or in a subprotocol, which is all that a browser can set.

use std::fmt;

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};

use crate::scope;

/// The subprotocol that a client with a token offers beside it, to be agreed on: a browser hangs up on a server that picks
/// none.
pub(crate) const SUBPROTOCOL: &str = "bearer";

/// What subprotocols that carry a token begin with.
const PREFIX: &str = "bearer.";

/// Whether a subprotocol belongs to the token, and is not the consumer's business.
pub(crate) fn is_bearer(subprotocol: &str) -> bool {
    subprotocol == SUBPROTOCOL || subprotocol.starts_with(PREFIX)
}

/// The bearer token of a request: from `Authorization: Bearer ..`, or from the subprotocol `bearer.` with the token behind it.
///
/// A browser cannot set headers, so it says
/// `new WebSocket(url, ["bearer", "bearer." + token])`, beside the application's own subprotocols if there are any. The
/// server answers with one of those or with `bearer`, never with the token. This works for tokens of letters, digits and
/// ``!#$%&'*+-.^_`|~`` (RFC 7230 §3.2.6), as JWTs, UUIDs and texts in hexadecimal or base64url are. A token in the query is not
/// read, since queries are logged on the way.
///
/// Without a token, or with several, the request is refused, 401 and 400. `Option<BearerToken>` lets those in that have none.
/// Its `Debug` does not show it.
///
/// ```
/// use axum::http::StatusCode;
/// use consumer_runtime::{BearerToken, prelude::*};
///
/// # async fn owner(_: &str) -> Option<String> { None }
/// #[consumer("/ws/feed/")]
/// struct Feed {}
///
/// #[consumer]
/// impl Feed {
///     #[connect]
///     async fn connect(&mut self, token: BearerToken, context: &mut Context<Self>) -> Result<(), Refusal> {
///         let Some(user) = owner(token.as_str()).await else {
///             return Err(Refusal::response(StatusCode::UNAUTHORIZED));
///         };
///         Ok(context.log_in(user).await?)
///     }
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BearerToken(String);

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken(..)")
    }
}

impl BearerToken {
    /// The token, as the client sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The token of a request, if it has one.
    ///
    /// # Errors
    /// When it has several, which RFC 6750 §2 forbids.
    pub fn of(request: &Parts) -> Result<Option<Self>, NoToken> {
        let headers = request.headers.get_all(header::AUTHORIZATION).iter().filter_map(|value| value.to_str().ok());
        let headers = headers.filter_map(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
        });
        let subprotocols = scope::subprotocols(&request.headers).filter_map(|name| name.strip_prefix(PREFIX));
        let mut tokens: Vec<_> = headers.chain(subprotocols).collect();
        match (tokens.pop(), tokens.is_empty()) {
            (None, _) => Ok(None),
            (Some(token), true) if !token.is_empty() => Ok(Some(Self(token.to_owned()))),
            (Some(_), true) => Err(NoToken::Missing),
            (Some(_), false) => Err(NoToken::Several),
        }
    }
}

/// Why there is no [`BearerToken`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoToken {
    /// There is none, or an empty one.
    Missing,
    /// There are several.
    Several,
}

impl fmt::Display for NoToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => {
                "a token is needed: `Authorization: Bearer <token>`, or the subprotocols `bearer` and `bearer.<token>`"
            }
            Self::Several => "there are several tokens; send one",
        })
    }
}

impl std::error::Error for NoToken {}

impl IntoResponse for NoToken {
    fn into_response(self) -> Response {
        let (status, challenge) = match self {
            Self::Missing => (StatusCode::UNAUTHORIZED, "Bearer"),
            Self::Several => (StatusCode::BAD_REQUEST, "Bearer error=\"invalid_request\""),
        };
        (status, [(header::WWW_AUTHENTICATE, challenge)], format!("{self}\n")).into_response()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for BearerToken {
    type Rejection = NoToken;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, NoToken> {
        Self::of(request)?.ok_or(NoToken::Missing)
    }
}

impl<S: Send + Sync> axum::extract::OptionalFromRequestParts<S> for BearerToken {
    type Rejection = NoToken;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Option<Self>, NoToken> {
        Self::of(request)
    }
}
