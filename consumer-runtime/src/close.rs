//! Close codes and reasons as types, and what a consumer hears at the end.

mod remote;

pub(crate) use remote::RemoteClose;

use std::fmt;

use serde::Serialize;

/// A close code that may be sent: 1000–1003, 1007–1014 or 3000–4999.
///
/// 1004, 1005, 1006 and 1015 never travel in a frame (RFC 6455 §7.4.1), and all other codes below 3000 are reserved
/// (§7.4.2), so a value of this type cannot hold them. [`close_code!`](crate::close_code) checks a literal while the
/// program compiles; `TryFrom<u16>` checks a number while it runs.
///
/// ```
/// use consumer_runtime::{CloseCode, close_code};
///
/// const ROOM_FULL: CloseCode = close_code!(4001);
/// assert_eq!(ROOM_FULL.get(), 4001);
/// assert!(CloseCode::try_from(1006).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CloseCode(u16);

impl CloseCode {
    /// 1000, the purpose of the connection is fulfilled.
    pub const NORMAL: Self = Self(1000);
    /// 1001, the server goes away.
    pub const GOING_AWAY: Self = Self(1001);
    /// 1002, the peer broke the protocol.
    pub const PROTOCOL_ERROR: Self = Self(1002);
    /// 1003, a kind of data that this endpoint does not take.
    pub const UNSUPPORTED_DATA: Self = Self(1003);
    /// 1007, data that does not fit the kind of message, such as text that is not UTF-8.
    pub const INVALID_PAYLOAD: Self = Self(1007);
    /// 1008, a message that breaks a policy.
    pub const POLICY_VIOLATION: Self = Self(1008);
    /// 1009, a message over the limit.
    pub const TOO_BIG: Self = Self(1009);
    /// 1011, the server met a condition that it did not expect.
    pub const INTERNAL_ERROR: Self = Self(1011);
    /// 1012, the server restarts; come back later.
    pub const RESTARTING: Self = Self(1012);
    /// 1013, the server cannot keep up with this client now; come back later.
    pub const TRY_AGAIN_LATER: Self = Self(1013);
    /// 4401, the connection's time is over ([`Context::stay_for`](crate::Context::stay_for)); authenticate again and come
    /// back.
    pub const SESSION_EXPIRED: Self = Self(4401);

    /// The number on the wire.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Why `code` may not be sent, or `None` when it may.
    const fn objection(code: u16) -> Option<&'static str> {
        match code {
            1000..=1003 | 1007..=1014 | 3000..=4999 => None,
            1004 | 1005 | 1006 | 1015 => Some(
                "this close code stands for an end without a close frame, so it is never sent; use 4000 to 4999 for your own",
            ),
            0..=999 => Some("close codes below 1000 do not exist; use 4000 to 4999 for your own"),
            1016..=2999 => Some("close codes up to 2999 belong to the protocol; use 4000 to 4999 for your own"),
            _ => Some("close codes end at 4999; use 4000 to 4999 for your own"),
        }
    }

    /// The body of [`close_code!`](crate::close_code).
    #[doc(hidden)]
    #[track_caller]
    pub const fn literal(code: u16) -> Self {
        match Self::objection(code) {
            None => Self(code),
            Some(why) => panic!("{}", why),
        }
    }
}

impl TryFrom<u16> for CloseCode {
    type Error = InvalidCloseCode;

    fn try_from(code: u16) -> Result<Self, InvalidCloseCode> {
        match Self::objection(code) {
            None => Ok(Self(code)),
            Some(why) => Err(InvalidCloseCode { code, why }),
        }
    }
}

impl From<CloseCode> for u16 {
    fn from(code: CloseCode) -> Self {
        code.0
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A close code that is known to be one that may be sent: a [`CloseCode`].
///
/// A trait, so that a bare number is told what to write instead; nothing else implements it.
#[diagnostic::on_unimplemented(
    message = "a close code is a `CloseCode`, not `{Self}`",
    label = "not known to be a code that may be sent",
    note = "write `close_code!(4001)` for a number in the source, and `CloseCode::try_from(number)?` for any other"
)]
pub trait CheckedCode: sealed::Sealed {
    #[doc(hidden)]
    fn checked(self) -> CloseCode;
}

impl CheckedCode for CloseCode {
    fn checked(self) -> CloseCode {
        self
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for super::CloseCode {}
}

/// A number that may not be sent as a close code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidCloseCode {
    code: u16,
    why: &'static str,
}

impl fmt::Display for InvalidCloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.why)
    }
}

impl std::error::Error for InvalidCloseCode {}

