//! Clients that are slow, broken or evil: after each of them, honest clients are served and nothing is left behind.

use std::time::Duration;

use axum::{Extension, Router};
use consumer_runtime::{Settings, prelude::*};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Client, Diary, Raw, Site, frame, handshake, soon};

#[event("room.told")]
struct Told {
    text: String,
}

#[group("room", events(Told))]
struct Everyone {}

#[consumer("/ws/room/", group = Everyone)]
struct Room {
    #[extract]
    diary: Diary,
}

#[consumer]
impl Room {
    #[receive(text)]
    async fn text(&mut self, text: String, context: &mut Context<Self>) -> Result {
        context.send_text(format!("{} bytes", text.len())).await
    }

    #[receive(bytes)]
    async fn bytes(&mut self, bytes: bytes::Bytes, context: &mut Context<Self>) -> Result {
        context.send_text(format!("{} bytes", bytes.len())).await
    }

    #[event("room.told")]
    fn told(event: &Told) -> Value {
        json!(event.text)
    }

    #[disconnect]
    async fn disconnect(&mut self, disconnect: Disconnect) {
        self.diary.note(format!("{} {:?}", disconnect.code(), disconnect.cause()));
    }
}

/// A server with one honest client, who must never notice anything.
struct Party {
    site: Site,
    diary: Diary,
    honest: Client,
}

impl Party {
    async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    async fn with(settings: Settings) -> Self {
        let diary = Diary::default();
        let app = Router::new().consumer::<Room>().layer(Extension(diary.clone())).with_settings(settings);
        let site = Site::new(app).await;
        let honest = site.client("/ws/room/").await;
        Self { site, diary, honest }
    }

    async fn raw(&self) -> Raw {
        Raw::open(self.site.address, "/ws/room/").await
    }

    async fn tell(&self, text: &str) {
        soon("a send returns", Everyone {}.send(&self.site.channels, Told { text: text.into() })).await.unwrap();
    }

    /// Sees that the old client and a new one are served, and that everybody who left is gone for good.
    async fn ends_unharmed(mut self) {
        let mut new = self.site.client("/ws/room/").await;
        for client in [&mut self.honest, &mut new] {
            client.say("hello").await;
            assert_eq!(client.hear().await, "5 bytes");
        }
        self.tell("to all").await;
        for client in [&mut self.honest, &mut new] {
            assert_eq!(client.hear().await, r#""to all""#);
        }
        self.honest.close(1000, "").await;
        new.close(1000, "").await;
        self.site.settled().await;
        let counts = self.site.channels.counts();
        assert_eq!(counts.panics, 0, "{counts:?}");
        let delivered = counts.delivered;
        Everyone {}.send(&self.site.channels, Told { text: "to none".into() }).await.unwrap();
        assert_eq!(self.site.channels.counts().delivered, delivered, "nobody is left in the group");
        assert_eq!(self.diary.entries().len() as u64, counts.accepted, "each was disconnected once");
    }
}

#[tokio::test]
async fn a_slow_reader_delays_neither_others_nor_the_sender() {
    let mut party = Party::new().await;
    let slow = party.raw().await;
    let text = "x".repeat(64 * 1024);
    let mut index = 0;
    // Until its kernel's buffers and its queue are full, and then some.
    while party.diary.count("1013 Overflow") == 0 {
        assert!(index < 1000, "64 MiB are more than any buffer");
        party.tell(&format!("{index} {text}")).await;
        assert!(party.honest.hear().await.starts_with(&format!("\"{index} ")), "in order, and nothing is lost");
        index += 1;
    }
    for index in 0..20 {
        party.tell(&index.to_string()).await;
        assert_eq!(party.honest.hear().await, format!("\"{index}\""));
    }
    drop(slow);
    party.ends_unharmed().await;
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_lost_after_a_while() {
    let settings =
        Settings { send_timeout: Duration::from_millis(200), max_outgoing: usize::MAX, ..Settings::default() };
    let mut party = Party::with(settings).await;
    let slow = party.raw().await;
    for _ in 0..200 {
        party.tell(&"x".repeat(64 * 1024)).await;
        party.honest.hear().await;
    }
    party.diary.says("1006 Timeout").await;
    drop(slow);
    party.ends_unharmed().await;
}

#[tokio::test]
async fn a_thousand_in_one_room_get_every_message_in_order() {
    const MESSAGES: usize = 20;
    let party = Party::with(Settings::unlimited()).await;
    let mut clients = Vec::new();
    for _ in 0..10 {
        clients.extend(join_all((0..100).map(|_| party.site.client("/ws/room/"))).await);
    }
    let readers = clients.into_iter().map(|mut client| {
        tokio::spawn(async move {
            for index in 0..MESSAGES {
                assert_eq!(client.hear().await, format!("\"{index}\""));
            }
            client.close(1000, "").await;
        })
    });
    let readers: Vec<_> = readers.collect();
    for index in 0..MESSAGES {
        party.tell(&index.to_string()).await;
        tokio::task::yield_now().await;
    }
    for reader in readers {
        soon("all hear everything", reader).await.unwrap();
    }
    let Party { site, diary, mut honest } = party;
    for index in 0..MESSAGES {
        assert_eq!(honest.hear().await, format!("\"{index}\""));
    }
    Party { site, diary, honest }.ends_unharmed().await;
}

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
async fn garbage_after_the_upgrade_is_refused_with_a_reason() {
    let party = Party::new().await;
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..50 {
        let mut raw = party.raw().await;
        let garbage: Vec<_> = std::iter::repeat_with(|| {
            // Xorshift: any bytes will do, as long as they are the same each time.
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed as u8
        })
        .take(4096)
        .collect();
        // The server may hang up while this is still being written.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut raw.stream, &garbage).await;
        let _ = tokio::io::AsyncWriteExt::shutdown(&mut raw.stream).await;
        if let Some((code, reason)) = raw.close_frame().await {
            assert!([1002, 1007, 1008, 1009].contains(&code), "{code} {reason}");
        }
    }
    party.diary.has(50).await;
    party.ends_unharmed().await;
}

#[tokio::test]
async fn garbage_instead_of_http_is_nobodys_business() {
    let party = Party::new().await;
    for garbage in [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], b"SSH-2.0-x\r\n", &[0; 2000], b"GET\r\n\r\n"]
    {
        let mut raw = Raw::connect(party.site.address).await;
        raw.write(garbage).await;
        let _ = tokio::io::AsyncWriteExt::shutdown(&mut raw.stream).await;
        let mut answer = Vec::new();
        let _ = soon("the server hangs up", tokio::io::AsyncReadExt::read_to_end(&mut raw.stream, &mut answer)).await;
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&answer));
    }
    party.ends_unharmed().await;
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
