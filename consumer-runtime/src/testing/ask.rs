//! A frame and its reply.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use super::{Communicator, TestError};
use crate::error::Answer;

/// The reply to a frame, and no other one.
#[derive(Deserialize)]
struct Reply {
    r#type: String,
    id: String,
    /// Raw, so that `null` is told from nothing, and a value from one that does not fit.
    ok: Option<Box<RawValue>>,
    error: Option<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    code: String,
    message: String,
    data: Option<Value>,
}

impl From<Fault> for Answer {
    fn from(fault: Fault) -> Self {
        let answer = Self::new(fault.code, fault.message);
        match fault.data {
            Some(data) => answer.with_data(data),
            None => answer,
        }
    }
}

impl Communicator {
    /// Sends a frame with an `id` of its own, and waits for the reply: the handler's value, or the error that the client
    /// is told. Frames that come before the reply are kept for the next receive.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use axum::Router;
    /// use consumer_runtime::{prelude::*, testing::Communicator};
    /// use serde_json::json;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Halve { number: u32 }
    ///
    /// #[derive(Debug, ReplyError)]
    /// #[reply("odd", "{number} has no half")]
    /// struct Odd { number: u32 }
    ///
    /// #[consumer("/ws/")]
    /// struct Halves {}
    ///
    /// #[consumer]
    /// impl Halves {
    ///     #[receive("halve")]
    ///     async fn halve(&mut self, Halve { number }: Halve) -> Result<u32, Odd> {
    ///         if number % 2 == 0 { Ok(number / 2) } else { Err(Odd { number }) }
    ///     }
    /// }
    ///
    /// let mut browser = Communicator::new(Router::new().consumer::<Halves>(), "/ws/");
    /// browser.connect().await.unwrap();
    /// assert_eq!(browser.ask::<u32>(&json!({"type": "halve", "number": 8})).await.unwrap(), Ok(4));
    /// let error = browser.ask::<u32>(&json!({"type": "halve", "number": 7})).await.unwrap().unwrap_err();
    /// assert_eq!((error.code(), error.data()), ("odd", Some(&json!({"number": 7}))));
    /// # });
    /// ```
    ///
    /// # Errors
    /// When the frame is no JSON object, no reply comes in time, or its value does not fit `T`.
    pub async fn ask<T: DeserializeOwned>(
        &mut self,
        frame: &(impl Serialize + ?Sized),
    ) -> Result<Result<T, Answer>, TestError> {
        let mut frame = serde_json::to_value(frame).map_err(|error| TestError::Json(error.to_string()))?;
        let Value::Object(fields) = &mut frame else {
            return Err(TestError::Json(format!("a frame with an `id` is an object, and not {frame}")));
        };
        self.asked += 1;
        let id = format!("ask-{}", self.asked);
        fields.insert("id".to_owned(), id.clone().into());
        self.send_json_to(&frame).await?;
        let until = Instant::now() + self.patience;
        loop {
            let message = self.receive_new(until.saturating_duration_since(Instant::now())).await;
            let message = message.map_err(|error| match error {
                TestError::Silent(_) => TestError::Silent(self.patience),
                other => other,
            })?;
            match reply_to(&id, &message) {
                Some(Reply { error: Some(fault), .. }) => return Ok(Err(fault.into())),
                Some(Reply { ok, .. }) => {
                    let value = ok.as_deref().map_or("null", RawValue::get);
                    return serde_json::from_str(value)
                        .map(Ok)
                        .map_err(|error| TestError::Json(format!("{error} in {value}")));
                }
                None if message.is_close() => return Err(TestError::unexpected("a reply", &message)),
                None => self.early.push_back(message),
            }
        }
    }
}

fn reply_to(id: &str, message: &Message) -> Option<Reply> {
    let Message::Text(text) = message else { return None };
    serde_json::from_str::<Reply>(text).ok().filter(|reply| reply.r#type == "reply" && reply.id == id)
}
