//! A client that comes back as a good one does: after a random while, and not before the server said.

use std::{
    hash::{BuildHasher, RandomState},
    net::SocketAddr,
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use tokio::{net::TcpStream, time::sleep};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::Response},
};

/// The longest between two attempts when nobody answers.
const LONGEST: Duration = Duration::from_secs(2);

/// What became of the attempts to connect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// Nobody listened, or the line was cut before there was an answer.
    pub unanswered: usize,
    /// A 503, with a `Retry-After` that was obeyed.
    pub put_off: usize,
}

/// A client that is connected.
#[derive(Debug)]
pub struct Returning(WebSocketStream<TcpStream>);

/// The end of a connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// The code of the close frame; 1006 when there was none.
    pub code: u16,
    /// When the client may come back, if the server said so.
    pub hint: Option<Duration>,
}

/// Any time up to this one.
fn below(most: Duration) -> Duration {
    let part = RandomState::new().hash_one(0) as f64 / u64::MAX as f64;
    most.mul_f64(part)
}

/// When to come back, out of a close frame's reason: `.. retry-after=1.8`.
fn hint(reason: &str) -> Option<Duration> {
    let (_, seconds) = reason.split_once("retry-after=")?;
    Duration::try_from_secs_f64(seconds.parse().ok()?).ok()
}

fn retry_after(response: &Response<Option<Vec<u8>>>) -> Option<Duration> {
    let seconds = response.headers().get("retry-after")?.to_str().ok()?.parse().ok()?;
    // Not all of those who were told the same second come at its beginning.
    Some(Duration::from_secs(seconds) + below(Duration::from_secs(1)))
}

impl Returning {
    /// Connects, as often as it takes.
    ///
    /// # Panics
    /// When the server refuses for good.
    pub async fn connect(address: SocketAddr, path: &str, attempts: &mut Attempts) -> Self {
        let mut bound = Duration::from_millis(50);
        loop {
            let request = format!("ws://{address}{path}").into_client_request().expect("a request");
            let answer = match TcpStream::connect(address).await {
                Ok(stream) => client_async(request, stream).await,
                Err(error) => Err(Error::Io(error)),
            };
            match answer {
                Ok((socket, _)) => return Self(socket),
                Err(Error::Http(response)) => {
                    assert_eq!(response.status(), 503, "refused for good");
                    attempts.put_off += 1;
                    sleep(retry_after(&response).expect("a 503 says when to come back")).await;
                }
                Err(_) => {
                    attempts.unanswered += 1;
                    sleep(below(bound)).await;
                    bound = (bound * 2).min(LONGEST);
                }
            }
        }
    }

    /// Says something and hears what comes back.
    ///
    /// # Errors
    /// When the line ends instead.
    pub async fn echo(&mut self, text: &str) -> Result<String, Error> {
        self.0.send(Message::text(text)).await?;
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => Ok(text.as_str().to_owned()),
            Some(Err(error)) => Err(error),
            _ => Err(Error::ConnectionClosed),
        }
    }

    /// Waits for the end, whatever else comes.
    pub async fn end(mut self) -> End {
        let mut end = End { code: 1006, hint: None };
        while let Some(Ok(message)) = self.0.next().await {
            if let Message::Close(Some(frame)) = message {
                end = End { code: frame.code.into(), hint: hint(frame.reason.as_str()) };
            }
        }
        end
    }

    /// Closes in good order.
    pub async fn close(mut self) {
        // Whoever has closed meanwhile has closed as well.
        let _ = self.0.close(None).await;
        self.end().await;
    }
}
