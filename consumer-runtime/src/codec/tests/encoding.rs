//! The bytes of the server's frames, as RFC 6455 §5.2 draws them.

use crate::codec as server;

#[test]
fn headers() {
    assert_eq!(server::text("Hello")[..], *b"\x81\x05Hello", "the example of §5.7");
    assert_eq!(server::text("")[..], [0x81, 0]);
    assert_eq!(server::binary(&[1])[..], [0x82, 1, 1]);
    assert_eq!(server::ping(b"Hello")[..], *b"\x89\x05Hello");
    assert_eq!(server::pong(b"")[..], [0x8A, 0]);
    let header = |len: usize| server::binary(&vec![0; len])[..10].to_vec();
    assert_eq!(header(125)[..2], [0x82, 125]);
    assert_eq!(header(126)[..4], [0x82, 126, 0, 126]);
    assert_eq!(header(65_535)[..4], [0x82, 126, 0xFF, 0xFF]);
    assert_eq!(header(65_536)[..], [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
}

#[test]
fn written_text_is_the_same_as_given_text() {
    for len in [0, 1, 125, 126, 65_535, 65_536] {
        let text = "x".repeat(len);
        let written = server::text_with(|buffer| {
            buffer.extend_from_slice(text.as_bytes());
            Ok::<(), ()>(())
        });
        assert_eq!(written, Ok(server::text(&text)), "{len}");
    }
    assert_eq!(server::text_with(|_| Err("no")), Err("no"));
    let cleared = server::text_with(|buffer| {
        buffer.clear();
        Ok::<(), ()>(())
    });
    assert_eq!(cleared, Ok(server::text("")));
}

#[test]
fn control_frames_are_kept_short() {
    assert_eq!(server::ping(&[7; 200]), server::ping(&[7; 125]));
    assert_eq!(server::pong(&[7; 200]).len(), 127);
    assert_eq!(server::close(None)[..], [0x88, 0]);
    assert_eq!(server::close(Some((1000, "bye")))[..], *b"\x88\x05\x03\xE8bye");
    assert_eq!(server::close(Some((1000, &"é".repeat(99)))).len(), 2 + 2 + 122);
}
