//! What a consumer on the open internet has to stand, as one test.

use std::{fmt, time::Duration};

use axum::{Router, http::StatusCode};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::{Communicator, TestError};

/// How long anything may take that has to happen.
const PATIENCE: Duration = Duration::from_secs(10);

/// Longer than any message that a browser has reason to send.
const OVERSIZED: usize = 17 * 1024 * 1024;

/// More frames than anybody writes in a second.
const FLOOD: usize = 5_000;

/// Checks the locks of one consumer, as an attacker would try them: origin, login, size, rate, and frames that are none.
///
/// It is a test of settings and of handlers, in one's own application:
///
/// ```
/// # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
/// use axum::Router;
/// use consumer_runtime::{prelude::*, testing::Locks};
///
/// #[consumer("/ws/echo/")]
/// struct Echo {}
///
/// #[consumer]
/// impl Echo {
///     #[connect]
///     async fn connect(&mut self, _: consumer_runtime::BearerToken) -> Result<(), Refusal> {
///         Ok(())
///     }
///
///     #[receive(text)]
///     async fn receive(&mut self, text: String, context: &mut Context<Self>) -> Result {
///         context.send_text(text).await
///     }
/// }
///
/// let app = Router::new().consumer::<Echo>();
/// Locks::of(app, "/ws/echo/").credentials("authorization", "Bearer good").hold().await?;
/// # Ok::<(), consumer_runtime::testing::BrokenLocks>(())
/// # }).unwrap();
/// ```
///
/// | tried | holds when |
/// |---|---|
/// | a page of another origin, with the credentials | 403 |
/// | a client without the credentials, if some were given | refused, with a status below 500 |
/// | a message of 17 MiB | 1009 |
/// | 5,000 frames at once | 1008 |
/// | texts that are no JSON, or of odd shape, and bytes | whatever the consumer says to them, but no 1011, which is a panic |
///
/// After each, an honest client must be let in. It takes real time, so not `start_paused`.
#[derive(Debug)]
#[must_use = "nothing is tried before `hold`"]
pub struct Locks {
    app: Router,
    path: String,
    credentials: Vec<(String, String)>,
}

/// The locks that did not hold, in words, one a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenLocks(Vec<String>);

impl BrokenLocks {
    /// One sentence for each.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for BrokenLocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for BrokenLocks {}

impl Locks {
    /// Those of the consumer at `path` of `app`; a query may follow the path.
    pub fn of(app: Router, path: impl Into<String>) -> Self {
        Self { app, path: path.into(), credentials: Vec::new() }
    }

    /// A header that lets a client in: a cookie, a token.
    pub fn credentials(mut self, header: &str, value: &str) -> Self {
        self.credentials.push((header.to_owned(), value.to_owned()));
        self
    }

    /// Tries all of them.
    ///
    /// # Errors
    /// [`BrokenLocks`] names those that did not hold, and what to do.
    pub async fn hold(self) -> Result<(), BrokenLocks> {
        let mut broken = Vec::new();
        if let Err(error) = self.honest_is_let_in().await {
            return Err(BrokenLocks(vec![format!("an honest client is not let in, so nothing can be tried: {error}")]));
        }
        broken.extend(self.foreign_pages().await);
        broken.extend(self.nobody().await);
        broken.extend(self.oversized().await);
        broken.extend(self.flood().await);
        broken.extend(self.odd_frames().await);
        if broken.is_empty() { Ok(()) } else { Err(BrokenLocks(broken)) }
    }

    fn client(&self) -> Communicator {
        let client = Communicator::new(self.app.clone(), self.path.clone()).patience(PATIENCE);
        self.credentials.iter().fold(client, |client, (header, value)| client.header(header, value))
    }

    async fn honest_is_let_in(&self) -> Result<(), TestError> {
        let mut client = self.client();
        client.connect().await?;
        client.disconnect().await;
        Ok(())
    }

    /// What is broken, and what is when nobody is let in any more afterwards.
    async fn and_afterwards(&self, what: &str, broken: Option<String>) -> Vec<String> {
        let after = self.honest_is_let_in().await.err();
        let after = after.map(|error| format!("after {what} an honest client is not let in any more: {error}"));
        broken.into_iter().chain(after).collect()
    }

