//! Limits and rules of RFC 6455 that a client can break.

use super::*;

/// The close frame that bytes after a handshake lead to, and the site, on which nothing is left.
async fn closed_for(path: &str, bytes: &[u8]) -> u16 {
    let site = Site::new(app()).await;
    let mut raw = Raw::open(site.address, path).await;
    raw.write(bytes).await;
    let (code, reason) = raw.close_frame().await.expect("a close frame");
    assert!(!reason.is_empty(), "{code} says why");
    drop(raw);
    site.settled().await;
    code
}

#[tokio::test]
async fn a_message_over_the_limit_is_1009() {
    let site = Site::new(app()).await;
    let mut client = site.client("/ws/text/").await;
    client.say("x".repeat(64 * 1024)).await;
    assert_eq!(client.hear().await, "65536 bytes");
    client.say("x".repeat(64 * 1024 + 1)).await;
    assert_eq!(client.hear_close().await.0, 1009);
}

#[tokio::test]
async fn a_message_over_the_limit_in_fragments_is_1009() {
    let half = vec![b'x'; 40 * 1024];
    assert_eq!(closed_for("/ws/text/", &[frame(false, 1, &half), frame(true, 0, &half)].concat()).await, 1009);
}

#[tokio::test]
async fn a_length_that_is_only_announced_is_1009() {
    let mut announced = vec![0x82, 0x80 | 127];
    announced.extend_from_slice(&(1_u64 << 40).to_be_bytes());
    announced.extend_from_slice(&[0; 4]);
    assert_eq!(closed_for("/ws/bytes/", &announced).await, 1009);
}

#[tokio::test]
async fn text_that_is_not_utf8_is_1007() {
    assert_eq!(closed_for("/ws/text/", &frame(true, 1, b"caf\xe9")).await, 1007);
    assert_eq!(closed_for("/ws/text/", &frame(false, 1, b"\xed\xa0\x80")).await, 1007);
    assert_eq!(closed_for("/ws/text/", &frame(true, 8, b"\x03\xe8\xff")).await, 1007);
}

#[tokio::test]
async fn a_frame_that_breaks_the_protocol_is_1002() {
    let mut reserved = frame(true, 1, b"x");
    reserved[0] |= 0x40;
    for (what, bytes) in [
        ("unmasked", vec![0x81, 1, b'x']),
        ("a reserved bit", reserved),
        ("a reserved opcode", frame(true, 3, b"x")),
        ("a fragmented ping", frame(false, 9, b"x")),
        ("a long ping", frame(true, 9, &[0; 126])),
        ("a continuation of nothing", frame(true, 0, b"x")),
        ("a message inside another", [frame(false, 1, b"x"), frame(true, 1, b"x")].concat()),
        ("half a close code", frame(true, 8, &[3])),
        ("a close code that never travels", frame(true, 8, &1006_u16.to_be_bytes())),
    ] {
        assert_eq!(closed_for("/ws/text/", &bytes).await, 1002, "{what}");
    }
}

#[tokio::test]
async fn too_many_fragments_are_1008() {
    let mut bytes = frame(false, 1, b"x");
    for _ in 0..128 {
        bytes.extend(frame(false, 0, b"x"));
    }
    assert_eq!(closed_for("/ws/text/", &bytes).await, 1008);
}

#[tokio::test]
async fn more_frames_than_the_rate_allows_are_1008() {
    let site = Site::new(app()).await;
    let mut raw = Raw::open(site.address, "/ws/text/").await;
    raw.write(&frame(true, 1, b"x").repeat(1000)).await;
    let mut handled = 0;
    let close = loop {
        match raw.frame().await.expect("a close frame") {
            (8, payload) => break payload,
            (1, _) => handled += 1,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(close[..2], 1008_u16.to_be_bytes());
    assert!((200..300).contains(&handled), "what came within the limit is handled: {handled}");
}

#[tokio::test]
async fn the_rate_is_a_setting() {
    let settings = Settings { rate: None, ..Settings::default() };
    let site = Site::new(app().with_settings(settings)).await;
    let mut raw = Raw::open(site.address, "/ws/text/").await;
    raw.write(&frame(true, 1, b"x").repeat(1000)).await;
    for _ in 0..1000 {
        assert_eq!(raw.frame().await, Some((1, b"1 bytes".to_vec())));
    }
    let settings = Settings { rate: Some(Rate { per_second: 1, burst: 2 }), ..Settings::default() };
    let site = Site::new(app().with_settings(settings)).await;
    let mut client = site.client("/ws/text/").await;
    for _ in 0..3 {
        client.say("x").await;
    }
    assert_eq!(client.hear_close().await, (1008, "too many frames".into()));
    let settings = Settings { byte_rate: Some(Rate { per_second: 1, burst: 2 }), ..Settings::default() };
    let site = Site::new(app().with_settings(settings)).await;
    let mut client = site.client("/ws/text/").await;
    client.say("longer than the burst").await;
    assert_eq!(client.hear().await, "21 bytes");
    client.say("x").await;
    assert_eq!(client.hear_close().await, (1008, "too many bytes".into()));
}

#[tokio::test]
async fn fragments_become_one_message_with_pings_in_between() {
    let site = Site::new(app()).await;
    let mut raw = Raw::open(site.address, "/ws/text/").await;
    let bytes = [frame(false, 1, "방".as_bytes()), frame(true, 9, b"now"), frame(false, 0, b""), frame(true, 0, b"!")];
    raw.write(&bytes.concat()).await;
    assert_eq!(raw.frame().await, Some((10, b"now".to_vec())), "a pong with the ping's own bytes");
    assert_eq!(raw.frame().await, Some((1, b"4 bytes".to_vec())));
}

#[tokio::test]
async fn every_ping_is_answered_in_order() {
    let site = Site::new(app()).await;
    let mut raw = Raw::open(site.address, "/ws/text/").await;
    raw.write(&[frame(true, 9, b"a"), frame(true, 9, b""), frame(true, 9, &[7; 125])].concat()).await;
    for payload in [b"a".to_vec(), Vec::new(), vec![7; 125]] {
        assert_eq!(raw.frame().await, Some((10, payload)));
    }
}
