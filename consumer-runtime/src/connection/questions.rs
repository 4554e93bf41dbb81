//! What a connection has asked its client, and the client's replies.

use std::{borrow::Cow, collections::HashMap, sync::atomic::Ordering};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::oneshot;

use super::Connection;
use crate::{asking::NoAnswer, channels::Said, codec};

/// What the `id` of a question begins with, so that a reply is never mistaken for a frame of the application.
const ID: &str = "ask-";

/// The questions of one connection. Written by its handlers, read when a reply comes.
#[derive(Debug, Default)]
pub(super) struct Questions {
    asked: u64,
    waiting: HashMap<u64, oneshot::Sender<Said>>,
}

/// A question that has its number and waits for its reply.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) number: u64,
    /// Its sender is dropped when no reply can come any more.
    pub(crate) reply: oneshot::Receiver<Said>,
}

/// `{"type": "ask", "id": "ask-1", "question": {"type": .., ..}}`
#[derive(Serialize)]
struct Ask<'a> {
    r#type: &'static str,
    id: String,
    question: &'a RawValue,
}

impl Question {
    /// The frame that asks.
    pub(crate) fn frame(number: u64, question: &RawValue) -> Vec<u8> {
        let ask = Ask { r#type: "ask", id: format!("{ID}{number}"), question };
        match codec::text_with(|buffer| serde_json::to_writer(buffer, &ask)) {
            Ok(frame) => frame,
            Err(_) => unreachable!("strings, and JSON that is written already"),
        }
    }
}

/// `{"type": "reply", "id": "ask-1", "ok": ..}`, or with an `error`.
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow, default)]
    ok: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

/// What looks like a reply to a question.
pub(super) struct Reply {
    number: u64,
    said: Said,
}

impl Reply {
    /// Finds one in what the client sends.
    pub(super) fn read(text: &str) -> Option<Self> {
        if !text.contains(ID) {
            return None;
        }
        let frame = serde_json::from_str::<Frame<'_>>(text).ok().filter(|frame| frame.r#type == "reply")?;
        let number = frame.id.strip_prefix(ID)?.parse().ok()?;
        let said = match frame.error.map(|error| serde_json::from_str(error.get())) {
            None => Ok(frame.ok.unwrap_or(RawValue::NULL).to_owned()),
            Some(Ok(error)) => Err(NoAnswer::Error(error)),
            Some(Err(error)) => Err(NoAnswer::Unreadable(error.to_string())),
        };
        Some(Self { number, said })
    }
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
    /// The next question.
    pub(super) fn ask(&mut self) -> Question {
        self.asked += 1;
        let (waiting, reply) = oneshot::channel();
        self.waiting.insert(self.asked, waiting);
        Question { number: self.asked, reply }
    }

    /// Waits no longer.
    pub(super) fn forget(&mut self, number: u64) {
        self.waiting.remove(&number);
    }

    /// Waits for nothing any more, since no reply can come.
    pub(super) fn clear(&mut self) {
        self.waiting = HashMap::new();
    }

    /// Takes what looks like a reply to one of them.
    pub(super) fn reply(&mut self, Reply { number, said }: Reply) -> Replied {
        if !(1..=self.asked).contains(&number) {
            return Replied::No;
        }
        let Some(waiting) = self.waiting.remove(&number) else { return Replied::Late };
        // Who asked may have stopped waiting meanwhile.
        if waiting.send(said).is_ok() { Replied::Yes } else { Replied::Late }
    }
}

impl Connection {
    /// Begins to wait for a reply of the client, and says where it comes out; nothing is sent by this.
    ///
    /// # Errors
    /// When the client is not there: not yet, or no more.
    pub(crate) fn question(&self) -> Result<Question, NoAnswer> {
        let mut state = self.state();
        if state.accept.is_some() {
            return Err(NoAnswer::TooEarly);
        }
        if state.ending.is_some() || state.cut_off || state.no_replies {
            return Err(NoAnswer::Gone);
        }
        self.asked.store(true, Ordering::Release);
        Ok(state.questions.get_or_insert_default().ask())
    }

    /// Waits for a reply no longer.
    pub(crate) fn forget_question(&self, number: u64) {
        if let Some(questions) = &mut self.state().questions {
            questions.forget(number);
        }
    }

