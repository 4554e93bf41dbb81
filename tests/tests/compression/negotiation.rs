//! What a handshake agrees on, and what it refuses.

use super::*;

const NO_TAKEOVER: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

async fn agreed(site: &Site, path: &str, offer: &str) -> Option<String> {
    Peer::open(site, path, offer).await.agreed
}

#[tokio::test]
async fn nothing_is_compressed_by_default() {
    let site = site_with(Settings::default()).await;
    let mut peer = Peer::open(&site, HALL, "permessage-deflate").await;
    assert_eq!(peer.agreed, None);
    peer.raw.write(&frame(true, 1, story(1).as_bytes())).await;
    assert_eq!(peer.text().await, (story(1), false));
    // Nor is an offer that nobody looks at held against a client.
    assert_eq!(agreed(&site, HALL, ";;;").await, None);
    peer.send(&story(2)).await;
    let (code, reason) = peer.raw.close_frame().await.unwrap();
    assert_eq!(code, 1002);
    assert!(reason.contains("no extension"), "{reason}");
}

#[tokio::test]
async fn the_response_says_what_is_agreed_on() {
    let site = site().await;
    assert_eq!(agreed(&site, HALL, "permessage-deflate; client_max_window_bits").await.as_deref(), Some(NO_TAKEOVER));
    let small = agreed(&site, HALL, "permessage-deflate; server_max_window_bits=10").await.unwrap();
    assert_eq!(small, format!("{NO_TAKEOVER}; server_max_window_bits=10"));
    for declined in ["permessage-deflate; unknown", "permessage-deflate; server_max_window_bits=8", "permessage-bzip2"]
    {
        assert_eq!(agreed(&site, HALL, declined).await, None, "{declined}");
    }
    let keeper = agreed(&site, "/ws/keeper/", "permessage-deflate; client_max_window_bits=9").await.unwrap();
    assert_eq!(keeper, "permessage-deflate; client_no_context_takeover; client_max_window_bits=9");
}

#[tokio::test]
async fn offers_of_several_headers_are_one_list() {
    let site = site().await;
    let headers =
        "Sec-WebSocket-Extensions: permessage-deflate; unknown\r\nSec-WebSocket-Extensions: x, permessage-deflate\r\n";
    let (_raw, response) = Raw::open_with(site.address, HALL, headers).await;
    assert_eq!(response.header("sec-websocket-extensions"), Some(NO_TAKEOVER));
}

#[tokio::test]
async fn a_malformed_offer_is_a_400() {
    let site = site().await;
    for offer in ["permessage-deflate;", "permessage-deflate; a=\"", "=", "permessage-deflat\u{e9}"] {
        let response = ask(site.address, &handshake(HALL, &format!("Sec-WebSocket-Extensions: {offer}\r\n"))).await;
        assert_eq!(response.status, 400, "{offer}");
        assert!(response.body.contains("`Sec-WebSocket-Extensions`"), "{}", response.body);
    }
    assert_eq!(site.channels.counts().refused, 4);
}

#[tokio::test]
async fn settings_out_of_range_are_told_to_whom_they_concern() {
    let log = Log::begin();
    let site = site_with(compressing(Compression { server_window_bits: 16, ..Compression::default() })).await;
    let response = ask(site.address, &handshake(HALL, BROWSER)).await;
    assert_eq!((response.status, response.body.as_str()), (500, "this server is not set up\n"));
    assert!(log.text().contains("`compression.server_window_bits` is 16; it must be from 9 to 15"), "{}", log.text());
}

#[test]
fn settings_are_read_and_checked() {
    let read = |json: &str| serde_json::from_str::<Settings>(json).map(|settings| settings.compression);
    assert_eq!(read("{}").unwrap(), None);
    assert_eq!(read(r#"{"compression": null}"#).unwrap(), None);
    assert_eq!(read(r#"{"compression": {}}"#).unwrap(), Some(Compression::default()));
    let level = Compression { level: 9, ..Compression::default() };
    assert_eq!(read(r#"{"compression": {"level": 9}}"#).unwrap(), Some(level));
    for (json, mend) in [
        (r#"{"compression": {"level": 0}}"#, "from 1 to 9"),
        (r#"{"compression": {"server_window_bits": 8}}"#, "from 9 to 15"),
        (r#"{"compression": {"client_window_bits": 16}}"#, "from 9 to 15"),
        (r#"{"compression": {"windows": 3}}"#, "unknown field `windows`"),
    ] {
        let error = read(json).unwrap_err().to_string();
        assert!(error.contains(mend), "{error}");
    }
}
