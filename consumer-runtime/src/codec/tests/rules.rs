//! One test a rule of RFC 6455.

use super::{
    client::{BINARY, CLOSE, CONTINUATION, FIN, PING, PONG, TEXT, close, frame, head, head_with},
    *,
};

#[test]
fn whole_messages() {
    assert_eq!(messages(&frame(FIN | TEXT, "häh?".as_bytes())), [text("häh?")]);
    assert_eq!(messages(&frame(FIN | BINARY, &[0xFF, 0])), [binary(&[0xFF, 0])]);
    assert_eq!(messages(&frame(FIN | PING, b"a")), [ping(b"a")]);
    assert_eq!(messages(&frame(FIN | PONG, b"b")), [pong(b"b")]);
}

#[test]
fn empty_frames() {
    assert_eq!(messages(&frame(FIN | TEXT, b"")), [text("")]);
    assert_eq!(messages(&frame(FIN | BINARY, b"")), [binary(b"")]);
    assert_eq!(messages(&frame(FIN | PING, b"")), [ping(b"")]);
    assert_eq!(messages(&frame(FIN | CLOSE, b"")), [Incoming::Close(None)]);
    let fragments = [frame(TEXT, b""), frame(CONTINUATION, b""), frame(FIN | CONTINUATION, b"")].concat();
    assert_eq!(messages(&fragments), [text("")]);
}

#[test]
fn every_form_of_length() {
    for len in [0, 1, 124, 125, 126, 127, 65_535, 65_536, 65_537] {
        let payload: Vec<u8> = (0..len).map(|i| i as u8).collect();
        let bytes = frame(FIN | BINARY, &payload);
        assert_eq!(messages(&bytes), [binary(&payload)], "{len}");
        assert_eq!(decode(&LIMITS, bytes.chunks(1)).messages, [binary(&payload)], "{len}, a byte at a time");
    }
}

#[test]
fn length_must_be_minimal() {
    for short in [
        head_with(FIN | BINARY, 126, &0_u16.to_be_bytes()),
        head_with(FIN | BINARY, 126, &125_u16.to_be_bytes()),
        head_with(FIN | BINARY, 127, &125_u64.to_be_bytes()),
        head_with(FIN | BINARY, 127, &65_535_u64.to_be_bytes()),
    ] {
        assert_eq!(refusal(&short), Some(ProtocolError::LengthNotMinimal), "{short:02x?}");
    }
}

#[test]
fn length_has_no_top_bit() {
    for len in [1 << 63, u64::MAX] {
        assert_eq!(refusal(&head(FIN | BINARY, len)), Some(ProtocolError::LengthTopBit));
    }
    assert_eq!(refusal(&head(FIN | BINARY, (1 << 63) - 1)), Some(ProtocolError::FrameTooLong));
}

#[test]
fn frames_must_be_masked() {
    for first in [FIN | TEXT, BINARY, FIN | PING, FIN | CLOSE] {
        assert_eq!(refusal(&[first, 0]), Some(ProtocolError::Unmasked));
        assert_eq!(refusal(&[first, 126]), Some(ProtocolError::Unmasked), "seen before the length");
    }
}

#[test]
fn reserved_bits_must_be_zero() {
    for bit in [0x40, 0x20, 0x10] {
        for first in [FIN | TEXT, TEXT, FIN | PING] {
            assert_eq!(refusal(&[bit | first]), Some(ProtocolError::ReservedBits), "seen in the first byte");
        }
    }
}

#[test]
fn reserved_opcodes() {
    for opcode in [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF] {
        assert_eq!(refusal(&[FIN | opcode]), Some(ProtocolError::ReservedOpcode));
        assert_eq!(refusal(&[opcode]), Some(ProtocolError::ReservedOpcode));
    }
}