    async fn foreign_pages(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for origin in ["https://evil.example", "https://testserver.evil.example", "null"] {
            match self.client().header("origin", origin).refused().await {
                Ok((StatusCode::FORBIDDEN, ..)) => {}
                Ok((status, ..)) => broken.push(format!("a page of {origin} is refused with {status}, not 403")),
                Err(_) => broken.push(format!("a page of {origin} is let in with the user's cookies; set `origins`")),
            }
        }
        broken
    }

    async fn nobody(&self) -> Option<String> {
        if self.credentials.is_empty() {
            return None;
        }
        match Communicator::new(self.app.clone(), self.path.clone()).patience(PATIENCE).refused().await {
            Ok((status, ..)) if !status.is_server_error() => None,
            Ok((status, ..)) => Some(format!("who shows no credentials gets {status}; refuse with 401 or 403")),
            Err(_) => Some("who shows no credentials is let in; refuse in `#[connect]`".to_owned()),
        }
    }

    async fn oversized(&self) -> Vec<String> {
        let closed = self.closed_by(async |client| client.send_text_to(&"x".repeat(OVERSIZED)).await).await;
        let broken = match closed {
            Ok(1009) => None,
            other => Some(format!(
                "a message of {OVERSIZED} bytes does not close with 1009, but {other:?}; set `max_message`"
            )),
        };
        self.and_afterwards("a message that is too long", broken).await
    }

    async fn flood(&self) -> Vec<String> {
        let flood = async |client: &mut Communicator| {
            for _ in 0..FLOOD {
                client.send_text_to("{}").await?;
            }
            Ok(())
        };
        let broken = match self.closed_by(flood).await {
            Ok(1008) => None,
            other => Some(format!("{FLOOD} frames at once do not close with 1008, but {other:?}; set `rate`")),
        };
        self.and_afterwards("a flood", broken).await
    }

    /// With which code the server closes on who does this.
    async fn closed_by(
        &self,
        attack: impl AsyncFnOnce(&mut Communicator) -> Result<(), TestError>,
    ) -> Result<u16, TestError> {
        let mut client = self.client();
        client.connect().await?;
        // It may be cut off in the middle; what the server says counts.
        let _ = timeout(PATIENCE, attack(&mut client)).await;
        let closed = async {
            loop {
                match client.receive_close().await {
                    // Answers to what was taken before.
                    Err(TestError::Unexpected { .. }) => {}
                    closed => return closed.map(|(code, _)| code),
                }
            }
        };
        timeout(PATIENCE, closed).await.unwrap_or(Err(TestError::Silent(PATIENCE)))
    }

    async fn odd_frames(&self) -> Vec<String> {
        let nested = "[".repeat(20_000);
        let texts = [
            "",
            "{",
            "[]",
            "7",
            "null",
            "\"x\"",
            "{}",
            r#"{"type":7}"#,
            r#"{"type":"no such thing","id":{}}"#,
            &nested,
        ];
        let mut broken = Vec::new();
        for text in texts {
            broken.extend(self.odd(&shown(text), async |client| client.send_text_to(text).await).await);
        }
        broken.extend(self.odd("bytes", async |client| client.send_bytes_to(&[0, 255, 128, 7]).await).await);
        self.and_afterwards("odd frames", None).await.into_iter().chain(broken).collect()
    }

    /// A frame to which the consumer may say what it likes, but must not die of.
    async fn odd(
        &self,
        what: &str,
        send: impl AsyncFnOnce(&mut Communicator) -> Result<(), TestError>,
    ) -> Option<String> {
        let mut client = self.client();
        if let Err(error) = client.connect().await {
            return Some(format!("before the frame {what} no client is let in: {error}"));
        }
        let _ = send(&mut client).await;
        // Behind it, so that the server answers when it has handled the frame.
        let _ = client.send(Message::Close(None)).await;
        let code = loop {
            match client.receive_close().await {
                // Whatever it says to the frame.
                Err(TestError::Unexpected { .. }) => {}
                closed => break closed.map(|(code, _)| code),
            }
        };
        match code {
            Ok(1011) => Some(format!(
                "the frame {what} ends the connection with 1011: its handler has panicked, or fails and `on_error` closes"
            )),
            Ok(_) => None,
            Err(error) => Some(format!("the frame {what} keeps the connection from its end: {error}")),
        }
    }
}

fn shown(text: &str) -> String {
    if text.len() > 60 { format!("of {} brackets", text.len()) } else { format!("`{text}`") }
}
