//! What a layer tells consumers after its server was away.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::event::Event;

/// The channel layer's server was away and is back: what was sent to this connection meanwhile may be lost.
///
/// Every consumer of the process that has a handler for it gets it, once for each outage, when the process is a member of
/// its groups again: what a handler fetches now, and what comes from now on, is complete together. It is not sent through
/// the layer, and never by the memory layer, which is never away. With several servers, each tells for itself.
///
/// ```
/// use consumer_runtime::{LayerRestored, prelude::*};
///
/// #[event("chat.message")]
/// struct ChatMessage {
///     message: String,
/// }
///
/// #[consumer("/ws/chat/{room_name}/", group = "chat_{room_name}")]
/// struct Chat {
///     room_name: String,
/// }
///
/// #[consumer]
/// impl Chat {
///     #[event("chat.message")]
///     fn chat_message(event: &ChatMessage) -> String {
///         event.message.clone()
///     }
///
///     /// Shared, so that each client is told to fetch what it missed.
///     #[event("layer.restored")]
///     fn restored(event: &LayerRestored) -> &'static str {
///         "fetch again"
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "layer.restored")]
pub struct LayerRestored {
    /// Since when messages may be lost: when the server was last known to be there.
    pub lost_since: SystemTime,
    /// When it was there again.
    pub restored_at: SystemTime,
}

// By hand, since `#[event]` cannot say that this one is no help to who has a type that is no event.
#[diagnostic::do_not_recommend]
impl Event for LayerRestored {
    const NAME: &'static str = "layer.restored";
    type Answer = ();
}
