//! The stream under a connection: the TCP socket itself where there is one.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Buf, Bytes};
use hyper::upgrade::Upgraded;
use hyper_util::{rt::TokioIo, server::conn::auto};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// What a connection reads and writes.
///
/// Under HTTP/1 over plain TCP that is the socket, which spares two layers of buffers and virtual calls. Everything else
/// (HTTP/2, TLS in this process, a test's stream in memory) stays what hyper gave.
#[derive(Debug)]
pub(super) enum Socket {
    Tcp {
        stream: TcpStream,
        /// What the client sent together with its request; no allocation once it is read.
        early: Bytes,
    },
    Other(Box<TokioIo<Upgraded>>),
}

impl Socket {
    /// Takes the TCP socket out of the upgraded connection, if it is one.
    ///
    /// The one place that knows how hyper wraps it: `axum::serve` and [`crate::serve`] use hyper-util's `auto`
    /// connection, others hyper's own.
    pub(super) fn new(upgraded: Upgraded) -> Self {
        let upgraded = match auto::upgrade::downcast::<TokioIo<TcpStream>>(upgraded) {
            Ok(parts) => return Self::tcp(parts.io, parts.read_buf),
            Err(upgraded) => upgraded,
        };
        match upgraded.downcast::<TokioIo<TcpStream>>() {
            Ok(parts) => Self::tcp(parts.io, parts.read_buf),
            Err(upgraded) => Self::Other(Box::new(TokioIo::new(upgraded))),
        }
    }

    fn tcp(io: TokioIo<TcpStream>, read: Bytes) -> Self {
        // Even empty, hyper's buffer would keep its 8 KiB.
        let early = if read.is_empty() { Bytes::new() } else { read };
        Self::Tcp { stream: io.into_inner(), early }
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp { early, .. } if !early.is_empty() => {
                let len = early.len().min(buffer.remaining());
                buffer.put_slice(&early[..len]);
                early.advance(len);
                if early.is_empty() {
                    *early = Bytes::new();
                }
                Poll::Ready(Ok(()))
            }
            Self::Tcp { stream, .. } => Pin::new(stream).poll_read(context, buffer),
            Self::Other(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp { stream, .. } => Pin::new(stream).poll_write(context, bytes),
            Self::Other(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp { stream, .. } => Pin::new(stream).poll_write_vectored(context, slices),
            Self::Other(stream) => Pin::new(stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp { stream, .. } => stream.is_write_vectored(),
            Self::Other(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp { stream, .. } => Pin::new(stream).poll_flush(context),
            Self::Other(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp { stream, .. } => Pin::new(stream).poll_shutdown(context),
            Self::Other(stream) => Pin::new(stream).poll_shutdown(context),
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
                tokio::spawn(async move { sockets.send(Socket::new(upgrade.await.unwrap())).await });
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
        client.write_all(b"later").await.unwrap();
        socket.read_exact(&mut early).await.unwrap();
        assert_eq!(&early, b"later");
    }
}
