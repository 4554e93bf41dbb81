//! The body of the response: the server's frames as events, taken as the client takes them.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_util::Stream;
use tokio::time::{Instant, Sleep};

use super::{event, line::Line, sessions::Listed};
use crate::codec::{self, Incoming, ServerFrames};

/// What the client hears.
///
/// Nothing is taken from the engine but when the HTTP connection asks for more, so that a client that reads slowly is slow
/// for the engine too.
#[derive(Debug)]
pub(super) struct EventStream {
    line: Arc<Line>,
    frames: ServerFrames,
    /// The first event, until it is taken.
    first: Option<Bytes>,
    /// Takes the session off the list when this stream is gone, which ends the connection; `None` after the last event.
    listed: Option<Listed>,
    quiet: Option<Quiet>,
}

/// After how long a silence something is said, for proxies that hang up on a silent stream.
#[derive(Debug)]
struct Quiet {
    longest: Duration,
    over: Pin<Box<Sleep>>,
}

impl EventStream {
    /// A stream that begins with `first`, and is never silent for longer than `quiet`, unless that is zero.
    pub(super) fn new(line: Arc<Line>, listed: Listed, first: String, quiet: Duration) -> Self {
        let quiet = (!quiet.is_zero()).then(|| Quiet { longest: quiet, over: Box::pin(tokio::time::sleep(quiet)) });
        Self { line, frames: ServerFrames::default(), first: Some(first.into()), listed: Some(listed), quiet }
    }

    /// Writes a frame as an event, and answers what wants an answer.
    fn write(&mut self, frame: Incoming, out: &mut String) {
        match frame {
            Incoming::Text(text) => event::text(out, &text),
            Incoming::Binary(bytes) => event::bytes(out, &bytes),
            Incoming::Ping(payload) => {
                out.push_str(event::COMMENT);
                let mut pong = Vec::new();
                codec::client_pong(&mut pong, &payload);
                self.line.answer(&pong);
            }
            Incoming::Pong(_) => {}
            Incoming::Close(frame) => {
                let (code, reason) = frame.unwrap_or((1005, String::new()));
                event::close(out, code, &reason);
                let mut close = Vec::new();
                codec::client_close(&mut close, (code != 1005).then_some((code, "")));
                // The client may have closed first: then that was its close frame.
                let _ = self.line.close(&close);
                self.listed = None;
            }
        }
    }

    fn spoke(&mut self) {
        if let Some(Quiet { longest, over }) = &mut self.quiet
            && let Some(later) = Instant::now().checked_add(*longest)
        {
            over.as_mut().reset(later);
        }
    }
}

impl Stream for EventStream {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Some(first) = this.first.take() {
            this.spoke();
            return Poll::Ready(Some(Ok(first)));
        }
        while this.listed.is_some() {
            match this.line.poll_take(context) {
                Poll::Ready(Some(bytes)) => {
                    this.frames.push(bytes);
                    let mut out = String::new();
                    while this.listed.is_some()
                        && let Some(frame) = this.frames.next()
                    {
                        this.write(frame, &mut out);
                    }
                    if !out.is_empty() {
                        this.spoke();
                        return Poll::Ready(Some(Ok(out.into())));
                    }
                }
                Poll::Ready(None) => this.listed = None,
                Poll::Pending => {
                    let silent = this.quiet.as_mut().is_some_and(|quiet| quiet.over.as_mut().poll(context).is_ready());
                    if !silent {
                        return Poll::Pending;
                    }
                    this.spoke();
                    return Poll::Ready(Some(Ok(Bytes::from_static(event::COMMENT.as_bytes()))));
                }
            }
        }
        Poll::Ready(None)
    }
}
