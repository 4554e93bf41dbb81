//! What may change in a connection, under its lock.

use std::task::Waker;

use tokio::time::Instant;

use super::{
    accept::Accept, compression, inbox::Inbox, lease::Standing, outgoing::Outgoing, questions::Questions, spare::Spare,
    turn::Turn, writer::Way,
};
use crate::close::Disconnect;

/// What a connection's lock guards.
pub(super) struct State {
    pub(super) turn: Turn,
    pub(super) inbox: Inbox,
    pub(super) outgoing: Outgoing,
    pub(super) way: Way,
    /// What compressed messages refer to, if they do; taken by who is writing.
    pub(super) context: compression::Kept,
    /// Since when the socket takes nothing.
    pub(super) stuck: Option<Box<Instant>>,
    /// Whether the alarm has rung since the task last looked.
    pub(super) rang: bool,
    /// Wakes the task; set by the task alone.
    pub(super) waker: Option<Waker>,
    /// What the response will say; `None` once the connection is accepted.
    pub(super) accept: Option<Box<Accept>>,
    /// The subprotocol that was agreed on.
    #[expect(clippy::box_collection, reason = "most connections have none")]
    pub(super) subprotocol: Option<Box<String>>,
    /// Set once, by the first who ends the connection.
    pub(super) ending: Option<Box<Disconnect>>,
    /// Whether the socket takes nothing any more, before the end comes in its turn.
    pub(super) cut_off: bool,
    /// Whether the task has not seen yet that the line was cut off.
    pub(super) cut_unseen: bool,
    /// Whether the client's side is over, so that no reply can come.
    pub(super) no_replies: bool,
    /// Handlers and others that wait for room in the outgoing queue.
    pub(super) waiting_for_room: Spare<Waker>,
    /// Whose it is and for how long, if that was ever said.
    pub(super) standing: Option<Box<Standing>>,
    /// What the client was asked; `None` before the first question.
    pub(super) questions: Option<Box<Questions>>,
}

impl State {
    pub(super) fn new(offered: Vec<String>, subprotocol: Option<&str>) -> Self {
        Self {
            turn: Turn::default(),
            inbox: Inbox::new(),
            outgoing: Outgoing::default(),
            way: Way::Closed,
            context: Default::default(),
            stuck: None,
            rang: false,
            waker: None,
            accept: Some(Box::new(Accept::new(offered))),
            subprotocol: subprotocol.map(|name| Box::new(name.to_owned())),
            ending: None,
            cut_off: false,
            cut_unseen: false,
            no_replies: false,
            waiting_for_room: Spare::default(),
            standing: None,
            questions: None,
        }
    }

    /// Who waits for room looks again.
    pub(super) fn wake_waiting(&mut self) {
        while let Some(waker) = self.waiting_for_room.pop_front() {
            waker.wake();
        }
        self.waiting_for_room.rest();
    }
}
