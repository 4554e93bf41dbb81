//! What a connection has asked its client, and the client's replies.

use std::{borrow::Cow, collections::HashMap};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::oneshot;

use crate::{asking::NoAnswer, channels::Said, codec, error::Answer};

/// What the `id` of a question begins with, so that a reply is never mistaken for a frame of the application.
const ID: &str = "ask-";

/// The questions of one connection. Written by its handlers, read when a reply comes.
#[derive(Debug, Default)]
pub(super) struct Questions {
    asked: u64,
    waiting: HashMap<u64, oneshot::Sender<Said>>,
}

/// `{"type": "ask", "id": "ask-1", "question": {"type": .., ..}}`
#[derive(Serialize)]
struct Ask<'a, Q> {
    r#type: &'static str,
    id: String,
    question: &'a Q,
}

/// `{"type": "reply", "id": "ask-1", "ok": ..}`, or with an `error`.
#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow, default)]
    ok: Option<&'a RawValue>,
    #[serde(default)]
    error: Option<Answer>,
}

/// What became of a client's text.
pub(super) enum Replied {
    /// It is no reply to a question.
    No,
    /// It answers one that waits.
    Yes,
    /// Nobody waits for it any more.
    Late,
}

impl Questions {
    /// The frame that asks, and where the reply comes out.
    pub(super) fn ask<Q: Serialize>(
        &mut self,
        question: &Q,
    ) -> serde_json::Result<(u64, Bytes, oneshot::Receiver<Said>)> {
        self.asked += 1;
        let number = self.asked;
        let ask = Ask { r#type: "ask", id: format!("{ID}{number}"), question };
        let frame = codec::text_with(|buffer| serde_json::to_writer(buffer, &ask))?;
        let (reply, replied) = oneshot::channel();
        self.waiting.insert(number, reply);
        Ok((number, frame, replied))
    }

    /// Waits no longer.
    pub(super) fn forget(&mut self, number: u64) {
        self.waiting.remove(&number);
    }

    /// Waits for nothing any more, since no reply can come.
    pub(super) fn clear(&mut self) {
        self.waiting = HashMap::new();
    }

    /// Takes a reply out of what the client sends.
    pub(super) fn reply(&mut self, text: &str) -> Replied {
        if self.asked == 0 || !text.contains(ID) {
            return Replied::No;
        }
        let Ok(reply) = serde_json::from_str::<Reply<'_>>(text) else { return Replied::No };
        let number = reply.id.strip_prefix(ID).and_then(|number| number.parse::<u64>().ok());
        let Some(number) = number.filter(|number| reply.r#type == "reply" && (1..=self.asked).contains(number)) else {
            return Replied::No;
        };
        let Some(waiting) = self.waiting.remove(&number) else { return Replied::Late };
        let said = match (reply.ok, reply.error) {
            (_, Some(error)) => Err(NoAnswer::Error(error)),
            (ok, None) => Ok(ok.unwrap_or(RawValue::NULL).to_owned()),
        };
        // Who asked may have stopped waiting meanwhile.
        if waiting.send(said).is_ok() { Replied::Yes } else { Replied::Late }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(questions: &mut Questions) -> oneshot::Receiver<Said> {
        questions.ask(&"ready?").unwrap().2
    }

    #[test]
    fn a_reply_finds_its_question() {
        let mut questions = Questions::default();
        let (number, frame, mut first) = questions.ask(&"ready?").unwrap();
        assert_eq!((number, &frame[2..]), (1, &br#"{"type":"ask","id":"ask-1","question":"ready?"}"#[..]));
        let mut second = asked(&mut questions);
        assert!(matches!(questions.reply(r#"{"type":"reply","id":"ask-2","ok":[1]}"#), Replied::Yes));
        assert_eq!(second.try_recv().unwrap().unwrap().get(), "[1]");
        let error = r#"{"id": "ask-1", "error": {"code": "no", "message": "no"}, "type": "reply"}"#;
        assert!(matches!(questions.reply(error), Replied::Yes));
        assert_eq!(first.try_recv().unwrap().unwrap_err(), NoAnswer::Error(Answer::new("no", "no")));
        assert!(matches!(questions.reply(error), Replied::Late));
    }

    #[test]
    fn everything_else_is_a_frame() {
        let mut questions = Questions::default();
        assert!(matches!(questions.reply(r#"{"type":"reply","id":"ask-1"}"#), Replied::No), "nothing was asked");
        let mut reply = asked(&mut questions);
        for text in [
            r#"{"type":"reply","id":"ask-2","ok":1}"#,
            r#"{"type":"reply","id":"ask-","ok":1}"#,
            r#"{"type":"reply","id":"1","ok":1}"#,
            r#"{"type":"note","id":"ask-1","ok":1}"#,
            r#"{"id":"ask-1"}"#,
            "ask-1",
            "",
        ] {
            assert!(matches!(questions.reply(text), Replied::No), "{text}");
        }
        assert!(reply.try_recv().is_err());
        assert!(matches!(questions.reply(r#"{"type":"reply","id":"ask-1"}"#), Replied::Yes));
        assert_eq!(reply.try_recv().unwrap().unwrap().get(), "null");
    }
}
