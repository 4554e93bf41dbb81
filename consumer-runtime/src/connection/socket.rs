//! The stream under a connection: the TCP socket itself where there is one.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use hyper::upgrade::Upgraded;
use hyper_util::{rt::TokioIo, server::conn::auto};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpStream, tcp::OwnedReadHalf},
};

use super::{Connection, writer::Way};
use crate::sse::Near;

/// What a connection's task reads from, and what only it can write to.
///
/// Under HTTP/1 over plain TCP that is the socket, which spares two layers of buffers and virtual calls, and lets
/// everybody write to it. Everything else (HTTP/2, TLS in this process, a test's stream in memory) stays what hyper gave.
#[derive(Debug)]
pub(super) enum Socket {
    Tcp {
        half: OwnedReadHalf,
        /// What the client sent together with its request, until it is read.
        early: Option<Box<Bytes>>,
    },
    Other(Box<TokioIo<Upgraded>>),
    /// Of a client that comes by requests.
    Line(Near),
}

impl Socket {
    /// Takes the TCP socket out of the upgraded connection, if it is one, and says who writes to it.
    ///
    /// The one place that knows how hyper wraps it: `axum::serve` and [`crate::serve`] use hyper-util's `auto`
    /// connection, others hyper's own.
    pub(super) fn new(upgraded: Upgraded) -> (Self, Way) {
        let upgraded = match auto::upgrade::downcast::<TokioIo<TcpStream>>(upgraded) {
            Ok(parts) => return Self::tcp(parts.io, parts.read_buf),
            Err(upgraded) => upgraded,
        };
        match upgraded.downcast::<TokioIo<TcpStream>>() {
            Ok(parts) => Self::tcp(parts.io, parts.read_buf),
            Err(upgraded) => (Self::Other(Box::new(TokioIo::new(upgraded))), Way::Task),
        }
    }

    fn tcp(io: TokioIo<TcpStream>, read: Bytes) -> (Self, Way) {
        let (half, writer) = io.into_inner().into_split();
        // Even empty, hyper's buffer would keep its 8 KiB.
        let early = (!read.is_empty()).then(|| Box::new(read));
        (Self::Tcp { half, early }, Way::Anybody(Some(writer)))
    }

    /// Writes what waits, and waits for the socket when it takes no more; ready when nothing waits, or nothing can be
    /// written.
    pub(super) fn poll_write(&mut self, connection: &Connection, context: &mut Context<'_>) -> Poll<()> {
        match self {
            Self::Tcp { half, .. } => {
                while connection.flush_is_blocked() {
                    // Also when it is broken: then the write says so.
                    let _ = ready!(half.as_ref().poll_write_ready(context));
                    connection.unblock();
                }
                Poll::Ready(())
            }
            Self::Other(io) => connection.poll_flush_into(io, context),
            Self::Line(near) => connection.poll_flush_into(near, context),
        }
    }

    /// Shuts the writing side down; a line that is gone is shut down as well.
    pub(super) fn poll_shutdown(&mut self, connection: &Connection, context: &mut Context<'_>) -> Poll<()> {
        // Dropping its half shuts a TCP socket down.
        connection.close_way();
        match self {
            Self::Tcp { .. } => Poll::Ready(()),
            Self::Other(io) => Pin::new(io).poll_shutdown(context).map(|_| ()),
            Self::Line(near) => Pin::new(near).poll_shutdown(context).map(|_| ()),
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp { early: early @ Some(_), .. } => {
                if let Some(bytes) = early {
                    let len = bytes.len().min(buffer.remaining());
                    buffer.put_slice(&bytes[..len]);
                    bytes.advance(len);
                    if bytes.is_empty() {
                        *early = None;
                    }
                }
                Poll::Ready(Ok(()))
            }
            Self::Tcp { half, early: None } => Pin::new(half).poll_read(context, buffer),
            Self::Other(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Line(near) => Pin::new(near).poll_read(context, buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, http::StatusCode, routing::any};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
        sync::mpsc,
    };

    use super::*;

    /// hyper-util calls its downcast temporary: this says when it no longer works.
    #[tokio::test]
    async fn the_tcp_socket_comes_out_of_the_upgrade_with_what_was_sent_early() {
        let (sockets, mut socket) = mpsc::channel(1);
        let app = Router::new().route(
            "/",
            any(move |mut request: axum::extract::Request| async move {
                let upgrade = hyper::upgrade::on(&mut request);
                tokio::spawn(async move { sockets.send(Socket::new(upgrade.await.unwrap()).0).await });
                (StatusCode::SWITCHING_PROTOCOLS, [("connection", "upgrade"), ("upgrade", "x")])
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });

        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nearly").await.unwrap();
        let mut socket = socket.recv().await.unwrap();
        assert!(matches!(socket, Socket::Tcp { .. }));
        let mut early = [0; 5];
        socket.read_exact(&mut early).await.unwrap();
        assert_eq!(&early, b"early");
        assert!(matches!(socket, Socket::Tcp { early: None, .. }));
        client.write_all(b"later").await.unwrap();
        socket.read_exact(&mut early).await.unwrap();
        assert_eq!(&early, b"later");
    }
}
