//! The closing handshake (RFC 6455 §7).

use std::{
    future::poll_fn,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::pump::{Pump, READ, far_away};
use crate::{
    close::{Cause, Disconnect},
    codec::{self, Incoming},
};

impl<T: AsyncRead + AsyncWrite + Unpin> Pump<T> {
    /// Says goodbye: what waits is written, then a close frame, and then the client's own is awaited.
    pub(super) async fn finish(&mut self, ending: &Disconnect) {
        let timeout = far_away(self.connection.settings().close_timeout);
        let answer = match ending.cause() {
            Cause::Lost | Cause::Timeout => return,
            Cause::Client => (ending.code() != 1005).then_some((ending.code(), "")),
            _ => Some((ending.code(), ending.reason())),
        };
        let goodbye = async {
            poll_fn(|context| self.poll_write(context)).await;
            self.control.push_back(codec::close(answer));
            poll_fn(|context| self.poll_write(context)).await;
            if self.write_over {
                return;
            }
            if ending.cause() == Cause::Protocol {
                // No close frame can be found after a broken frame, so the client is not made to wait for us.
                self.shut_down().await;
            }
            if !self.client_closed {
                // Closing a socket with unread bytes resets it, and the close frame would be lost with them.
                poll_fn(|context| self.poll_discard(context)).await;
            }
            self.shut_down().await;
        };
        let _ = tokio::time::timeout(timeout, goodbye).await;
    }

    async fn shut_down(&mut self) {
        // A line that is gone is shut down as well.
        let _ = poll_fn(|context| Pin::new(&mut self.io).poll_shutdown(context)).await;
    }

    /// Reads and forgets until the client closes.
    fn poll_discard(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut room = [const { MaybeUninit::<u8>::uninit() }; READ];
        loop {
            let mut buffer = ReadBuf::uninit(&mut room);
            match ready!(Pin::new(&mut self.io).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {
                    let mut input = buffer.filled();
                    loop {
                        match self.decoder.decode(&self.limits, &mut input) {
                            Ok(Some(Incoming::Close(_))) => return Poll::Ready(()),
                            Ok(Some(_)) => {}
                            // After a broken frame there is no close frame to be found, only the end.
                            Ok(None) | Err(_) => break,
                        }
                    }
                }
                Ok(()) | Err(_) => return Poll::Ready(()),
            }
        }
    }
}
