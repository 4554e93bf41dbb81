//! Is the client still there: pings, pongs, and whether it takes what it is sent.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{Connection, lease::Lease};
use crate::settings::Settings;

/// What is known of the client's life.
#[derive(Debug)]
pub(super) struct Heart {
    heard: Instant,
    /// When the ping was sent that is not answered yet.
    pinged: Option<Instant>,
    /// When the task is woken to look again.
    alarm: Option<Instant>,
}

/// What the clock says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beat {
    /// All is well.
    Well,
    /// Time for a ping.
    Ping,
    /// A deadline has passed: the client has not done this.
    Dead(&'static str),
    /// Time to tell the consumer that its time ends.
    Expiring,
    /// Its time is over.
    Expired,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Deadline {
    Ping,
    Pong,
    Send,
    Notice,
    Stay,
}

impl Heart {
    pub(super) fn new() -> Self {
        Self { heard: Instant::now(), pinged: None, alarm: None }
    }

    /// Something came from the client.
    pub(super) fn hear(&mut self) {
        self.heard = Instant::now();
        self.pinged = None;
    }

    /// The alarm has rung, so the clock must be looked at.
    pub(super) fn rang(&mut self) {
        self.alarm = None;
    }

    /// Looks at the clock, unless no deadline can have passed, and sets the alarm for the next one.
    ///
    /// An alarm that rings early only leads to another look, so a deadline that moves away costs nothing.
    pub(super) fn beat(&mut self, connection: &Arc<Connection>, listens: bool, stuck: Option<Instant>) -> Beat {
        let lease = if connection.is_over() { None } else { connection.lease() };
        let Some((at, what)) = self.next(connection.settings(), listens, stuck, lease) else { return Beat::Well };
        if self.alarm.is_some_and(|alarm| alarm <= at) {
            return Beat::Well;
        }
        let now = Instant::now();
        if at <= now {
            return match what {
                Deadline::Ping => {
                    self.pinged = Some(now);
                    Beat::Ping
                }
                Deadline::Pong => Beat::Dead("answered no ping within `pong_timeout`"),
                Deadline::Send => Beat::Dead("took nothing within `send_timeout`"),
                Deadline::Notice => Beat::Expiring,
                Deadline::Stay => Beat::Expired,
            };
        }
        self.cancel(connection);
        connection.local().alarms().set(connection, at);
        self.alarm = Some(at);
        Beat::Well
    }

    /// Sets no alarm any more.
    pub(super) fn cancel(&mut self, connection: &Connection) {
        if let Some(alarm) = self.alarm.take() {
            connection.local().alarms().cancel(connection, alarm);
        }
    }

    fn next(
        &self,
        settings: &Settings,
        listens: bool,
        stuck: Option<Instant>,
        lease: Option<Lease>,
    ) -> Option<(Instant, Deadline)> {
        // Also after the client's last word: a handler may still wait for it to take something.
        let send = stuck.map(|since| (since + far_away(settings.send_timeout), Deadline::Send));
        // While the consumer is slow and reading has stopped, a pong may be there unread.
        let heart = (listens && !settings.ping_interval.is_zero()).then(|| match self.pinged {
            Some(since) => (since + far_away(settings.pong_timeout), Deadline::Pong),
            None => (self.heard + far_away(settings.ping_interval), Deadline::Ping),
        });
        let stay = lease.map(|Lease { until, notice }| match notice {
            Some(notice) => (notice, Deadline::Notice),
            None => (until, Deadline::Stay),
        });
        send.into_iter().chain(heart).chain(stay).min_by_key(|(at, _)| *at)
    }
}

/// When nobody waits any more.
pub(super) fn far_from_now() -> Instant {
    Instant::now() + far_away(Duration::MAX)
}

/// A duration that an instant can take.
pub(super) fn far_away(duration: Duration) -> Duration {
    duration.min(Duration::from_secs(60 * 60 * 24 * 365))
}
