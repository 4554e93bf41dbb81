//! Putting messages together from what a socket reads.

use super::{
    Incoming, Limits, close,
    deflate::{Inflation, inflate},
    error::ProtocolError,
    header::{self, Header, Opcode},
    mask,
    message::Message,
    whole,
};

/// Turns a client's bytes, cut anywhere, into messages and control frames.
///
/// Two words at rest: it holds memory only while a header, a frame or a message is cut off, and then never more than
/// about twice what came in, whatever length the client announced. A frame that comes whole in one read is copied once.
/// A compressed message is inflated when all of it is here. Only where a context takeover is agreed on, the context stays
/// until the end.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// What is cut off; `None` between messages.
    partial: Option<Box<Partial>>,
    /// Set once, by the frame after which no other is read.
    over: Option<Over>,
    /// Whether messages may be compressed.
    deflate: Deflate,
}

/// What the handshake agreed on for messages of the client.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "deflate"), expect(dead_code, reason = "without the feature nothing is agreed on"))]
pub(crate) enum Deflate {
    /// None is compressed.
    #[default]
    Off,
    /// Each is compressed by itself, if at all.
    Alone,
    /// A compressed one may refer to those before it.
    Takeover,
}

#[derive(Debug, Clone, Copy)]
enum Over {
    Closed,
    Failed(ProtocolError),
}

/// What the reads so far have left unfinished.
#[derive(Debug, Default)]
struct Partial {
    /// The bytes of a header that was cut off.
    header: Vec<u8>,
    /// The frame whose payload was cut off.
    frame: Option<Frame>,
    /// The message that waits for its next fragment. Control frames may come before it, so it stands beside `frame`;
    /// while a fragment of its own is under way, it is in there.
    message: Option<Message>,
    /// What the client's compressor may refer to; only with a context takeover, and then from the first compressed
    /// message on.
    inflation: Option<Inflation>,
}

/// A frame whose payload is coming in.
#[derive(Debug)]
struct Frame {
    body: Body,
    fin: bool,
    /// How much of the payload is still to come.
    left: usize,
    /// The masking key, turned so that its first byte is for the next byte to come.
    key: [u8; 4],
}

#[derive(Debug)]
enum Body {
    Message(Message),
    Close(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
}

impl Decoder {
    /// A decoder for a connection that has just been upgraded.
    pub(crate) const fn new() -> Self {
        Self { partial: None, over: None, deflate: Deflate::Off }
    }

    /// The same for a connection that has agreed on permessage-deflate.
    #[cfg(feature = "deflate")]
    pub(crate) const fn with_deflate(deflate: Deflate) -> Self {
        Self { partial: None, over: None, deflate }
    }

    /// Takes bytes off the front of `input`, and gives the next message or control frame that is complete.
    ///
    /// `None` means that `input` is used up; what is cut off is kept for the next call. After a close frame everything
    /// that follows is dropped (RFC 6455 §1.4).
    ///
    /// # Errors
    ///
    /// The rule that the client broke, at the first byte that breaks it. From then on every call gives the same error.
    pub(crate) fn decode(&mut self, limits: &Limits, input: &mut &[u8]) -> Result<Option<Incoming>, ProtocolError> {
        if self.partial.is_none()
            && self.over.is_none()
            && let Some(incoming) = whole::take(limits, input)
        {
            return Ok(Some(incoming));
        }
        let result = match self.over {
            None => self.next(limits, input),
            Some(Over::Closed) => Ok(None),
            Some(Over::Failed(error)) => Err(error),
        };
        match &result {
            Ok(Some(Incoming::Close(_))) => self.over = Some(Over::Closed),
            Err(error) => self.over = Some(Over::Failed(*error)),
            Ok(_) => {}
        }
        if self.over.is_some() {
            *input = &[];
        }
        if self.over.is_some() || self.partial.as_ref().is_some_and(|partial| partial.is_done()) {
            self.partial = None;
        }
        result
    }

