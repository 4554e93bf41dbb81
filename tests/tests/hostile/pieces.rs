//! Bytes and frames that come in pieces, or in heaps.

use super::*;

#[tokio::test]
async fn a_byte_at_a_time_is_slow_but_right() {
    let party = Party::new().await;
    let mut raw = Raw::connect(party.site.address).await;
    for byte in handshake("/ws/room/", "").bytes() {
        raw.write(&[byte]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(raw.response().await.status, 101);
    let long = "방".repeat(50);
    let bytes = [frame(false, 1, "방".as_bytes()), frame(true, 0, long.as_bytes()), frame(true, 2, &[0; 300])];
    for byte in bytes.concat() {
        raw.write(&[byte]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(raw.frame().await, Some((1, b"153 bytes".to_vec())));
    assert_eq!(raw.frame().await, Some((1, b"300 bytes".to_vec())));
    drop(raw);
    party.ends_unharmed().await;
}

#[tokio::test]
async fn frames_that_came_with_the_handshake_are_not_lost() {
    let party = Party::new().await;
    let mut raw = Raw::connect(party.site.address).await;
    let bytes = [handshake("/ws/room/", "").into_bytes(), frame(true, 1, b"early"), frame(true, 2, b"too")];
    raw.write(&bytes.concat()).await;
    assert_eq!(raw.response().await.status, 101);
    assert_eq!(raw.frame().await, Some((1, b"5 bytes".to_vec())));
    assert_eq!(raw.frame().await, Some((1, b"3 bytes".to_vec())));
    drop(raw);
    party.ends_unharmed().await;
}

#[tokio::test]
async fn thousands_of_tiny_fragments_are_one_message_where_they_are_allowed() {
    const FRAGMENTS: usize = 20_000;
    let party = Party::with(Settings { max_fragments: FRAGMENTS, ..Settings::default() }).await;
    let mut raw = party.raw().await;
    let mut bytes = frame(false, 1, b"x");
    bytes.extend(frame(false, 0, b"x").repeat(FRAGMENTS - 2));
    bytes.extend(frame(true, 0, b"x"));
    raw.write(&bytes).await;
    assert_eq!(raw.frame().await, Some((1, format!("{FRAGMENTS} bytes").into_bytes())));
    drop(raw);
    party.ends_unharmed().await;
}

#[tokio::test]
async fn a_flood_of_pings_is_answered_or_ended_and_never_piles_up() {
    let party = Party::new().await;
    let mut raw = party.raw().await;
    raw.write(&frame(true, 9, &[0; 125]).repeat(300)).await;
    assert_eq!(raw.close_frame().await.map(|(code, _)| code), Some(1008), "control frames count as well");
    drop(raw);
    party.ends_unharmed().await;

    let party = Party::with(Settings::unlimited()).await;
    let mut raw = party.raw().await;
    // Never reads a pong: what cannot leave is replaced by the next one.
    for _ in 0..100 {
        raw.write(&frame(true, 9, &[0; 125]).repeat(500)).await;
    }
    raw.write(&frame(true, 1, b"still here")).await;
    let mut pongs = 0;
    loop {
        match raw.frame().await.expect("an open line") {
            (10, payload) => pongs += usize::from(payload.len() == 125),
            (1, payload) => break assert_eq!(payload, b"10 bytes"),
            other => panic!("{other:?}"),
        }
    }
    assert!(pongs > 0);
    drop(raw);
    party.ends_unharmed().await;
}

#[tokio::test]
async fn floods_of_every_kind_at_once_disturb_nobody_else() {
    let mut party = Party::with(Settings::unlimited()).await;
    let floods = [
        frame(true, 9, &[0; 125]),
        frame(true, 10, &[0; 125]),
        frame(true, 1, b""),
        [frame(false, 1, b""), frame(true, 9, b""), frame(true, 0, b"")].concat(),
    ];
    let mut lines = Vec::new();
    for flood in floods {
        let raw = party.raw().await;
        lines.push(tokio::spawn(async move {
            let (mut reading, mut writing) = raw.stream.into_split();
            // Reads whatever comes, so that nobody has to wait for it.
            let reader = tokio::spawn(async move { tokio::io::copy(&mut reading, &mut tokio::io::sink()).await });
            for _ in 0..50 {
                let heap = flood.repeat(400);
                soon("the server takes bytes", tokio::io::AsyncWriteExt::write_all(&mut writing, &heap)).await.unwrap();
            }
            drop(writing);
            let _ = soon("the server ends the line as well", reader).await;
        }));
    }
    let mut answered = 0;
    while lines.iter().any(|line| !line.is_finished()) {
        party.honest.say("hello").await;
        assert_eq!(party.honest.hear().await, "5 bytes");
        answered += 1;
    }
    for line in lines {
        line.await.unwrap();
    }
    assert!(answered > 0);
    party.diary.has(4).await;
    party.ends_unharmed().await;
}