    /// Takes a reply to a question out of what the client sends; false when it is none.
    pub(super) fn take_reply(&self, text: &str) -> bool {
        if !self.asked.load(Ordering::Acquire) {
            return false;
        }
        // Read before the lock is taken, since a client may write long ones.
        let Some(reply) = Reply::read(text) else { return false };
        match self.state().questions.as_mut().map_or(Replied::No, |questions| questions.reply(reply)) {
            Replied::No => false,
            Replied::Yes => true,
            Replied::Late => {
                self.counters().gone(1);
                true
            }
        }
    }

    /// Nothing is read from the client any more, so whoever waits for a reply is told.
    pub(super) fn no_more_replies(&self) {
        let mut state = self.state();
        state.no_replies = true;
        if let Some(questions) = &mut state.questions {
            questions.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Answer;

    fn reply(questions: &mut Questions, text: &str) -> Replied {
        Reply::read(text).map_or(Replied::No, |reply| questions.reply(reply))
    }

    #[test]
    fn a_reply_finds_its_question() {
        let mut questions = Questions::default();
        let (mut first, mut second) = (questions.ask(), questions.ask());
        let frame = Question::frame(first.number, &serde_json::value::to_raw_value("ready?").unwrap());
        assert_eq!(&frame[2..], br#"{"type":"ask","id":"ask-1","question":"ready?"}"#);
        assert!(matches!(reply(&mut questions, r#"{"type":"reply","id":"ask-2","ok":[1]}"#), Replied::Yes));
        assert_eq!(second.reply.try_recv().unwrap().unwrap().get(), "[1]");
        let error = r#"{"id": "ask-1", "error": {"code": "no", "message": "no"}, "type": "reply"}"#;
        assert!(matches!(reply(&mut questions, error), Replied::Yes));
        assert_eq!(first.reply.try_recv().unwrap().unwrap_err(), NoAnswer::Error(Answer::new("no", "no")));
        assert!(matches!(reply(&mut questions, error), Replied::Late));
    }

    #[test]
    fn everything_else_is_a_frame() {
        let mut questions = Questions::default();
        let plain = r#"{"type":"reply","id":"ask-1"}"#;
        assert!(matches!(reply(&mut questions, plain), Replied::No), "nothing was asked");
        let mut question = questions.ask();
        for text in [
            r#"{"type":"reply","id":"ask-2","ok":1}"#,
            r#"{"type":"reply","id":"ask-0","ok":1}"#,
            r#"{"type":"reply","id":"ask-99999999999999999999","ok":1}"#,
            r#"{"type":"reply","id":"ask-","ok":1}"#,
            r#"{"type":"reply","id":"1","ok":1}"#,
            r#"{"type":"note","id":"ask-1","ok":1}"#,
            r#"{"type":"reply","id":"ask-1","id":"ask-1","ok":1}"#,
            r#"{"type":"reply","id":"ask-1","ok":1,"ok":2}"#,
            r#"{"type":"reply","id":"ask-1","ok":1"#,
            r#"[{"type":"reply","id":"ask-1"}]"#,
            r#"{"id":"ask-1"}"#,
            "ask-1",
            "",
        ] {
            assert!(matches!(reply(&mut questions, text), Replied::No), "{text}");
        }
        assert!(question.reply.try_recv().is_err());
        assert!(matches!(reply(&mut questions, plain), Replied::Yes));
        assert_eq!(question.reply.try_recv().unwrap().unwrap().get(), "null");
    }

    /// The form of an error is the client's mistake, and who asked is told at once.
    #[test]
    fn a_reply_with_an_unreadable_error_is_a_reply() {
        let deep = format!(r#"{{"code":"a","message":"b","data":{}1{}}}"#, "[".repeat(200), "]".repeat(200));
        for error in [r#""no""#, "{}", "7", &deep] {
            let mut questions = Questions::default();
            let mut question = questions.ask();
            let text = format!(r#"{{"type":"reply","id":"ask-1","error":{error}}}"#);
            assert!(matches!(reply(&mut questions, &text), Replied::Yes), "{error}");
            assert!(matches!(question.reply.try_recv(), Ok(Err(NoAnswer::Unreadable(_)))), "{error}");
        }
    }
}
