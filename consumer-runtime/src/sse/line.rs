//! A line in memory between the engine, which has a WebSocket there, and a client that comes by HTTP requests.

use std::{
    fmt,
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::{Buf, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::Notify,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

/// How much the engine writes before the client has taken it; what else waits is in the engine's own queue, with its bound
/// and its policy.
const DOWN: usize = 16 * 1024;

/// How much of the client's waits for the engine, unless one request alone has more.
const UP: usize = 64 * 1024;

/// Both directions of a line.
#[derive(Default)]
pub(crate) struct Line {
    /// Written by the engine's end, by the response's body and by requests; never held during a call to others.
    state: Mutex<State>,
    /// The engine has read what waited.
    room: Notify,
    /// The client's end has gone, or the engine's.
    over: CancellationToken,
}

#[derive(Default)]
struct State {
    /// The server's frames.
    down: BytesMut,
    /// The client's frames.
    up: BytesMut,
    /// The client has said its last frame.
    closed: bool,
    /// Nobody takes the server's frames any more.
    far_gone: bool,
    /// The engine writes nothing more.
    near_gone: bool,
    /// The engine waits for frames of the client.
    reads: Option<Waker>,
    /// The engine waits until frames are taken.
    writes: Option<Waker>,
    /// The body waits for frames of the server.
    takes: Option<Waker>,
}

/// Why frames were not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotTaken {
    /// The connection is over.
    Over,
    /// The consumer has not come to what was sent before.
    Full,
}

/// The engine's end.
#[derive(Debug)]
pub(crate) struct Near(Arc<Line>);

// By hand: payloads are nobody's business.
impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

fn wait(waker: &mut Option<Waker>, context: &Context<'_>) {
    match waker {
        Some(waker) => waker.clone_from(context.waker()),
        None => *waker = Some(context.waker().clone()),
    }
}

impl Line {
    /// A line, and the engine's end of it.
    pub(super) fn new() -> (Arc<Self>, Near) {
        let line = Arc::<Self>::default();
        (Arc::clone(&line), Near(line))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the server has written; `None` when it writes nothing more.
    pub(super) fn poll_take(&self, context: &mut Context<'_>) -> Poll<Option<BytesMut>> {
        let mut state = self.state();
        if !state.down.is_empty() {
            let taken = std::mem::take(&mut state.down);
            wake(&mut state.writes);
            return Poll::Ready(Some(taken));
        }
        if state.near_gone {
            return Poll::Ready(None);
        }
        wait(&mut state.takes, context);
        Poll::Pending
    }

    /// Hands frames of the client to the engine, all of them or none, as soon as there is room; waits for that at most so
    /// long.
    pub(super) async fn hand(&self, frames: &[u8], patience: Duration) -> Result<(), NotTaken> {
        let until = Instant::now() + patience;
        loop {
            let room = self.room.notified();
            match self.put(frames) {
                Err(NotTaken::Full) => {}
                done => return done,
            }
            tokio::select! {
                () = room => {}
                () = self.over.cancelled() => return Err(NotTaken::Over),
                () = tokio::time::sleep_until(until) => return Err(NotTaken::Full),
            }
        }
    }

    fn put(&self, frames: &[u8]) -> Result<(), NotTaken> {
        let mut state = self.state();
        if state.closed || state.far_gone || state.near_gone {
            return Err(NotTaken::Over);
        }
        if !state.up.is_empty() && state.up.len() + frames.len() > UP {
            return Err(NotTaken::Full);
        }
        state.up.extend_from_slice(frames);
        wake(&mut state.reads);
        Ok(())
    }

    /// Says a frame that needs no room: it answers one of the server's.
    pub(super) fn answer(&self, frame: &[u8]) {
        let mut state = self.state();
        if !state.closed {
            state.up.extend_from_slice(frame);
            wake(&mut state.reads);
        }
    }

    /// Says the client's last frame, behind all others.
    pub(super) fn close(&self, frame: &[u8]) -> Result<(), NotTaken> {
        let mut state = self.state();
        if state.closed || state.far_gone || state.near_gone {
            return Err(NotTaken::Over);
        }
        state.up.extend_from_slice(frame);
        state.closed = true;
        wake(&mut state.reads);
        Ok(())
    }

    /// Hangs up on the client's side; what it has said before is read all the same.
    pub(super) fn hang_up(&self) {
        let mut state = self.state();
        state.far_gone = true;
        state.down = BytesMut::new();
        wake(&mut state.reads);
        wake(&mut state.writes);
        drop(state);
        self.over.cancel();
    }

    /// Waits until either side has hung up.
    pub(super) async fn over(&self) {
        self.over.cancelled().await;
    }

    fn near_is_gone(&self) {
        let mut state = self.state();
        state.near_gone = true;
        wake(&mut state.takes);
    }
}

impl AsyncRead for Near {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut state = self.0.state();
        if state.up.is_empty() {
            if state.far_gone {
                return Poll::Ready(Ok(()));
            }
            wait(&mut state.reads, context);
            return Poll::Pending;
        }
        let len = state.up.len().min(buffer.remaining());
        buffer.put_slice(&state.up[..len]);
        state.up.advance(len);
        if state.up.is_empty() {
            state.up = BytesMut::new();
        }
        drop(state);
        self.0.room.notify_one();
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Near {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut state = self.0.state();
        if state.far_gone {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let mut written = 0;
        for slice in slices {
            let len = slice.len().min(DOWN.saturating_sub(state.down.len()));
            state.down.extend_from_slice(&slice[..len]);
            written += len;
        }
        if written == 0 && slices.iter().any(|slice| !slice.is_empty()) {
            wait(&mut state.writes, context);
            return Poll::Pending;
        }
        wake(&mut state.takes);
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.near_is_gone();
        Poll::Ready(Ok(()))
    }
}

impl Drop for Near {
    fn drop(&mut self) {
        self.0.near_is_gone();
        self.0.over.cancel();
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const SOON: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn the_engine_waits_until_its_frames_are_taken() {
        let (line, mut near) = Line::new();
        near.write_all(&[1; DOWN]).await.unwrap();
        let blocked = tokio::time::timeout(SOON, near.write_all(&[2])).await;
        assert!(blocked.is_err());
        assert_eq!(poll_fn(|context| line.poll_take(context)).await.unwrap().len(), DOWN);
        near.write_all(&[2]).await.unwrap();
        near.shutdown().await.unwrap();
        assert_eq!(poll_fn(|context| line.poll_take(context)).await.unwrap()[..], [2]);
        assert_eq!(poll_fn(|context| line.poll_take(context)).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn frames_are_taken_all_or_none() {
        let (line, mut near) = Line::new();
        let large = vec![1; UP + 1];
        line.hand(&large, SOON).await.unwrap();
        assert_eq!(line.hand(&[2, 3], SOON).await, Err(NotTaken::Full));
        let mut read = vec![0; UP + 1];
        let (taken, _) = tokio::join!(line.hand(&[4, 5], SOON), near.read_exact(&mut read));
        assert_eq!((taken, read), (Ok(()), large));
        let mut read = [0; 2];
        near.read_exact(&mut read).await.unwrap();
        assert_eq!(read, [4, 5]);
    }

    #[tokio::test]
    async fn what_was_said_before_the_client_hung_up_is_read() {
        let (line, mut near) = Line::new();
        line.hand(&[1], SOON).await.unwrap();
        line.hang_up();
        assert_eq!(line.hand(&[2], SOON).await, Err(NotTaken::Over));
        let mut read = Vec::new();
        near.read_to_end(&mut read).await.unwrap();
        assert_eq!(read, [1]);
        assert_eq!(near.write_all(&[1]).await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }

    #[tokio::test]
    async fn nothing_is_said_after_the_last_frame() {
        let (line, mut near) = Line::new();
        line.close(&[8]).unwrap();
        assert_eq!(line.close(&[9]), Err(NotTaken::Over));
        assert_eq!(line.hand(&[1], SOON).await, Err(NotTaken::Over));
        line.answer(&[2]);
        line.hang_up();
        let mut read = Vec::new();
        near.read_to_end(&mut read).await.unwrap();
        assert_eq!(read, [8]);
    }

    #[tokio::test]
    async fn who_waits_for_room_is_told_that_the_engine_is_gone() {
        let (line, near) = Line::new();
        line.hand(&[1; UP], SOON).await.unwrap();
        let (taken, ()) = tokio::join!(line.hand(&[2], SOON), async { drop(near) });
        assert_eq!(taken, Err(NotTaken::Over));
    }
}
