//! The rules that a client can break.

use std::{error::Error, fmt};

/// The rule that a client broke, after which its connection must be failed (RFC 6455 §7.1.7).
///
/// [`close_code`](Self::close_code) and [`message`](Self::message) are fit for the close frame that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProtocolError {
    /// §5.2: a reserved bit is set and no extension gave it a meaning.
    ReservedBits,
    /// §5.2: opcodes 3 to 7 and 11 to 15.
    ReservedOpcode,
    /// §5.4: a control frame without FIN.
    FragmentedControl,
    /// §5.5: a control frame of more than 125 bytes.
    LongControl,
    /// §5.1: a frame without a masking key.
    Unmasked,
    /// §5.2: a length in more bytes than it needs.
    LengthNotMinimal,
    /// §5.2: a 64-bit length with its most significant bit set.
    LengthTopBit,
    /// §5.4: a continuation without a message before it.
    NothingToContinue,
    /// §5.4: a text or binary frame inside another message.
    MessageNotFinished,
    /// §5.5.1: a close payload of one byte.
    CloseTooShort,
    /// §7.4: a close code that must not be sent.
    CloseCode,
    /// §8.1: a text message that is not UTF-8.
    InvalidText,
    /// §5.5.1: a close reason that is not UTF-8.
    InvalidReason,
    /// RFC 7692 §6: a frame that says that it is compressed, and is not the first of a message.
    MisplacedCompression,
    /// RFC 7692 §7.2.2: a compressed message that is not what a compressor makes.
    CorruptMessage,
    /// A frame over [`max_frame`](super::Limits::max_frame).
    FrameTooLong,
    /// A message over [`max_message`](super::Limits::max_message).
    MessageTooLong,
    /// A message over [`max_fragments`](super::Limits::max_fragments).
    TooManyFragments,
}

impl ProtocolError {
    /// The code of the close frame that tells the client (§7.4.1).
    pub(crate) fn close_code(self) -> u16 {
        match self {
            Self::InvalidText | Self::InvalidReason | Self::CorruptMessage => 1007,
            Self::FrameTooLong | Self::MessageTooLong => 1009,
            // A policy, not 1009: a client told that its message is too big would cut it into still more fragments.
            Self::TooManyFragments => 1008,
            _ => 1002,
        }
    }

    /// The rule in words, short enough for a close reason (§5.5: 123 bytes).
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::ReservedBits => "reserved bits must be 0, since no extension was negotiated that uses them",
            Self::ReservedOpcode => "opcodes 3 to 7 and 11 to 15 are reserved",
            Self::FragmentedControl => "control frames must not be fragmented",
            Self::LongControl => "control frames must not be longer than 125 bytes",
            Self::Unmasked => "frames from a client must be masked",
            Self::LengthNotMinimal => "a length must be written in as few bytes as it needs",
            Self::LengthTopBit => "the top bit of a 64-bit length must be 0",
            Self::NothingToContinue => "a continuation frame must follow a frame without FIN",
            Self::MessageNotFinished => "a new message must not start before the last one is finished",
            Self::CloseTooShort => "a close payload must be empty or start with a code of 2 bytes",
            Self::CloseCode => "a close code must be 1000 to 1003, 1007 to 1014 or 3000 to 4999",
            Self::InvalidText => "a text message must be valid UTF-8",
            Self::InvalidReason => "a close reason must be valid UTF-8",
            Self::MisplacedCompression => {
                "only the first frame of a text or binary message may say that it is compressed"
            }
            Self::CorruptMessage => "the compressed message is not valid DEFLATE data",
            Self::FrameTooLong => "the frame is longer than this server allows",
            Self::MessageTooLong => "the message is longer than this server allows",
            Self::TooManyFragments => "the message has more fragments than this server allows",
        }
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl Error for ProtocolError {}