#[test]
fn control_frames_are_short_and_whole() {
    for opcode in [CLOSE, PING, PONG] {
        assert_eq!(refusal(&[opcode]), Some(ProtocolError::FragmentedControl));
        for short in [126, 127] {
            assert_eq!(refusal(&[FIN | opcode, 0x80 | short]), Some(ProtocolError::LongControl));
        }
    }
    assert_eq!(messages(&frame(FIN | PING, &[7; 125])), [ping(&[7; 125])]);
    // They are not messages: a limit on those leaves them alone.
    let limits = Limits { max_message: 1, max_frame: 1, max_fragments: 0 };
    let outcome = decode(&limits, [frame(FIN | PING, b"12345").as_slice()]);
    assert_eq!(outcome, Outcome { messages: vec![ping(b"12345")], error: None });
}

#[test]
fn fragments_are_put_together_around_control_frames() {
    let bytes = [
        frame(TEXT, b"one "),
        frame(FIN | PING, b"p"),
        frame(CONTINUATION, b"two "),
        frame(FIN | PONG, b""),
        frame(FIN | PING, b"q"),
        frame(FIN | CONTINUATION, b"three"),
        frame(BINARY, &[1]),
        frame(FIN | CONTINUATION, &[2]),
    ]
    .concat();
    let expected = [ping(b"p"), pong(b""), ping(b"q"), text("one two three"), binary(&[1, 2])];
    assert_eq!(messages(&bytes), expected);
    assert_eq!(decode(&LIMITS, bytes.chunks(1)).messages, expected);
}

#[test]
fn fragments_keep_their_sequence() {
    for first in [CONTINUATION, FIN | CONTINUATION] {
        assert_eq!(refusal(&frame(first, b"x")), Some(ProtocolError::NothingToContinue));
        let after_a_message = [frame(FIN | TEXT, b"x"), frame(first, b"x")].concat();
        assert_eq!(refusal(&after_a_message), Some(ProtocolError::NothingToContinue));
    }
    for second in [TEXT, BINARY, FIN | TEXT, FIN | BINARY] {
        let bytes = [frame(TEXT, b"x"), frame(FIN | PING, b""), frame(second, b"x")].concat();
        assert_eq!(refusal(&bytes), Some(ProtocolError::MessageNotFinished));
    }
}

#[test]
fn text_must_be_utf8() {
    for invalid in [&b"a\xFFb"[..], b"\xC0\x80", b"\xED\xA0\x80", b"\xF4\x90\x80\x80", b"\x80"] {
        assert_eq!(refusal(&frame(FIN | TEXT, invalid)), Some(ProtocolError::InvalidText), "{invalid:02x?}");
        assert_eq!(messages(&frame(FIN | BINARY, invalid)), [binary(invalid)]);
    }
}

#[test]
fn text_must_not_end_inside_a_character() {
    for cut in [&b"\xE2\x82"[..], b"a\xF0\x9F\x98", b"\xC3"] {
        assert_eq!(refusal(&frame(FIN | TEXT, cut)), Some(ProtocolError::InvalidText));
        let fragments = [frame(TEXT, cut), frame(FIN | CONTINUATION, b"")].concat();
        assert_eq!(refusal(&fragments), Some(ProtocolError::InvalidText));
    }
}

#[test]
fn characters_may_be_cut_between_fragments() {
    let word = "κόσμε😀";
    let mut bytes = frame(TEXT, b"");
    for byte in word.as_bytes() {
        bytes.extend(frame(CONTINUATION, &[*byte]));
        bytes.extend(frame(FIN | PING, b""));
    }
    bytes.extend(frame(FIN | CONTINUATION, b""));
    let messages = messages(&bytes);
    assert_eq!(messages.last(), Some(&text(word)));
    assert_eq!(messages.len(), word.len() + 1);
}

