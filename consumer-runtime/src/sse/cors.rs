//! What browsers want to be told before pages of other origins may read an answer (Fetch §3.3); WebSockets need none of it.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use crate::{proxies::Forwarded, settings::Settings};

/// The page that may read the response: one that [`Settings::origins`] lets connect.
#[derive(Debug)]
pub(crate) struct Cors(Option<HeaderValue>);

impl Cors {
    /// The page of a request.
    pub(crate) fn of(headers: &HeaderMap, uri: &Uri, forwarded: &Forwarded, settings: &Settings) -> Self {
        let admitted = settings.origins.admits(headers, uri, forwarded, true);
        Self(headers.get(header::ORIGIN).filter(|_| admitted).cloned())
    }

    /// Lets it read the response.
    pub(crate) fn allow(self, response: &mut Response) {
        let headers = response.headers_mut();
        headers.append(header::VARY, HeaderValue::from_static("origin"));
        let Some(origin) = self.0 else { return };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let rest = [
            (header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"),
            (header::ACCESS_CONTROL_EXPOSE_HEADERS, "retry-after"),
        ];
        insert(headers, rest);
    }
}

/// The answer to a page that asks whether it may ask.
pub(super) fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let what = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "consumer-session, consumer-close, content-type, authorization"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    insert(response.headers_mut(), what);
    response
}

fn insert<const N: usize>(headers: &mut HeaderMap, all: [(HeaderName, &'static str); N]) {
    headers.extend(all.map(|(name, value)| (name, HeaderValue::from_static(value))));
}
