//! What a group is sent.

use super::*;

#[tokio::test]
async fn a_group_send_is_compressed_once_for_each_window() {
    let site = site().await;
    let mut peers = vec![];
    for offer in [
        "permessage-deflate",
        "permessage-deflate; server_max_window_bits=10",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; server_max_window_bits=10; client_no_context_takeover",
        "something-else",
    ] {
        peers.push(Peer::open(&site, HALL, offer).await);
    }
    for (round, text) in [story(1), "short".to_owned(), story(2)].into_iter().enumerate() {
        Hall {}.send(&site.channels, Told { text: text.clone() }).await.unwrap();
        for (i, peer) in peers.iter_mut().enumerate() {
            assert_eq!(peer.told().await, (text.clone(), i < 4 && round != 1));
        }
    }
    assert_eq!(site.channels.counts().compressed, 4, "two windows, two texts that are long enough");
}

#[tokio::test]
async fn a_group_without_a_compressing_member_compresses_nothing() {
    let site = site().await;
    let mut client = site.client(HALL).await;
    Hall {}.send(&site.channels, Told { text: story(1) }).await.unwrap();
    assert_eq!(client.hear_json().await, json!(story(1)));
    assert_eq!(site.channels.counts().compressed, 0);
}

/// What a queue drops was never part of a context, so what is left can be read.
#[tokio::test]
async fn a_context_survives_what_is_dropped() {
    let settings = Settings {
        overflow: Overflow::DropOldest,
        max_outgoing: 128 * 1024,
        ..compressing(Compression { level: 1, ..TAKEOVER })
    };
    let site = site_with(settings).await;
    let mut peer = Peer::open(&site, HALL, "permessage-deflate").await;
    let mut noise = 1_u64;
    let mut sent = 0;
    // More than any socket's buffer takes.
    while site.channels.counts().outgoing_dropped == 0 {
        assert!(sent < 5_000, "nothing was dropped");
        let text: String = (0..32 * 1024)
            .map(|_| {
                noise ^= noise << 13;
                noise ^= noise >> 7;
                noise ^= noise << 17;
                char::from(35 + (noise % 57) as u8)
            })
            .collect();
        Hall {}.send(&site.channels, Told { text: format!("{sent} {text}") }).await.unwrap();
        sent += 1;
        tokio::task::yield_now().await;
    }
    Hall {}.send(&site.channels, Told { text: "the end".to_owned() }).await.unwrap();
    let mut read = 0;
    loop {
        let (text, compressed) = peer.told().await;
        assert!(compressed);
        if text == "the end" {
            break;
        }
        read += 1;
    }
    assert!(read > 0 && read < sent, "{read} of {sent}");
}
