//! Lines that are cut, and clients that just sit there.

use super::*;

#[tokio::test]
async fn lines_that_are_cut_anywhere_leave_nothing_behind() {
    let party = Party::new().await;
    let whole = [frame(false, 1, b"half"), frame(true, 0, &[b'x'; 300])].concat();
    for cut in [0, 1, 2, 5, 7, 9, 11, 14, 15, 20, whole.len() - 1] {
        for reset in [false, true] {
            let mut raw = party.raw().await;
            raw.write(&whole[..cut]).await;
            match reset {
                true => raw.reset(),
                false => drop(raw),
            }
        }
    }
    party.diary.has(22).await;
    assert_eq!(party.diary.count("1006 Lost"), 22);
    party.ends_unharmed().await;
}

#[tokio::test]
async fn lines_that_are_cut_during_the_handshake_leave_nothing_behind() {
    let party = Party::new().await;
    let head = handshake("/ws/room/", "");
    for cut in [1, 40, head.len() - 1, head.len()] {
        for reset in [false, true] {
            let mut raw = Raw::connect(party.site.address).await;
            raw.write(&head.as_bytes()[..cut]).await;
            match reset {
                true => raw.reset(),
                false => drop(raw),
            }
        }
    }
    party.site.client("/ws/room/").await.close(1000, "").await;
    party.diary.says("1000 Client").await;
    let Party { site, diary, honest } = party;
    honest.close(1000, "").await;
    site.settled().await;
    // Who left before the response may have been built, and is told then; nobody is told twice.
    assert!(diary.entries().len() <= 4, "{:?}", diary.entries());
    let counts = site.channels.counts();
    assert_eq!((counts.panics, counts.accepted), (0, counts.ended), "{counts:?}");
}

#[tokio::test]
async fn a_client_that_answers_no_close_frame_is_not_waited_for_long() {
    let party = Party::with(Settings { close_timeout: Duration::from_millis(200), ..Settings::default() }).await;
    let mut raw = party.raw().await;
    // Unmasked: it is sent a close frame, which it never answers.
    raw.write(&[0x81, 1, b'x']).await;
    party.diary.says("1002 Protocol").await;
    party.site.client("/ws/room/").await.close(1000, "").await;
    tests::eventually("it is given up", || party.site.channels.counts().ended == 2).await;
    drop(raw);
    party.ends_unharmed().await;
}

/// A machine that was unplugged: its line is open, and nothing comes any more, not even an answer to a ping.
#[tokio::test(start_paused = true)]
async fn a_line_that_fell_silent_is_found_by_its_pings() {
    let diary = Diary::default();
    let settings = Settings::default();
    let app = Router::new().consumer::<Room>().layer(Extension(diary.clone())).with_channels(Channels::memory());
    let [mut silent, mut honest] = [(); 2].map(|()| Communicator::new(app.clone(), "/ws/room/"));
    silent.connect().await.unwrap();
    honest.connect().await.unwrap();
    // An honest client that says nothing reads all the same, and so answers pings.
    let until_just_before = settings.ping_interval + settings.pong_timeout - Duration::from_secs(1);
    let reads = async |honest: &mut Communicator, time: Duration| {
        let end = tokio::time::Instant::now() + time;
        while tokio::time::Instant::now() < end {
            assert!(honest.receive_nothing().await);
        }
    };
    reads(&mut honest, until_just_before).await;
    assert!(diary.entries().is_empty(), "not before its time");
    reads(&mut honest, Duration::from_secs(2)).await;
    assert_eq!(diary.entries(), ["1006 Timeout"]);
    reads(&mut honest, Duration::from_secs(600)).await;
    honest.send_text_to("still here").await.unwrap();
    assert_eq!(honest.receive_text_from().await.unwrap(), "10 bytes");
    honest.disconnect().await;
    assert_eq!(diary.entries(), ["1006 Timeout", "1000 Client"]);
}
