//! Messages both ways.

use super::*;

/// Every pair of what an offer and the settings may say.
#[tokio::test]
async fn whatever_is_agreed_on_both_understand_each_other() {
    for (server, client) in [(false, false), (false, true), (true, false), (true, true)] {
        for (server_bits, client_bits) in [(15, 15), (9, 15), (15, 9), (10, 12)] {
            let compression = Compression {
                server_context_takeover: server,
                client_context_takeover: client,
                server_window_bits: server_bits,
                client_window_bits: client_bits,
                ..TAKEOVER
            };
            let site = site_with(compressing(compression)).await;
            for offer in [
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; server_max_window_bits=11; client_max_window_bits=10",
            ] {
                let mut peer = Peer::open(&site, HALL, offer).await;
                assert!(peer.agreed.is_some());
                for chapter in 0..8 {
                    peer.send(&story(chapter)).await;
                    assert_eq!(peer.text().await, (story(chapter), true), "{compression:?}, {offer}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_is_short_or_does_not_shrink_goes_as_it_is() {
    let site = site().await;
    let mut peer = Peer::open(&site, HALL, "permessage-deflate").await;
    peer.send("short").await;
    assert_eq!(peer.text().await, ("short".to_owned(), false));
    let noise: String =
        (0..3000_u32).map(|i| char::from(33 + (i.wrapping_mul(2_654_435_761) >> 24) as u8 % 90)).collect();
    peer.send(&noise).await;
    assert_eq!(peer.text().await.0, noise);
    peer.send(&story(1)).await;
    assert_eq!(peer.text().await, (story(1), true));
    // The client need not compress either.
    peer.raw.write(&frame(true, 1, story(2).as_bytes())).await;
    assert_eq!(peer.text().await, (story(2), true));
}

#[tokio::test]
async fn a_client_that_offers_nothing_is_served_as_ever() {
    let site = site().await;
    let mut client = site.client(HALL).await;
    client.say(story(1)).await;
    assert_eq!(client.hear().await, story(1));
    assert_eq!(site.channels.counts().compressed, 0);
}

#[tokio::test]
async fn fragments_may_have_control_frames_between_them() {
    let site = site().await;
    let mut peer = Peer::open(&site, HALL, "permessage-deflate").await;
    let payload = peer.deflate(story(1).as_bytes());
    let (first, second) = payload.split_at(payload.len() / 2);
    for bytes in [frame(false, 0x41, first), frame(true, 9, b"p"), frame(true, 0, second)] {
        peer.raw.write(&bytes).await;
    }
    assert_eq!(peer.raw.frame().await, Some((10, b"p".to_vec())));
    assert_eq!(peer.text().await, (story(1), true));
    let payload = peer.deflate(&[0; 2000]);
    peer.raw.write(&frame(true, 0x42, &payload)).await;
    let (first, payload) = peer.raw.frame_as_it_is().await.unwrap();
    assert_eq!(first, 0xc2);
    assert_eq!(peer.inflate(&payload), [0; 2000]);
}

/// Control frames are never compressed, nor do they disturb a context.
#[tokio::test]
async fn a_context_outlives_pings_and_short_messages() {
    let site = site_with(compressing(Compression { min_size: 100, ..TAKEOVER })).await;
    let mut peer = Peer::open(&site, HALL, "permessage-deflate").await;
    let mut sizes = vec![];
    for _ in 0..3 {
        peer.send(&story(7)).await;
        peer.raw.write(&frame(true, 9, b"p")).await;
        let (first, payload) = peer.raw.frame_as_it_is().await.unwrap();
        let (text, pong) = if first == 0x8a {
            (peer.raw.frame_as_it_is().await.unwrap(), (first, payload))
        } else {
            ((first, payload), peer.raw.frame_as_it_is().await.unwrap())
        };
        assert_eq!(pong, (0x8a, b"p".to_vec()));
        assert_eq!(text.0, 0xc1);
        sizes.push(text.1.len());
        assert_eq!(peer.inflate(&text.1), story(7).as_bytes());
        peer.send("short").await;
        assert_eq!(peer.text().await, ("short".to_owned(), false));
    }
    assert!(sizes[1] * 2 < sizes[0], "the second refers to the first: {sizes:?}");
}
