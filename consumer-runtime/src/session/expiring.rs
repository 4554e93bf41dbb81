//! What a consumer is told before its connection's time is over.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::event::Event;

/// The connection's time is over soon, unless a handler says [`stay_for`](crate::Context::stay_for) again.
///
/// A consumer that has a handler for it gets it [`expiry_notice`](crate::Settings::expiry_notice) before the end, or half
/// way when the time is shorter than twice that. It is the place to look again whether the client may stay, or to ask it
/// for a new token. Without a new time the connection is closed with 4401
/// ([`CloseCode::SESSION_EXPIRED`](crate::CloseCode::SESSION_EXPIRED)).
///
/// ```
/// use std::time::Duration;
/// use consumer_runtime::{SessionExpiring, prelude::*};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize)]
/// #[serde(tag = "type", rename = "token.wanted")]
/// struct TokenWanted {}
///
/// #[derive(Deserialize)]
/// struct Token {
///     token: String,
/// }
///
/// # fn is_good(_: &str) -> bool { true }
/// #[consumer("/ws/feed/", sends(TokenWanted))]
/// struct Feed {}
///
/// #[consumer]
/// impl Feed {
///     #[connect]
///     async fn connect(&mut self, context: &mut Context<Self>) -> Result<(), Refusal> {
///         context.stay_for(Duration::from_secs(15 * 60));
///         Ok(())
///     }
///
///     /// The client is asked for a new token, in place.
///     #[event("session.expiring")]
///     async fn expiring(&mut self, event: &SessionExpiring, context: &mut Context<Self>) -> Result {
///         context.send(&TokenWanted {}).await
///     }
///
///     #[receive("token")]
///     async fn token(&mut self, token: Token, context: &mut Context<Self>) -> Result {
///         if is_good(&token.token) {
///             context.stay_for(Duration::from_secs(15 * 60));
///         }
///         Ok(())
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "session.expiring")]
pub struct SessionExpiring {
    /// When the connection is closed.
    pub expires_at: SystemTime,
}

// By hand, since `#[event]` cannot say that this one is no help to who has a type that is no event.
#[diagnostic::do_not_recommend]
impl Event for SessionExpiring {
    const NAME: &'static str = "session.expiring";
    type Answer = ();
}
