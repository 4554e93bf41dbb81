//! Bytes on a socket: for requests and frames that no decent client sends.

use std::{fmt::Write as _, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::soon;

/// A socket that is driven byte by byte.
#[derive(Debug)]
pub struct Raw {
    /// The socket itself.
    pub stream: TcpStream,
}

/// The head and the body of an HTTP response.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The status line and the headers as they came.
    pub head: String,
    /// The body, as long as `Content-Length` says.
    pub body: String,
}

impl Response {
    /// The first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        headers.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }
}

/// A valid opening handshake, with `extra` header lines (each with its line end).
#[must_use]
pub fn handshake(path: &str, extra: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: testserver\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{extra}\r\n"
    )
}

/// Sends a request as it stands, and reads the response.
pub async fn ask(address: SocketAddr, request: &str) -> Response {
    let mut raw = Raw::connect(address).await;
    raw.write(request.as_bytes()).await;
    raw.response().await
}

/// A client's frame, masked, with any opcode and any length.
#[must_use]
pub fn frame(fin: bool, opcode: u8, payload: &[u8]) -> Vec<u8> {
    const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
    let mut bytes = vec![if fin { 0x80 } else { 0 } | opcode];
    match payload.len() {
        length @ 0..126 => bytes.push(0x80 | length as u8),
        length @ 126..=0xffff => {
            bytes.push(0x80 | 126);
            bytes.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            bytes.push(0x80 | 127);
            bytes.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(&KEY);
    bytes.extend(payload.iter().zip(KEY.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}

impl Raw {
    /// A TCP connection, with nothing sent.
    ///
    /// # Panics
    /// When nobody listens.
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a listener");
        stream.set_nodelay(true).expect("a TCP socket");
        Self { stream }
    }

    /// A WebSocket after its handshake.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn open(address: SocketAddr, path: &str) -> Self {
        Self::open_with(address, path, "").await.0
    }

    /// A WebSocket after a handshake with `extra` header lines, and the response.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn open_with(address: SocketAddr, path: &str, extra: &str) -> (Self, Response) {
        let mut raw = Self::connect(address).await;
        raw.write(handshake(path, extra).as_bytes()).await;
        let response = raw.response().await;
        assert_eq!(response.status, 101, "{}\n{}", response.head, response.body);
        (raw, response)
    }

    /// Sends bytes.
    ///
    /// # Panics
    /// When the line is cut.
    pub async fn write(&mut self, bytes: &[u8]) {
        soon("the server takes bytes", self.stream.write_all(bytes)).await.expect("an open line");
    }

    /// Reads one response.
    ///
    /// # Panics
    /// When there is none.
    pub async fn response(&mut self) -> Response {
        let head = soon("the head of a response", async {
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                let byte = self.stream.read_u8().await.unwrap_or_else(|error| panic!("{error} after {head:?}"));
                let _ = head.write_char(byte.into());
            }
            head
        })
        .await;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let mut response = Response { status, head, body: String::new() };
        let length = response.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        soon("the body of a response", self.stream.read_exact(&mut body)).await.expect("a body");
        response.body = String::from_utf8_lossy(&body).into_owned();
        response
    }

    /// Reads one of the server's frames: its opcode and payload; `None` at the end of the line.
    pub async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        self.frame_as_it_is().await.map(|(first, payload)| (first & 0x0f, payload))
    }

    /// Reads one of the server's frames: its first byte and payload; `None` at the end of the line.
    pub async fn frame_as_it_is(&mut self) -> Option<(u8, Vec<u8>)> {
        soon("a frame of the server", async {
            let first = self.stream.read_u8().await.ok()?;
            let length = match self.stream.read_u8().await.ok()? {
                126 => self.stream.read_u16().await.ok()?.into(),
                127 => self.stream.read_u64().await.ok()?,
                length => length.into(),
            };
            let mut payload = vec![0; usize::try_from(length).ok()?];
            self.stream.read_exact(&mut payload).await.ok()?;
            Some((first, payload))
        })
        .await
    }

    /// The code and reason of the server's close frame, after any number of others; `None` when the line just ends.
    pub async fn close_frame(&mut self) -> Option<(u16, String)> {
        loop {
            if let (8, payload) = self.frame().await? {
                let (code, reason) = payload.split_first_chunk()?;
                return Some((u16::from_be_bytes(*code), String::from_utf8_lossy(reason).into_owned()));
            }
        }
    }

    /// Cuts the line by a reset.
    ///
    /// # Panics
    /// When the socket takes no options.
    pub fn reset(self) {
        self.stream.set_zero_linger().expect("a TCP socket");
    }
}