    /// How many bytes are held on the heap for what is cut off, 0 between messages.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "for whoever comes to account for memory; the tests hold us to it")
    )]
    pub(crate) fn held(&self) -> usize {
        self.partial.as_ref().map_or(0, |partial| size_of::<Partial>() + partial.held())
    }

    fn next(&mut self, limits: &Limits, input: &mut &[u8]) -> Result<Option<Incoming>, ProtocolError> {
        loop {
            let frame = match self.partial.as_mut().and_then(|partial| partial.frame.take()) {
                Some(frame) => frame,
                None => match self.header(input)? {
                    Some(header) => self.open(&header, limits)?,
                    None => return Ok(None),
                },
            };
            let incoming = self.payload(frame, limits, input)?;
            if incoming.is_some() || input.is_empty() {
                return Ok(incoming);
            }
        }
    }

    /// Takes the next header off `input`; `None` if it is cut off, when what there is of it is kept.
    fn header(&mut self, input: &mut &[u8]) -> Result<Option<Header>, ProtocolError> {
        let reserved = header::reserved(self.deflate != Deflate::Off);
        if let Some(partial) = &mut self.partial
            && !partial.header.is_empty()
        {
            // At most 13 times for a frame, and only for one whose header was cut.
            while let Some((&byte, rest)) = input.split_first() {
                *input = rest;
                partial.header.push(byte);
                if let Some((header, _)) = Header::parse(&partial.header, reserved)? {
                    partial.header = Vec::new();
                    return Ok(Some(header));
                }
            }
            return Ok(None);
        }
        let Some((header, rest)) = Header::parse(input, reserved)? else {
            if !input.is_empty() {
                self.partial().header = input.to_vec();
                *input = &[];
            }
            return Ok(None);
        };
        *input = rest;
        Ok(Some(header))
    }

    /// Begins the frame that `header` announces, if the message under way and the limits allow it.
    fn open(&mut self, header: &Header, limits: &Limits) -> Result<Frame, ProtocolError> {
        let waiting = match &mut self.partial {
            Some(partial) if !header.opcode.is_control() => partial.message.take(),
            _ => None,
        };
        let mut body = match (header.opcode, waiting) {
            (Opcode::Close, _) => Body::Close(Vec::new()),
            (Opcode::Ping, _) => Body::Ping(Vec::new()),
            (Opcode::Pong, _) => Body::Pong(Vec::new()),
            (Opcode::Continuation, Some(message)) => Body::Message(message),
            (Opcode::Continuation, None) => return Err(ProtocolError::NothingToContinue),
            (Opcode::Text | Opcode::Binary, Some(_)) => return Err(ProtocolError::MessageNotFinished),
            (Opcode::Text, None) => Body::Message(Message::text(header.compressed)),
            (Opcode::Binary, None) => Body::Message(Message::binary(header.compressed)),
        };
        if let Body::Message(message) = &mut body {
            message.admit(header, limits)?;
        }
        let left = usize::try_from(header.len).map_err(|_| ProtocolError::FrameTooLong)?;
        Ok(Frame { body, fin: header.fin, left, key: header.key })
    }

    /// Takes what is there of the frame's payload off `input`. `None` if that finished no message and no control frame:
    /// the payload is cut off, or another fragment must come.
    fn payload(
        &mut self,
        mut frame: Frame,
        limits: &Limits,
        input: &mut &[u8],
    ) -> Result<Option<Incoming>, ProtocolError> {
        let (masked, rest) = input.split_at(frame.left.min(input.len()));
        *input = rest;
        frame.append(masked);
        if frame.left > 0 {
            if let Body::Message(message) = &mut frame.body {
                message.check()?;
            }
            self.partial().frame = Some(frame);
            return Ok(None);
        }
        Ok(Some(match frame.body {
            Body::Message(message) if frame.fin && message.compressed => self.inflate(message, limits)?.finish()?,
            Body::Message(message) if frame.fin => message.finish()?,
            Body::Message(mut message) => {
                message.check()?;
                self.partial().message = Some(message);
                return Ok(None);
            }
            Body::Close(payload) => Incoming::Close(close::parse(&payload)?),
            Body::Ping(payload) => Incoming::Ping(payload.into()),
            Body::Pong(payload) => Incoming::Pong(payload.into()),
        }))
    }

    fn inflate(&mut self, mut message: Message, limits: &Limits) -> Result<Message, ProtocolError> {
        message.payload = if self.deflate == Deflate::Takeover {
            Inflation::next(&mut self.partial().inflation, &message.payload, limits.max_message)?
        } else {
            inflate(&message.payload, limits.max_message)?
        };
        message.compressed = false;
        Ok(message)
    }

    fn partial(&mut self) -> &mut Partial {
        self.partial.get_or_insert_default()
    }
}

impl Partial {
    fn is_done(&self) -> bool {
        self.header.is_empty() && self.frame.is_none() && self.message.is_none() && self.inflation.is_none()
    }

    fn held(&self) -> usize {
        let frame = self.frame.as_ref().map_or(0, |frame| frame.body.payload().capacity());
        let message = self.message.as_ref().map_or(0, |message| message.payload.capacity());
        let inflation = self.inflation.as_ref().map_or(0, |_| Inflation::SIZE);
        self.header.capacity() + frame + message + inflation
    }
}

impl Frame {
    /// Appends the next part of the payload.
    fn append(&mut self, masked: &[u8]) {
        // Grows with what came, never by the announced length, which a client has for free. Doubling stops where the
        // payload ends, so a whole message has no spare capacity, unless further fragments may follow.
        let to_come = if self.fin { self.left } else { usize::MAX };
        let payload = self.body.payload_mut();
        let held = payload.len();
        if payload.capacity() - held < masked.len() {
            payload.reserve_exact(masked.len().max(held.min(to_come)));
        }
        payload.extend_from_slice(masked);
        if let Some(new) = payload.get_mut(held..) {
            mask::unmask(new, self.key);
        }
        self.key = mask::key_after(self.key, masked.len());
        self.left -= masked.len();
    }
}

impl Body {
    fn payload(&self) -> &Vec<u8> {
        match self {
            Self::Message(message) => &message.payload,
            Self::Close(payload) | Self::Ping(payload) | Self::Pong(payload) => payload,
        }
    }

    fn payload_mut(&mut self) -> &mut Vec<u8> {
        match self {
            Self::Message(message) => &mut message.payload,
            Self::Close(payload) | Self::Ping(payload) | Self::Pong(payload) => payload,
        }
    }
}
