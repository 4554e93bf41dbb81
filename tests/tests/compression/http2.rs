//! The same over HTTP/2 (RFC 8441).

use super::*;

#[tokio::test]
async fn messages_are_compressed_over_http2_too() {
    let site = site().await;
    let stream = tokio::net::TcpStream::connect(site.address).await.unwrap();
    let (sender, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let mut sender = sender.ready().await.unwrap();
    eventually("the server allows extended CONNECT", || sender.is_extended_connect_protocol_enabled()).await;
    let mut opening = http::Request::builder()
        .method(http::Method::CONNECT)
        .uri(format!("http://testserver{HALL}"))
        .version(http::Version::HTTP_2)
        .header("sec-websocket-version", "13")
        .header("sec-websocket-extensions", "permessage-deflate; server_max_window_bits=12")
        .body(())
        .unwrap();
    opening.extensions_mut().insert(h2::ext::Protocol::from_static("websocket"));
    let (response, mut body) = sender.send_request(opening, false).unwrap();
    let response = soon("a response", response).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(
        response.headers()["sec-websocket-extensions"],
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=12"
    );
    // Frames are the same; a peer over HTTP/1 with the same terms writes and reads them.
    let mut peer = Peer::open(&site, HALL, "permessage-deflate; server_max_window_bits=12").await;
    let payload = peer.deflate(story(1).as_bytes());
    body.send_data(frame(true, 0x41, &payload).into(), false).unwrap();
    let mut incoming = response.into_body();
    let answer = soon("an answer", incoming.data()).await.unwrap().unwrap();
    assert_eq!(answer[0], 0xc1);
    assert!(answer[1] < 126, "one frame with a short header");
    assert_eq!(answer.len(), 2 + usize::from(answer[1]));
    assert_eq!(peer.inflate(&answer[2..]), story(1).as_bytes());
}
