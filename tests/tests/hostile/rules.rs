//! Every rule of the protocol that a client can break: its close code and its reason, on a socket.

use super::*;

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;

/// A client's frame with its length written as given, and no payload.
fn header(first: u8, length: &[u8]) -> Vec<u8> {
    [&[first], length, &[1, 2, 3, 4]].concat()
}

fn with_reserved_bit(bit: u8) -> Vec<u8> {
    let mut frame = frame(true, TEXT, b"x");
    frame[0] |= bit;
    frame
}

fn close_of(code: u16, reason: &[u8]) -> Vec<u8> {
    frame(true, CLOSE, &[&code.to_be_bytes(), reason].concat())
}

/// What to send, for each rule; the code and a part of the reason to get.
fn broken_rules() -> Vec<(u16, &'static str, Vec<Vec<u8>>)> {
    vec![
        (1002, "reserved bits", [0x40, 0x20, 0x10].map(with_reserved_bit).to_vec()),
        (1002, "are reserved", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(|opcode| frame(true, opcode, b"x")).to_vec()),
        (1002, "must not be fragmented", vec![frame(false, PING, b""), frame(false, CLOSE, b"")]),
        (1002, "longer than 125", vec![frame(true, PING, &[0; 126]), frame(true, CLOSE, &[0; 126])]),
        (1002, "must be masked", vec![vec![0x81, 1, b'x'], vec![0x89, 0], vec![0x82, 126]]),
        (
            1002,
            "as few bytes",
            vec![
                header(0x82, &[0xfe, 0, 125]),
                header(0x82, &[0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff]),
                header(0x81, &[0xff, 0, 0, 0, 0, 0, 0, 0, 1]),
            ],
        ),
        (1002, "top bit", vec![header(0x82, &[0xff; 9]), header(0x82, &[0xff, 0x80, 0, 0, 0, 0, 0, 0, 0])]),
        (
            1002,
            "must follow a frame without FIN",
            vec![
                frame(true, CONTINUATION, b"x"),
                frame(false, CONTINUATION, b""),
                [frame(false, BINARY, b""), frame(true, CONTINUATION, b""), frame(true, CONTINUATION, b"")].concat(),
            ],
        ),
        (
            1002,
            "before the last one is finished",
            vec![
                [frame(false, TEXT, b"x"), frame(true, TEXT, b"x")].concat(),
                [frame(false, TEXT, b""), frame(true, PING, b""), frame(false, BINARY, b"")].concat(),
            ],
        ),
        (1002, "a close payload", vec![frame(true, CLOSE, &[3])]),
        (
            1002,
            "a close code",
            [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000].map(|code| close_of(code, b"")).to_vec(),
        ),
        (
            1007,
            "a text message must be valid",
            vec![
                frame(true, TEXT, b"caf\xe9"),
                frame(true, TEXT, b"\xe2\x82"),
                // At once, before the frame or the message is finished.
                frame(true, TEXT, b"\xff and more")[..7].to_vec(),
                frame(false, TEXT, b"\xed\xa0\x80"),
                [frame(false, TEXT, b"\xe2"), frame(true, CONTINUATION, b"\x82")].concat(),
            ],
        ),
        (1007, "a close reason must be valid", vec![close_of(1000, b"\xff"), close_of(1000, b"\xe2\x82")]),
        (1009, "the frame is longer", vec![frame(true, BINARY, &[0; 301]), header(0x82, &[0xfe, 1, 45])]),
        (
            1009,
            "the message is longer",
            vec![[frame(false, BINARY, &[0; 300]), frame(true, CONTINUATION, &[0; 300])].concat()],
        ),
        (
            1008,
            "more fragments",
            vec![[frame(false, TEXT, b""), frame(false, CONTINUATION, b"").repeat(10_000)].concat()],
        ),
    ]
}

#[tokio::test]
async fn every_broken_rule_has_its_close_code_and_its_reason() {
    let settings = Settings { max_message: 500, max_frame: Some(300), ..Settings::default() };
    let mut party = Party::with(settings).await;
    let mut ended = 0;
    for (code, words, streams) in broken_rules() {
        for bytes in streams {
            let mut raw = party.raw().await;
            // A whole message before it: what came in time is handled.
            raw.write(&frame(true, TEXT, b"fine")).await;
            assert_eq!(raw.frame().await, Some((TEXT, b"4 bytes".to_vec())));
            raw.write(&bytes).await;
            let (told, reason) = raw.close_frame().await.unwrap_or_else(|| panic!("no close frame: {words}"));
            assert_eq!(told, code, "{reason}");
            assert!(reason.contains(words), "{reason:?} for what should be {words:?}");
            ended += 1;
            drop(raw);
            // Somebody else's line is none the worse.
            party.honest.say("hello").await;
            assert_eq!(party.honest.hear().await, "5 bytes");
        }
    }
    party.diary.has(ended).await;
    let protocol = |entry: &String| entry.ends_with(" Protocol");
    assert!(party.diary.entries().iter().all(protocol), "{:?}", party.diary.entries());
    party.ends_unharmed().await;
}

#[tokio::test]
async fn a_limit_is_no_limit_below_it() {
    let settings = Settings { max_message: 500, max_frame: Some(300), max_fragments: 3, ..Settings::default() };
    let party = Party::with(settings).await;
    let mut raw = party.raw().await;
    let bytes =
        [frame(false, BINARY, &[0; 300]), frame(false, CONTINUATION, &[0; 200]), frame(true, CONTINUATION, b"")];
    raw.write(&bytes.concat()).await;
    assert_eq!(raw.frame().await, Some((TEXT, b"500 bytes".to_vec())));
    raw.write(&close_of(3000, b"")).await;
    assert_eq!(raw.close_frame().await, Some((3000, String::new())));
    drop(raw);
    party.ends_unharmed().await;
}