/// A [`CloseCode`] from a literal, checked while the program compiles.
///
/// ```
/// use consumer_runtime::close_code;
///
/// assert_eq!(close_code!(4001).get(), 4001);
/// ```
///
/// ```compile_fail
/// use consumer_runtime::close_code;
///
/// close_code!(1234); // belongs to the protocol
/// ```
#[macro_export]
macro_rules! close_code {
    ($code:expr) => {{
        const CODE: $crate::CloseCode = $crate::CloseCode::literal($code);
        CODE
    }};
}

/// The longest reason in bytes: a control frame carries 125, two of them the code (RFC 6455 §5.5).
pub const MAX_REASON: usize = 123;

/// An error that closes the connection with a code and a reason.
///
/// Any handler that returns it ends its own connection; `#[connect]` that returns it accepts and then closes, which is
/// the only way to tell a browser a code.
///
/// ```
/// use consumer_runtime::{Close, close_code};
///
/// fn check(members: usize) -> consumer_runtime::Result {
///     if members >= 50 {
///         return Err(Close::new(close_code!(4001), "the room is full").into());
///     }
///     Ok(())
/// }
/// assert!(check(50).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    code: CloseCode,
    reason: String,
}

impl Close {
    /// Closes with `code` and `reason`; a reason over [`MAX_REASON`] bytes is cut at a character.
    ///
    /// The code is a [`CloseCode`]; a bare number is refused, since it might be one that is never sent.
    pub fn new(code: impl CheckedCode, reason: impl Into<String>) -> Self {
        let code = code.checked();
        let mut reason = reason.into();
        reason.truncate(reason.floor_char_boundary(MAX_REASON));
        Self { code, reason }
    }

    /// The code.
    pub fn code(&self) -> CloseCode {
        self.code
    }

    /// The reason, empty when there is none.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Close {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "close {} {:?}", self.code, self.reason)
    }
}

impl std::error::Error for Close {}

/// What ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cause {
    /// The client sent a close frame.
    Client,
    /// A handler closed it, by [`Context::close`](crate::Context::close) or by returning [`Close`].
    Consumer,
    /// Somebody else closed it, from this process or another: [`Group::disconnect`](crate::Group::disconnect),
    /// [`ChannelRef::disconnect`](crate::ChannelRef::disconnect), [`UserRef::disconnect`](crate::UserRef::disconnect).
    Remote,
    /// Its time was over ([`Context::stay_for`](crate::Context::stay_for)).
    Expired,
    /// The line went away without a close frame, or the upgrade never completed.
    Lost,
    /// The client broke the protocol or a limit.
    Protocol,
    /// The client did not answer a ping, or did not take what was sent, in time.
    Timeout,
    /// The client read too slowly and its outgoing queue was full.
    Overflow,
    /// A handler panicked.
    Panic,
    /// `#[connect]` refused after the consumer was built.
    Refused,
    /// The server is being drained.
    Shutdown,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Client => "the client closed",
            Self::Consumer => "a handler closed",
            Self::Remote => "closed from elsewhere",
            Self::Expired => "its time was over",
            Self::Lost => "the line was lost",
            Self::Protocol => "the client broke a rule",
            Self::Timeout => "the client was silent for too long",
            Self::Overflow => "the client read too slowly",
            Self::Panic => "a handler panicked",
            Self::Refused => "refused",
            Self::Shutdown => "the server ends",
        })
    }
}

/// What a `#[disconnect]` handler is told.
///
/// The code is the one that ended the connection: the client's, or the one that was sent to it. It is 1005 when the
/// client's close frame had none, and 1006 when there was no close frame at all (ASGI specification, WebSocket
/// disconnect).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Disconnect {
    code: u16,
    reason: String,
    cause: Cause,
}

impl Disconnect {
    pub(crate) fn new(code: u16, reason: impl Into<String>, cause: Cause) -> Self {
        Self { code, reason: reason.into(), cause }
    }

    pub(crate) fn lost() -> Self {
        Self::new(1006, "", Cause::Lost)
    }

    /// The code, 1005 and 1006 included.
    pub fn code(&self) -> u16 {
        self.code
    }

    /// The reason, empty when there was none.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Who or what ended it.
    pub fn cause(&self) -> Cause {
        self.cause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_never_travel_are_refused() {
        for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1234, 2999, 5000, u16::MAX] {
            assert!(CloseCode::try_from(code).is_err(), "{code}");
        }
        for code in [1000, 1003, 1007, 1014, 3000, 4999] {
            assert_eq!(CloseCode::try_from(code).unwrap().get(), code);
        }
    }

    #[test]
    fn a_long_reason_is_cut_at_a_character() {
        let close = Close::new(CloseCode::NORMAL, "é".repeat(100));
        assert_eq!(close.reason().len(), 122);
    }
}
