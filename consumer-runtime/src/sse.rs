//! The same connections for clients whose network lets no WebSocket through: what the server sends as Server-Sent Events, what
//! the client sends by requests of its own.
//!
//! ```text
//! GET    ─→ Opening ─→ Line ── Near ──→ the engine, for which it is a WebSocket like any other
//!            events ←─ EventStream ←┘ ↑
//! POST   ─→ Sessions ─→ frames ───────┤
//! DELETE ─→ Sessions ─→ close frame ──┘
//! ```

mod cors;
mod event;
mod line;
mod opening;
mod posted;
mod sessions;
mod stream;
mod talk;

use axum::http::{HeaderMap, HeaderName, Method, header, request::Parts};

pub(crate) use cors::Cors;
pub(crate) use line::Near;
pub(crate) use opening::Opening;
pub(crate) use sessions::Sessions;
pub(crate) use talk::answer;

/// The session that a request belongs to. In a GET, where there is none yet, it says that a script of a page that may know
/// the answer has sent it, or no browser at all.
pub(crate) const SESSION: HeaderName = HeaderName::from_static("consumer-session");

/// How a DELETE closes.
const CLOSE: HeaderName = HeaderName::from_static("consumer-close");

/// What a request wants that is none for a WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To open a stream of events.
    Open,
    /// To send.
    Send,
    /// To close.
    Close,
    /// To know whether a page may ask for one of these.
    Preflight,
}

impl Asked {
    /// What a request wants; `None` for everything that speaks of no events.
    pub(crate) fn of(request: &Parts) -> Option<Self> {
        let headers = &request.headers;
        match request.method {
            Method::GET => {
                let opens = lists(headers, header::ACCEPT, "text/event-stream")
                    && !lists(headers, header::UPGRADE, "websocket");
                opens.then_some(Self::Open)
            }
            Method::POST => headers.contains_key(SESSION).then_some(Self::Send),
            Method::DELETE => headers.contains_key(SESSION).then_some(Self::Close),
            Method::OPTIONS => {
                let wanted = headers.get(header::ACCESS_CONTROL_REQUEST_METHOD);
                let ours = wanted.is_some_and(|method| [&b"GET"[..], b"POST", b"DELETE"].contains(&method.as_bytes()));
                (ours && headers.contains_key(header::ORIGIN)).then_some(Self::Preflight)
            }
            _ => None,
        }
    }
}

/// Whether a list names something, in any case and with any parameters.
fn lists(headers: &HeaderMap, name: HeaderName, wanted: &str) -> bool {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|item| essence(item).eq_ignore_ascii_case(wanted))
}

/// A media type without its parameters.
fn essence(media_type: &str) -> &str {
    media_type.split_once(';').map_or(media_type, |(essence, _)| essence).trim()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn asked(method: Method, headers: &[(&str, &str)]) -> Option<Asked> {
        let mut request = Request::builder().method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Asked::of(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn only_who_accepts_events_asks_for_them() {
        for accept in ["text/event-stream", "text/html, Text/Event-Stream;q=0.5"] {
            assert_eq!(asked(Method::GET, &[("accept", accept)]), Some(Asked::Open), "{accept}");
            assert_eq!(asked(Method::GET, &[("accept", accept), ("upgrade", "websocket")]), None, "{accept}");
            assert_eq!(asked(Method::HEAD, &[("accept", accept)]), None, "{accept}");
        }
        for accept in ["*/*", "text/*", "text/event-streams", ""] {
            assert_eq!(asked(Method::GET, &[("accept", accept)]), None, "{accept}");
        }
    }

    #[test]
    fn what_belongs_to_a_session_names_it() {
        let session = [("consumer-session", "x")];
        assert_eq!(asked(Method::POST, &session), Some(Asked::Send));
        assert_eq!(asked(Method::DELETE, &session), Some(Asked::Close));
        assert_eq!(asked(Method::PUT, &session), None);
        assert_eq!(asked(Method::POST, &[]), None);
        let preflight = [("origin", "https://a.example"), ("access-control-request-method", "POST")];
        assert_eq!(asked(Method::OPTIONS, &preflight), Some(Asked::Preflight));
        assert_eq!(asked(Method::OPTIONS, &preflight[..1]), None);
    }
}
