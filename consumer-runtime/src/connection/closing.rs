//! The closing handshake (RFC 6455 §7).

use std::{
    future::poll_fn,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, ReadBuf};

use super::{Connection, Rest, heart::far_away, intake::Intake, open::READ, socket::Socket};
use crate::{
    close::{Cause, Disconnect},
    codec::{self, Incoming},
};

/// Says goodbye: what waits is written, then a close frame, and then the client's own is awaited.
pub(super) async fn say_goodbye(
    connection: &Connection,
    socket: &mut Socket,
    intake: &mut Intake,
    ending: &Disconnect,
) {
    let timeout = far_away(connection.settings().close_timeout);
    let answer = match ending.cause() {
        Cause::Lost | Cause::Timeout => return,
        Cause::Client => (ending.code() != 1005).then_some((ending.code(), "")),
        _ => Some((ending.code(), ending.reason())),
    };
    let goodbye = async {
        connection.push_goodbye(codec::close(answer));
        poll_fn(|context| poll_write_all(connection, socket, context)).await;
        if connection.is_cut_off() {
            return;
        }
        if ending.cause() == Cause::Protocol {
            // No close frame can be found after a broken frame, so the client is not made to wait for us.
            poll_fn(|context| socket.poll_shutdown(connection, context)).await;
        }
        if !intake.client_closed {
            // Closing a socket with unread bytes resets it, and the close frame would be lost with them.
            poll_fn(|context| poll_discard(socket, intake, connection, context)).await;
        }
        poll_fn(|context| socket.poll_shutdown(connection, context)).await;
    };
    let _ = tokio::time::timeout(timeout, goodbye).await;
}

/// Writes until nothing waits, or nothing can be written.
fn poll_write_all(connection: &Connection, socket: &mut Socket, context: &mut Context<'_>) -> Poll<()> {
    connection.attend();
    if socket.poll_write(connection, context).is_pending() {
        if connection.rest(true, true, context) != Rest::Asleep {
            // Cut off by another thread, after this one has looked.
            context.waker().wake_by_ref();
        }
        return Poll::Pending;
    }
    if connection.has_written_all() {
        return Poll::Ready(());
    }
    // Another thread is in the middle of a write.
    context.waker().wake_by_ref();
    Poll::Pending
}

/// Reads and forgets until the client closes.
fn poll_discard(
    socket: &mut Socket,
    intake: &mut Intake,
    connection: &Connection,
    context: &mut Context<'_>,
) -> Poll<()> {
    let mut room = [const { MaybeUninit::<u8>::uninit() }; READ];
    loop {
        let mut buffer = ReadBuf::uninit(&mut room);
        match ready!(Pin::new(&mut *socket).poll_read(context, &mut buffer)) {
            Ok(()) if !buffer.filled().is_empty() => {
                let mut input = buffer.filled();
                loop {
                    match intake.decode(connection.settings(), &mut input) {
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
