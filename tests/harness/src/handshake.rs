//! The opening handshake: requests of any kind to mounted consumers.

mod model;
mod request;
mod world;

use axum::http::StatusCode;
use consumer_runtime::{Origin, schema::Contract};

use self::world::World;

thread_local! {
    /// Made once: a request must leave nothing behind.
    static WORLD: World = World::new();
}

/// Sees that any request is answered, that who is let in has a right to be, and that whoever has one is.
///
/// `data` is the head of an HTTP request, its lines ended by `\n`; a header that cannot stand in one is left out. Behind
/// an empty line may stand the text of a contract.
///
/// # Panics
/// When that does not hold.
pub fn run(data: &[u8]) {
    let (head, contract) = split(data);
    if let Some(request) = request::read(head) {
        answer(request);
    }
    if let Ok(text) = std::str::from_utf8(contract) {
        reads_back(text);
    }
}

fn split(data: &[u8]) -> (&[u8], &[u8]) {
    let end = data.windows(2).position(|pair| pair == b"\n\n");
    end.map_or((data, &[]), |end| (&data[..end], &data[end + 2..]))
}

fn answer(request: http::Request<axum::body::Body>) {
    let expected = model::expected(&request);
    let described = format!("{} {} {:?} {:?}", request.method(), request.uri(), request.version(), request.headers());
    for origin in request.headers().get_all("origin") {
        if let Some(origin) = origin.to_str().ok().and_then(|origin| origin.parse::<Origin>().ok()) {
            assert_eq!(origin.to_string().parse(), Ok(origin), "an origin reads back");
        }
    }
    let response = WORLD.with(|world| world.answer(request));
    assert!(expected.statuses.contains(&response.status()), "{described}\nis answered {response:?}, not {expected:?}");
    let header = |name| response.headers().get(name).map(|value| value.to_str().expect("ASCII").to_owned());
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        assert_eq!(header("sec-websocket-accept"), expected.accept, "{described}");
        assert_eq!(header("upgrade").as_deref(), Some("websocket"), "{described}");
        assert_eq!(header("connection").as_deref(), Some("upgrade"), "{described}");
        assert_eq!(header("sec-websocket-extensions"), None, "{described}");
        let chosen = header("sec-websocket-protocol");
        assert!(chosen.iter().all(|chosen| expected.offered.contains(chosen)), "{described}\ngets {chosen:?}");
    } else {
        assert_eq!(header("sec-websocket-accept"), None, "{described}");
        let is_stream = header("content-type").as_deref() == Some("text/event-stream");
        assert_eq!(is_stream, response.status() == StatusCode::OK, "{described}");
        let page = header("access-control-allow-origin");
        assert!(
            page.is_none() || response.status() != StatusCode::FORBIDDEN,
            "{described}\nis let through to {page:?}"
        );
    }
}

/// A contract that can be read is written as it can be read again.
fn reads_back(text: &str) {
    let Ok(contract) = Contract::parse(text) else { return };
    let written = contract.to_string();
    if written.len() <= Contract::MAX_TEXT {
        assert_eq!(Contract::parse(&written).as_ref(), Ok(&contract), "{text:?} is written as {written:?}");
    }
    assert!(contract.serves(&contract).is_ok(), "{text:?} does not serve itself");
}
