//! Who connects, by a token: an ordinary axum extractor.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};

/// A customer with a token that we know.
pub(crate) struct Customer {
    pub(crate) expired: bool,
}

impl<S: Sync> FromRequestParts<S> for Customer {
    type Rejection = (StatusCode, &'static str);

    /// The token is a cookie, since a page can't give a WebSocket any other header.
    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let cookies = request.headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        let token = cookies.flat_map(|cookies| cookies.split("; ")).find_map(|cookie| cookie.strip_prefix("token="));
        match token {
            Some("good") => Ok(Self { expired: false }),
            Some("old") => Ok(Self { expired: true }),
            _ => Err((StatusCode::UNAUTHORIZED, "log in first\n")),
        }
    }
}
