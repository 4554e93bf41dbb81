//! WebSockets over HTTP/2 (RFC 8441).

use super::*;

async fn connect(site: &Site) -> h2::client::SendRequest<bytes::Bytes> {
    let stream = tokio::net::TcpStream::connect(site.address).await.unwrap();
    let (sender, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let sender = sender.ready().await.unwrap();
    eventually("the server allows extended CONNECT", || sender.is_extended_connect_protocol_enabled()).await;
    sender
}

fn request(path: &str, method: http::Method, protocol: Option<&'static str>) -> http::Request<()> {
    let uri = format!("http://testserver{path}");
    let mut request = http::Request::builder().method(method).uri(uri).version(http::Version::HTTP_2);
    request = request.header("sec-websocket-version", "13");
    let mut request = request.body(()).unwrap();
    if let Some(protocol) = protocol {
        request.extensions_mut().insert(h2::ext::Protocol::from_static(protocol));
    }
    request
}

#[tokio::test]
async fn a_websocket_over_http2_is_like_any_other() {
    let site = site().await;
    let mut sender = connect(&site).await;
    let mut opening = request(ROOM, http::Method::CONNECT, Some("websocket"));
    opening.headers_mut().insert("origin", HeaderValue::from_static("http://testserver"));
    let (response, mut body) = sender.send_request(opening, false).unwrap();
    let response = soon("a response", response).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(!response.headers().contains_key("sec-websocket-accept"));
    body.send_data(frame(true, 1, b"{}").into(), false).unwrap();
    let mut incoming = response.into_body();
    let answer = soon("an answer", incoming.data()).await.unwrap().unwrap();
    assert_eq!(&answer[2..], br#"{"type":"reply","ok":"lobby"}"#);
    body.send_data(frame(true, 8, &1000_u16.to_be_bytes()).into(), false).unwrap();
    let close = soon("a close frame", incoming.data()).await.unwrap().unwrap();
    assert_eq!(close[..], [0x88, 2, 3, 232]);
    site.settled().await;
    assert_eq!(site.channels.counts().accepted, 1);
}

#[tokio::test]
async fn two_websockets_share_one_connection() {
    let site = site().await;
    let mut sender = connect(&site).await;
    let mut open = Vec::new();
    for room in ["a", "b"] {
        let opening = request(&format!("/ws/room/{room}/"), http::Method::CONNECT, Some("websocket"));
        let (response, body) = sender.send_request(opening, false).unwrap();
        open.push((room, soon("a response", response).await.unwrap().into_body(), body));
        poll_fn(|context| sender.poll_ready(context)).await.unwrap();
    }
    for (room, incoming, body) in &mut open {
        body.send_data(frame(true, 1, b"{}").into(), false).unwrap();
        let answer = soon("an answer", incoming.data()).await.unwrap().unwrap();
        assert_eq!(answer[2..], *format!(r#"{{"type":"reply","ok":"{room}"}}"#).as_bytes());
    }
    // A stream that is reset is a line that is cut.
    let (_, _, mut body) = open.pop().unwrap();
    body.send_reset(h2::Reason::CANCEL);
    eventually("one has ended", || site.channels.counts().ended == 1).await;
}

#[tokio::test]
async fn what_is_no_websocket_request_is_told_so() {
    let site = site().await;
    let mut sender = connect(&site).await;
    for (request, status) in [
        (request(ROOM, http::Method::GET, None), 400),
        (request(ROOM, http::Method::POST, None), 405),
        (request(ROOM, http::Method::CONNECT, Some("connect-udp")), 405),
    ] {
        let (response, _) = sender.send_request(request, true).unwrap();
        let response = soon("a response", response).await.unwrap();
        assert_eq!(response.status(), status);
        let text = soon("a text", response.into_body().data()).await.unwrap().unwrap();
        assert!(String::from_utf8_lossy(&text).contains("extended CONNECT"));
        poll_fn(|context| sender.poll_ready(context)).await.unwrap();
    }
}

#[tokio::test]
async fn a_foreign_origin_is_a_403() {
    let site = site().await;
    let mut sender = connect(&site).await;
    let mut opening = request(ROOM, http::Method::CONNECT, Some("websocket"));
    opening.headers_mut().insert("origin", HeaderValue::from_static("http://evil.example"));
    let (response, _) = sender.send_request(opening, false).unwrap();
    assert_eq!(soon("a response", response).await.unwrap().status(), 403);
}
