//! How the bytes are cut into reads must make no difference.

use proptest::{collection::vec, prelude::*, sample::Index};

use super::{
    client::{BINARY, CLOSE, CONTINUATION, FIN, PING, PONG, TEXT, frame},
    *,
};

/// A client's message in one or more frames, with a control frame after each of them.
pub(super) fn message() -> impl Strategy<Value = Vec<u8>> {
    let text = vec(any::<char>(), 0..60).prop_map(|text| (TEXT, String::from_iter(text).into_bytes()));
    let binary = vec(any::<u8>(), 0..300).prop_map(|payload| (BINARY, payload));
    let control = proptest::option::of((prop_oneof![Just(PING), Just(PONG)], vec(any::<u8>(), 0..20)));
    (prop_oneof![text, binary], vec(any::<Index>(), 0..4), control).prop_map(|((opcode, payload), cuts, control)| {
        let control = control.map(|(opcode, payload)| frame(FIN | opcode, &payload)).unwrap_or_default();
        let fragments = pieces(&payload, &cuts);
        let last = fragments.len() - 1;
        let mut bytes = vec![];
        for (i, fragment) in fragments.iter().enumerate() {
            let fin = if i == last { FIN } else { 0 };
            bytes.extend(frame(fin | if i == 0 { opcode } else { CONTINUATION }, fragment));
            bytes.extend(&control);
        }
        bytes
    })
}

/// Frames with no regard to what may follow what, nor to UTF-8, limits or close codes.
pub(super) fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let opcodes = prop_oneof![
        4 => Just(FIN | TEXT),
        4 => Just(FIN | BINARY),
        2 => Just(TEXT),
        2 => Just(CONTINUATION),
        2 => Just(FIN | CONTINUATION),
        2 => Just(FIN | PING),
        1 => Just(FIN | CLOSE),
        1 => any::<u8>(),
    ];
    (opcodes, vec(prop_oneof![9 => 0..0x80_u8, 1 => any::<u8>()], 0..200))
        .prop_map(|(first, payload)| frame(first, &payload))
}

/// Cuts `bytes` at every one of `cuts`.
pub(super) fn pieces<'a>(bytes: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    ends.push(bytes.len());
    ends.sort_unstable();
    let mut start = 0;
    let piece = |end| {
        let piece = &bytes[start..end];
        start = end;
        piece
    };
    ends.into_iter().map(piece).collect()
}

proptest! {
    #[test]
    fn valid_messages(messages in vec(message(), 1..6), cuts in vec(any::<Index>(), 0..20)) {
        let bytes = messages.concat();
        let whole = decode(&LIMITS, [bytes.as_slice()]);
        prop_assert_eq!(whole.error, None);
        prop_assert!(whole.messages.len() >= messages.len());
        prop_assert_eq!(&decode(&LIMITS, pieces(&bytes, &cuts)), &whole);
        prop_assert_eq!(&decode(&LIMITS, bytes.chunks(1)), &whole);
    }

    #[test]
    fn any_frames(frames in vec(any_frame(), 1..8), cuts in vec(any::<Index>(), 0..20)) {
        let limits = Limits { max_message: 300, max_frame: 190, max_fragments: 3 };
        let bytes = frames.concat();
        let whole = decode(&limits, [bytes.as_slice()]);
        prop_assert_eq!(&decode(&limits, pieces(&bytes, &cuts)), &whole);
        prop_assert_eq!(&decode(&limits, bytes.chunks(1)), &whole);
    }

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..200), cuts in vec(any::<Index>(), 0..20)) {
        prop_assert_eq!(decode(&LIMITS, pieces(&bytes, &cuts)), decode(&LIMITS, [bytes.as_slice()]));
    }
}
