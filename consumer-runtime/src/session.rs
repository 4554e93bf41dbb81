//! Whose a connection is, and for how long.

mod bearer;
mod connecting;
mod cookies;
mod expiring;
#[cfg(feature = "jwt")]
mod jwt;
mod tickets;
mod users;

pub use bearer::{BearerToken, NoToken};
pub(crate) use bearer::{SUBPROTOCOL as BEARER, is_bearer};
pub use connecting::Connecting;
pub use cookies::Cookies;
pub use expiring::SessionExpiring;
#[cfg(feature = "jwt")]
pub use jwt::{InvalidJwt, InvalidJwtKey, Jwt, JwtVerifier};
pub use tickets::{InvalidTicket, Ticket, Tickets};
pub use users::UserRef;
pub(crate) use users::{log_in, log_out};

/// The response when a user cannot be told to be one, since the layer is away.
pub(crate) fn not_logged_in(why: &crate::error::Error) -> axum::response::Response {
    use axum::{
        http::{StatusCode, header},
        response::IntoResponse,
    };

    tracing::error!(error = %why, "a client cannot be logged in; answering 503");
    let text = "the server cannot log you in now; come back in a moment\n";
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], text).into_response()
}
