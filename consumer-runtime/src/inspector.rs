//! A page that shows what goes on in a process.

mod disconnect;
mod snapshot;

use axum::{
    Router,
    extract::{OriginalUri, Request},
    http::{HeaderValue, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{get, post},
};

use crate::channels::Channels;

const PAGE: &str = include_str!("inspector/page.html");
const STYLE: &str = include_str!("inspector/style.css");
const SCRIPT: &str = include_str!("inspector/script.js");

/// Nothing from elsewhere, nothing inline, and in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// A page that shows consumers, groups, connections, rates and the names of events as they pass, and can disconnect a
/// connection. For the feature `inspector`.
///
/// **It asks nobody who they are.** It shows addresses of clients and ends connections: put your own authentication before
/// it, or let it listen where only operators come.
///
/// Mounted by [`Router::nest`], at any path; it loads nothing from elsewhere. It never shows a payload, a cookie, a query or
/// a path. What it shows is this process alone. Lists are cut to 200 entries, and the search finds the others. Events are
/// noted from the moment on that somebody looks until 5 seconds after the last look. A disconnect is refused unless it comes
/// from the page itself: the `Origin` has to be this server's, by the rules of
/// [`Settings::origins`](crate::Settings::origins), with the router's [`trusted_proxies`](crate::Settings::trusted_proxies)
/// where the page is behind a proxy.
///
/// A consumer is listed from its first client on. Behind the feature each connection remembers its client, its origin,
/// and when it was last used: 72 bytes and the origin's text.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use axum::{Router, extract::Request, http::StatusCode, middleware::{Next, from_fn}, response::Response};
/// use consumer_runtime::{Channels, inspector};
///
/// /// Whatever your application knows its operators by.
/// async fn operators(request: Request, next: Next) -> Result<Response, StatusCode> {
///     let shown = request.headers().get("authorization");
///     if shown.is_some_and(|shown| shown == "Bearer secret") { Ok(next.run(request).await) } else { Err(StatusCode::UNAUTHORIZED) }
/// }
///
/// let channels = Channels::memory();
/// let page: Router = inspector(channels.clone()).layer(from_fn(operators));
/// let app: Router = Router::new().nest("/inspector", page);
/// # });
/// ```
pub fn inspector<S: Clone + Send + Sync + 'static>(channels: Channels) -> Router<S> {
    let (shown, ended) = (channels.clone(), channels);
    Router::new()
        .route(
            "/",
            get(|OriginalUri(uri): OriginalUri| async move { typed("text/html; charset=utf-8", page(uri.path())) }),
        )
        .route("/style.css", get(|| async { typed("text/css; charset=utf-8", STYLE) }))
        .route("/script.js", get(|| async { typed("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/state", get(move |request: Request| snapshot::answer(shown.clone(), request)))
        .route("/disconnect", post(move |request: Request| disconnect::answer(ended.clone(), request)))
        .layer(map_response(guarded))
}

fn typed(mime: &'static str, body: impl IntoResponse) -> Response {
    ([(header::CONTENT_TYPE, mime)], body).into_response()
}

/// The page, which finds its files wherever it is mounted.
fn page(path: &str) -> String {
    // Relative to the page, whose last segment is there or is nothing. What is no plain word can't be in markup.
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_plain = last.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
    let base = if last.is_empty() || !is_plain { String::new() } else { format!("{last}/") };
    PAGE.replace("{base}", &base)
}

async fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn the_page_finds_its_files() {
        assert!(page("/inspector").contains("href=\"inspector/style.css\""));
        assert!(page("/a/b/").contains("href=\"style.css\""));
        assert!(page("/\"><b>").contains("href=\"style.css\""), "nothing of an odd path is in the page");
    }
}
