//! Compressed messages that no decent client sends; an honest one is served all the while.

use super::*;
use flate2::{Compress, FlushCompress};

/// So many MiB of zeros, as short as zlib makes it.
fn bomb(mebibytes: usize) -> Vec<u8> {
    let mut compress = Compress::new_with_window_bits(flate2::Compression::new(9), false, 15);
    let mut block = Vec::with_capacity(10_000);
    compress.compress_vec(&[0; 1 << 20], &mut block, FlushCompress::Full).expect("a sound stream");
    let mut payload = block.repeat(mebibytes);
    payload.truncate(payload.len() - 4);
    payload
}

async fn is_closed(settings: Settings, payloads: &[Vec<u8>], expected: u16, words: &str) {
    let site = site_with(settings).await;
    let mut honest = Peer::open(&site, HALL, "permessage-deflate").await;
    for payload in payloads {
        for first in [0x41, 0x42] {
            let mut peer = Peer::open(&site, HALL, "permessage-deflate").await;
            peer.raw.write(&frame(true, first, payload)).await;
            let (code, reason) = peer.raw.close_frame().await.unwrap();
            assert_eq!(code, expected, "{reason}");
            assert!(reason.contains(words), "{reason}");
            honest.send(&story(1)).await;
            assert_eq!(honest.text().await, (story(1), true));
        }
    }
}

#[tokio::test]
async fn bombs_are_1009() {
    for compression in [Compression::default(), TAKEOVER] {
        is_closed(compressing(compression), &[bomb(1), bomb(60)], 1009, "longer than this server allows").await;
    }
}

/// DEFLATE makes at most 1032 bytes of one, so this is the shortest GiB.
#[tokio::test]
async fn a_gib_in_a_mib_is_1009() {
    let settings = Settings { max_message: 1 << 20, ..compressing(Compression::default()) };
    is_closed(settings, &[bomb(1024)], 1009, "longer than this server allows").await;
}

#[tokio::test]
async fn corrupt_messages_are_1007() {
    let wrong = [vec![0x06, 0x00], vec![0xff; 30], b"Hello".to_vec(), [0x03, 0x00].repeat(20_000)];
    for compression in [Compression::default(), TAKEOVER] {
        is_closed(compressing(compression), &wrong, 1007, "DEFLATE").await;
    }
}

#[tokio::test]
async fn text_is_checked_after_it_is_inflated() {
    let site = site().await;
    let mut peer = Peer::open(&site, HALL, "permessage-deflate").await;
    let payload = peer.deflate(b"text\xff");
    peer.raw.write(&frame(true, 0x41, &payload)).await;
    assert_eq!(peer.raw.close_frame().await.unwrap().0, 1007);
}

#[tokio::test]
async fn the_bit_in_a_wrong_place_is_1002() {
    let site = site().await;
    for bytes in [
        frame(true, 0x49, b""),
        frame(true, 0x48, &1000_u16.to_be_bytes()),
        [frame(false, 0x41, &[0xf2]), frame(true, 0x40, &[0x48])].concat(),
        frame(true, 0x61, b"x"),
    ] {
        let mut peer = Peer::open(&site, HALL, "permessage-deflate").await;
        peer.raw.write(&bytes).await;
        assert_eq!(peer.raw.close_frame().await.unwrap().0, 1002);
    }
}

/// Frames are limited as they come, messages as they are.
#[tokio::test]
async fn fragments_of_a_bomb_are_a_bomb() {
    let site = site().await;
    let mut peer = Peer::open(&site, HALL, "permessage-deflate").await;
    let payload = bomb(8);
    let pieces: Vec<&[u8]> = payload.chunks(payload.len().div_ceil(100)).collect();
    for (i, piece) in pieces.iter().enumerate() {
        let opcode = if i == 0 { 0x42 } else { 0 };
        peer.raw.write(&frame(i + 1 == pieces.len(), opcode, piece)).await;
    }
    assert_eq!(peer.raw.close_frame().await.unwrap().0, 1009);
    site.settled().await;
}
