//! Whose a connection is, and for how long.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, SystemTime},
};

use tokio::time::Instant;

use super::{Connection, Waiting, heart::far_away};
use crate::{
    channels::fanout::Prepared,
    close::{Cause, CloseCode, Disconnect},
    event::Event,
    message::Message,
    session::SessionExpiring,
};

/// What was said about a connection's right to be there.
#[derive(Debug, Default)]
pub(super) struct Standing {
    lease: Option<Lease>,
    /// Whether anybody has said for how long it may stay, be it for ever.
    said: bool,
    /// Whose it is.
    user: Option<String>,
}

impl Standing {
    fn stays(&mut self, lease: Option<Lease>) {
        (self.lease, self.said) = (lease, true);
    }
}

/// Until when a connection may stay, and when its consumer is told that this ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lease {
    pub(super) until: Instant,
    /// When the consumer is told; `None` once it has been, or when there is no time to do anything.
    pub(super) notice: Option<Instant>,
}

impl Connection {
    /// It may stay for so long from now, whatever was said before.
    pub(crate) fn stay_for(&self, time: Duration) {
        let until = Instant::now() + far_away(time);
        // Told half way when there is less time than the notice takes, so that there is some left to act.
        let notice = self.settings.expiry_notice.min(time / 2);
        let lease = Lease { until, notice: (!time.is_zero()).then(|| until - notice) };
        self.state().standing.get_or_insert_default().stays(Some(lease));
        self.leased.store(true, Ordering::Release);
        // The task has to set another alarm.
        self.ring();
    }

    /// As [`stay_for`](Self::stay_for), until a time of day; what is past is over at once.
    pub(crate) fn stay_until(&self, end: SystemTime) {
        self.stay_for(end.duration_since(SystemTime::now()).unwrap_or_default());
    }

    /// It may stay as long as it likes.
    pub(crate) fn stay_forever(&self) {
        self.leased.store(false, Ordering::Release);
        self.state().standing.get_or_insert_default().stays(None);
    }

    /// Whose it is.
    pub(crate) fn user(&self) -> Option<String> {
        self.state().standing.as_ref()?.user.clone()
    }

    pub(crate) fn set_user(&self, user: Option<String>) {
        self.state().standing.get_or_insert_default().user = user;
    }

    /// Begins the time that `max_lifetime` allows, unless `#[connect]` has said another.
    pub(super) fn begin_lifetime(&self) {
        if let Some(most) = self.settings.max_lifetime
            && !self.state().standing.as_ref().is_some_and(|standing| standing.said)
        {
            self.stay_for(most);
        }
    }

    /// Until when it may stay, if that was ever said.
    pub(super) fn lease(&self) -> Option<Lease> {
        if self.leased.load(Ordering::Acquire) { self.state().standing.as_ref()?.lease } else { None }
    }

    /// Tells the consumer that its time ends, if it has a handler for that.
    pub(super) fn tell_expiring(self: &Arc<Self>) {
        let left = {
            let mut state = self.state();
            let Some(lease) = state.standing.as_mut().and_then(|standing| standing.lease.as_mut()) else { return };
            lease.notice = None;
            lease.until.saturating_duration_since(Instant::now())
        };
        let kind = self.kind();
        if !kind.handles(SessionExpiring::NAME) {
            return;
        }
        let event = SessionExpiring { expires_at: SystemTime::now() + left };
        // What was sent to its groups before must not be overtaken.
        self.catch_up();
        let expires = Instant::now() + left;
        let nudge = match kind.prepare(&Message::event(event), 1, &self.local) {
            // Told however much waits.
            Prepared::Event(event) => self.accept_notice(Waiting { event, owed: None }, expires),
            frame => frame.hand_to(self, None, expires).1,
        };
        self.give(nudge);
    }

    /// Its time is over.
    pub(super) fn expire(&self) {
        tracing::debug!(channel = %self.name, "the connection's time is over; closing with 4401");
        self.end(Disconnect::new(CloseCode::SESSION_EXPIRED.get(), "the session has expired", Cause::Expired));
    }
}
