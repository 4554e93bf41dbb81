//! A close that comes through the channel layer: how one process ends connections of another.

use serde::{Deserialize, Serialize};

use super::{Cause, Close, CloseCode, Disconnect};
use crate::{error::Error, event::Event, message::Message};

/// The name of the message that closes whatever connection gets it; no consumer can have a handler for it.
const NAME: &str = "connection.close";

/// As it travels, also from Django: `{"type": "connection.close", "code": 4403, "reason": "banned"}`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename = "connection.close")]
struct CloseConnection {
    #[serde(default = "normal")]
    code: u16,
    #[serde(default)]
    reason: String,
}

fn normal() -> u16 {
    CloseCode::NORMAL.get()
}

// By hand, since no user sends it as an event, and it is no help to who has a type that is none.
#[diagnostic::do_not_recommend]
impl Event for CloseConnection {
    const NAME: &'static str = NAME;
    type Answer = ();
}

/// A close that waits in a connection's inbox for its turn.
#[derive(Debug)]
pub(crate) struct RemoteClose(Disconnect);

impl RemoteClose {
    /// The message that says so.
    pub(crate) fn message(close: &Close) -> Message {
        Message::event(CloseConnection { code: close.code().get(), reason: close.reason().to_owned() })
    }

    /// What a message says, if it is about closing.
    ///
    /// # Errors
    /// When its fields do not fit, or the code is none that may be sent.
    pub(crate) fn read(message: &Message) -> Option<Result<Self, Error>> {
        (message.name() == NAME).then(|| {
            let CloseConnection { code, reason } = serde_json::from_value(message.to_value()?)?;
            let close = Close::new(CloseCode::try_from(code)?, reason);
            Ok(Self(Disconnect::new(close.code().get(), close.reason(), Cause::Remote)))
        })
    }

    pub(crate) fn ending(&self) -> Disconnect {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(message: serde_json::Value) -> Option<Result<RemoteClose, Error>> {
        RemoteClose::read(&Message::from_value(message).unwrap())
    }

    #[test]
    fn what_is_sent_is_read() {
        let close = Close::new(crate::close_code!(4403), "banned");
        let ending = RemoteClose::read(&RemoteClose::message(&close)).unwrap().unwrap().ending();
        assert_eq!((ending.code(), ending.reason(), ending.cause()), (4403, "banned", Cause::Remote));
    }

    #[test]
    fn what_django_sends_may_leave_out_fields() {
        let ending = read(json!({"type": "connection.close"})).unwrap().unwrap().ending();
        assert_eq!((ending.code(), ending.reason()), (1000, ""));
        assert!(read(json!({"type": "chat.close"})).is_none());
    }

    #[test]
    fn codes_that_never_travel_are_refused() {
        for code in [json!(1006), json!(1234), json!("4403"), json!(70000)] {
            assert!(read(json!({"type": "connection.close", "code": code})).unwrap().is_err(), "{code}");
        }
        assert!(read(json!({"type": "connection.close", "reason": 7})).unwrap().is_err());
    }

    #[test]
    fn a_long_reason_is_cut() {
        let reason = "x".repeat(500);
        let ending = read(json!({"type": "connection.close", "reason": reason})).unwrap().unwrap().ending();
        assert_eq!(ending.reason().len(), super::super::MAX_REASON);
    }
}
