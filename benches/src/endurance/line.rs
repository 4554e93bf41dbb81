//! One client's WebSocket, which answers pings, and comes back when it is told to.

use std::{
    hash::{BuildHasher, RandomState},
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::sleep,
};

use crate::load::{Frame, Frames, Kind, Response, request, response, write_frame};

/// The longest between two attempts when nobody answers.
const LONGEST: Duration = Duration::from_secs(2);

/// A connection is read in pieces of this size: there are thousands of them.
const PIECE: usize = 512;

/// A client that is connected.
#[derive(Debug)]
pub(super) struct Line {
    stream: TcpStream,
    frames: Frames,
    /// What came with the response.
    early: Vec<u8>,
}

/// Why a client is not connected.
#[derive(Debug)]
enum Refusal {
    /// Nobody listens, or the line was cut.
    Unanswered,
    /// A 503 that says when to come back.
    PutOff(Duration),
    /// Anything else.
    ForGood(String),
}

/// What became of the attempts to connect.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Attempts {
    pub(super) unanswered: u32,
    pub(super) put_off: u32,
}

/// The end of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// 1006 when there was no close frame.
    pub(super) code: u16,
    /// When to come back, if the server said so.
    pub(super) hint: Option<Duration>,
}

/// Any time up to this one.
pub(super) fn below(most: Duration) -> Duration {
    most.mul_f64(RandomState::new().hash_one(0) as f64 / u64::MAX as f64)
}

fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.trim().parse().ok()?).ok()
}

impl End {
    /// The end that a close frame tells of.
    fn of(payload: &[u8]) -> Self {
        let Some((code, reason)) = payload.split_first_chunk() else { return Self { code: 1005, hint: None } };
        let reason = String::from_utf8_lossy(reason);
        let hint = reason.split_once("retry-after=").and_then(|(_, text)| seconds(text));
        Self { code: u16::from_be_bytes(*code), hint }
    }
}

/// The seconds of a response's `Retry-After`.
fn retry_after(head: &[u8]) -> Option<Duration> {
    let head = String::from_utf8_lossy(head);
    let headers = head.lines().filter_map(|line| line.split_once(':'));
    headers.filter(|(name, _)| name.eq_ignore_ascii_case("retry-after")).find_map(|(_, value)| seconds(value))
}

impl Line {
    /// Connects from this address, as often as it takes.
    pub(super) async fn connect(
        address: SocketAddr,
        source: IpAddr,
        path: &str,
        attempts: &mut Attempts,
    ) -> Result<Self, String> {
        let mut bound = Duration::from_millis(50);
        loop {
            match Self::open(address, source, path).await {
                Ok(line) => return Ok(line),
                Err(Refusal::ForGood(why)) => return Err(why),
                Err(Refusal::PutOff(time)) => {
                    attempts.put_off += 1;
                    // Not all of those who were told the same second come at its beginning.
                    sleep(time + below(Duration::from_secs(1))).await;
                }
                Err(Refusal::Unanswered) => {
                    attempts.unanswered += 1;
                    sleep(below(bound)).await;
                    bound = (bound * 2).min(LONGEST);
                }
            }
        }
    }

    async fn open(address: SocketAddr, source: IpAddr, path: &str) -> Result<Self, Refusal> {
        let unanswered = |_| Refusal::Unanswered;
        let socket = TcpSocket::new_v4().map_err(|error| Refusal::ForGood(error.to_string()))?;
        // A port whose last connection the server has closed can be taken again.
        socket.set_reuseaddr(true).map_err(unanswered)?;
        socket.bind(SocketAddr::new(source, 0)).map_err(|error| Refusal::ForGood(format!("no port: {error}")))?;
        let mut stream = socket.connect(address).await.map_err(unanswered)?;
        stream.set_nodelay(true).map_err(unanswered)?;
        stream.write_all(&request(address, path, true)).await.map_err(unanswered)?;
        let mut head = Vec::new();
        loop {
            if stream.read_buf(&mut head).await.map_err(unanswered)? == 0 {
                return Err(Refusal::Unanswered);
            }
            match response(&head) {
                Response::Incomplete => {}
                Response::Upgraded(at) => {
                    return Ok(Self { stream, frames: Frames::default(), early: head.split_off(at) });
                }
                Response::Refused(line) => {
                    let put_off = retry_after(&head).filter(|_| line.contains(" 503 "));
                    return Err(put_off.map_or(Refusal::ForGood(line), Refusal::PutOff));
                }
            }
        }
    }

    /// Sends a text; a line that is cut shows when it is read.
    pub(super) async fn say(&mut self, text: &[u8]) {
        let mut frame = Vec::with_capacity(text.len() + 14);
        write_frame(Kind::Text, text, &mut frame);
        let _ = self.stream.write_all(&frame).await;
    }

    /// Reads once, and calls `each` with every text; the end, when it is there.
    ///
    /// May be dropped while it waits.
    pub(super) async fn read(&mut self, mut each: impl FnMut(&[u8])) -> Result<Option<End>, String> {
        let mut piece = [0; PIECE];
        let early = std::mem::take(&mut self.early);
        let bytes = if early.is_empty() {
            match self.stream.read(&mut piece).await {
                Ok(length) if length > 0 => &piece[..length],
                _ => return Ok(Some(End { code: 1006, hint: None })),
            }
        } else {
            &early
        };
        let (mut end, mut pongs) = (None, Vec::new());
        let read = self.frames.read(bytes, |frame| match frame {
            Frame::Data(text) => each(text),
            Frame::Ping(payload) => write_frame(Kind::Pong, payload, &mut pongs),
            Frame::Pong => {}
            Frame::Close(payload) => end = Some(End::of(payload)),
        });
        read.map_err(|error| error.to_string())?;
        if !pongs.is_empty() {
            let _ = self.stream.write_all(&pongs).await;
        }
        Ok(end)
    }

    /// Reads until the end, whatever else comes; closes as it was closed.
    pub(super) async fn end(mut self) -> Result<End, String> {
        loop {
            if let Some(end) = self.read(|_| ()).await? {
                self.close().await;
                return Ok(end);
            }
        }
    }

    /// Sends a close frame, and waits for the end of the line.
    pub(super) async fn close(mut self) {
        let mut frame = Vec::new();
        write_frame(Kind::Close, &1000u16.to_be_bytes(), &mut frame);
        let _ = self.stream.write_all(&frame).await;
        let mut rest = [0; PIECE];
        while let Ok(1..) = self.stream.read(&mut rest).await {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_read() {
        let end = End::of(&[&1012u16.to_be_bytes()[..], b"the server restarts; retry-after=1.8"].concat());
        assert_eq!((end.code, end.hint), (1012, Some(Duration::from_millis(1800))));
        let end = End::of(&[&1000u16.to_be_bytes()[..], b"done"].concat());
        assert_eq!((end.code, end.hint), (1000, None));
        let head = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\n\r\n";
        assert_eq!(retry_after(head), Some(Duration::from_secs(2)));
    }
}