/// Autobahn's 6.4: the error comes with the byte, before the frame or the message is finished.
#[test]
fn wrong_utf8_fails_at_once() {
    // ED A0 is half a surrogate: wrong at its second byte, though a third is missing.
    let wrong = b"ok\xED\xA0";
    let unfinished = &frame(FIN | TEXT, &[wrong, &[b'x'; 90][..]].concat())[..6 + wrong.len()];
    assert_eq!(refusal(unfinished), Some(ProtocolError::InvalidText));
    assert_eq!(refusal(&unfinished[..unfinished.len() - 1]), None, "not before");
    // In the second fragment, and cut between the two.
    let second = [frame(TEXT, b"ok\xED"), frame(CONTINUATION, b"\xA0")].concat();
    assert_eq!(refusal(&second), Some(ProtocolError::InvalidText));
    assert_eq!(refusal(&frame(TEXT, b"ok\xFF")), Some(ProtocolError::InvalidText));
}

#[test]
fn close_payload() {
    let closed = |code, reason: &str| [Incoming::Close(Some((code, reason.to_owned())))];
    assert_eq!(messages(&close(1000, b"")), closed(1000, ""));
    assert_eq!(messages(&close(3999, "ça va".as_bytes())), closed(3999, "ça va"));
    assert_eq!(messages(&close(1001, &[b'x'; 123])), closed(1001, &"x".repeat(123)));
    assert_eq!(refusal(&frame(FIN | CLOSE, &[3])), Some(ProtocolError::CloseTooShort));
    assert_eq!(refusal(&close(1000, b"\xFF")), Some(ProtocolError::InvalidReason));
    assert_eq!(refusal(&close(1000, b"\xE2\x82")), Some(ProtocolError::InvalidReason), "cut off");
}

#[test]
fn close_codes() {
    let allowed = |code| matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
    for code in 0..=u16::MAX {
        let expected = if allowed(code) { None } else { Some(ProtocolError::CloseCode) };
        assert_eq!(decode(&LIMITS, [close(code, b"").as_slice()]).error, expected, "{code}");
    }
}

#[test]
fn nothing_comes_after_close() {
    let close = close(1000, b"");
    let bytes = [frame(TEXT, b"un"), close, frame(FIN | TEXT, b"no"), vec![0xFF; 9]].concat();
    let expected = Outcome { messages: vec![Incoming::Close(Some((1000, String::new())))], error: None };
    assert_eq!(decode(&LIMITS, [bytes.as_slice()]), expected);
    assert_eq!(decode(&LIMITS, bytes.chunks(1)), expected);
}

#[test]
fn stays_failed() {
    let mut decoder = Decoder::new();
    let bytes = [frame(FIN | TEXT, b"fine"), vec![0xFF], frame(FIN | TEXT, b"never")].concat();
    let mut input = bytes.as_slice();
    assert_eq!(decoder.decode(&LIMITS, &mut input), Ok(Some(text("fine"))));
    assert_eq!(decoder.decode(&LIMITS, &mut input), Err(ProtocolError::ReservedBits));
    assert!(input.is_empty());
    assert_eq!(decoder.decode(&LIMITS, &mut input), Err(ProtocolError::ReservedBits));
    assert_eq!(decoder.decode(&LIMITS, &mut frame(FIN | PING, b"").as_slice()), Err(ProtocolError::ReservedBits));
    assert_eq!(decoder.held(), 0);
}

#[test]
fn errors_fit_in_a_close_frame() {
    use ProtocolError::*;
    let all = [
        (ReservedBits, 1002),
        (ReservedOpcode, 1002),
        (FragmentedControl, 1002),
        (LongControl, 1002),
        (Unmasked, 1002),
        (LengthNotMinimal, 1002),
        (LengthTopBit, 1002),
        (NothingToContinue, 1002),
        (MessageNotFinished, 1002),
        (CloseTooShort, 1002),
        (CloseCode, 1002),
        (InvalidText, 1007),
        (InvalidReason, 1007),
        (MisplacedCompression, 1002),
        (CorruptMessage, 1007),
        (FrameTooLong, 1009),
        (MessageTooLong, 1009),
        (TooManyFragments, 1008),
    ];
    for (error, code) in all {
        assert_eq!(error.close_code(), code, "{error}");
        assert!(error.to_string().len() <= 123, "{error}");
    }
}
