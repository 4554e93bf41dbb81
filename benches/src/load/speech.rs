//! What a server and its clients say to each other: JSON over a WebSocket, or Socket.IO's packets over one.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// How a server is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Speech {
    /// `{"message": ".."}` both ways; the room is in the path.
    Json,
    /// Engine.IO's WebSocket transport: `42["message", {..}]`; the room is joined by an event.
    SocketIo,
}

/// What a client does about a text while it gets ready.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Say(String),
    Ready,
    Wait,
}

impl Speech {
    /// As on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::SocketIo => "socket-io",
        }
    }

    /// Where the members of `room` connect.
    pub(crate) fn path(self, room: usize) -> String {
        match self {
            Self::Json => format!("/ws/chat/r{room}/"),
            Self::SocketIo => "/socket.io/?EIO=4&transport=websocket".into(),
        }
    }

    /// Whether the connection is of use as soon as the handshake is done.
    pub(crate) fn ready_at_once(self) -> bool {
        self == Self::Json
    }

    /// What to do about a text that comes before the connection is of use.
    pub(crate) fn step(self, text: &[u8], room: usize) -> Step {
        match (self, text) {
            (Self::Json, _) => Step::Ready,
            (Self::SocketIo, [b'0', ..]) => Step::Say("40".into()),
            (Self::SocketIo, [b'4', b'0', ..]) => Step::Say(format!(r#"42["join","r{room}"]"#)),
            (Self::SocketIo, [b'4', b'2', ..]) => Step::Ready,
            (Self::SocketIo, _) => Step::Wait,
        }
    }

    /// The text to answer at once to keep the connection, if this one asks for it.
    pub(crate) fn heartbeat(self, text: &[u8]) -> Option<&'static [u8]> {
        (self == Self::SocketIo && text == b"2").then_some(b"3")
    }

    /// The text that says `message` to the room.
    pub(crate) fn say(self, message: &str) -> String {
        match self {
            Self::Json => format!(r#"{{"message":"{message}"}}"#),
            Self::SocketIo => format!(r#"42["message",{{"message":"{message}"}}]"#),
        }
    }

    /// What was said in the room, if that is what the text is.
    pub(crate) fn said(self, text: &[u8]) -> Option<String> {
        let json = match self {
            Self::Json => text,
            Self::SocketIo => text.strip_prefix(b"42")?,
        };
        let value: serde_json::Value = serde_json::from_slice(json).ok()?;
        let object = if self == Self::SocketIo { value.get(1)? } else { &value };
        Some(object.get("message")?.as_str()?.to_owned())
    }
}

/// A message of number `number`, so long that its JSON has `size` bytes.
pub(crate) fn message(number: u32, size: usize) -> String {
    let padding = size.saturating_sub(r##"{"message":"#00000000"}"##.len());
    format!("#{number:08}{}", "x".repeat(padding))
}

/// The number of the message in a text: eight digits after the first `#`.
pub(crate) fn number(text: &[u8]) -> Option<u32> {
    let at = text.iter().position(|&byte| byte == b'#')?;
    let digits = text.get(at + 1..at + 9)?;
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_goes_there_and_back() {
        for speech in [Speech::Json, Speech::SocketIo] {
            let sent = message(42, 64);
            let text = speech.say(&sent);
            assert_eq!(number(text.as_bytes()), Some(42));
            assert_eq!(speech.said(text.as_bytes()), Some(sent));
        }
        assert_eq!(Speech::Json.say(&message(7, 64)).len(), 64);
        assert_eq!(number(b"{\"message\":\"#1234\"}"), None);
        assert_eq!(number(b"{\"message\":\"hello\"}"), None);
    }

    #[test]
    fn socket_io_is_joined_in_three_steps() {
        let step = |text: &str| Speech::SocketIo.step(text.as_bytes(), 3);
        assert_eq!(step(r#"0{"sid":"a"}"#), Step::Say("40".into()));
        assert_eq!(step(r#"40{"sid":"b"}"#), Step::Say(r#"42["join","r3"]"#.into()));
        assert_eq!(step("2"), Step::Wait);
        assert_eq!(step(r#"42["joined"]"#), Step::Ready);
        assert_eq!(Speech::SocketIo.heartbeat(b"2"), Some(&b"3"[..]));
        assert_eq!(Speech::Json.heartbeat(b"2"), None);
    }
}
