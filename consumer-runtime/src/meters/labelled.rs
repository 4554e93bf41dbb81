//! Counts and times by consumer, event and outcome.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use metrics::Histogram;

use super::Outcome;
use crate::{
    close::{Cause, Disconnect},
    decode::{Tagged, fold},
};

/// Of what a count is. All texts are the program's own, so that their number is bounded whatever clients send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Labels {
    Event { consumer: &'static str, event: &'static str, outcome: Outcome },
    Frame { consumer: &'static str, event: &'static str, outcome: Outcome },
    Handshake { consumer: &'static str, code: u16 },
    Closed { consumer: &'static str, code: Option<u16>, cause: &'static str },
}

/// The counts of one process; each is added once and stays.
#[derive(Default)]
pub(crate) struct Meters {
    counts: RwLock<HashMap<Labels, AtomicU64>>,
    /// The recorder's, kept so that a handler's time is recorded without looking for where.
    times: RwLock<HashMap<(&'static str, &'static str), Histogram>>,
    /// The lag of the layer when it was measured last, in nanoseconds; 0 when it never was.
    lag: AtomicU64,
}

impl fmt::Debug for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meters").field("counts", &self.counts).finish_non_exhaustive()
    }
}

impl Meters {
    fn add(&self, labels: Labels, n: usize) {
        let n = n as u64;
        if let Some(count) = self.counts.read().unwrap_or_else(PoisonError::into_inner).get(&labels) {
            count.fetch_add(n, Ordering::Relaxed);
            return;
        }
        let mut counts = self.counts.write().unwrap_or_else(PoisonError::into_inner);
        counts.entry(labels).or_default().fetch_add(n, Ordering::Relaxed);
    }

    /// An event, for so many connections.
    pub(crate) fn event(&self, consumer: &'static str, event: &'static str, outcome: Outcome, connections: usize) {
        self.add(Labels::Event { consumer, event, outcome }, connections);
    }

    /// An event that does not fit a handler of a consumer with the events `E`.
    pub(crate) fn misfit<E: Tagged>(&self, consumer: &'static str, name: &str, connections: usize) {
        // The declared name, since the one that came may be spelled otherwise, or be anything.
        let declared = E::NAMES.iter().copied().find(|declared| fold(declared) == fold(name));
        self.event(consumer, declared.unwrap_or("unknown"), Outcome::Unfit, connections);
    }

    /// A frame of a client.
    pub(crate) fn frame(&self, consumer: &'static str, event: &'static str, outcome: Outcome) {
        self.add(Labels::Frame { consumer, event, outcome }, 1);
    }

    /// The answer to a request at a consumer's path.
    pub(crate) fn handshake(&self, consumer: &'static str, code: u16) {
        self.add(Labels::Handshake { consumer, code }, 1);
    }

    /// The end of a connection.
    pub(crate) fn closed(&self, consumer: &'static str, ending: impl FnOnce() -> Disconnect) {
        let ending = ending();
        let (code, cause) = (ending.code(), cause(ending.cause()));
        // Clients, and whatever else sends to the layer, may choose among thousands.
        let is_known = !matches!(ending.cause(), Cause::Client | Cause::Remote) || code < 1016;
        self.add(Labels::Closed { consumer, code: is_known.then_some(code), cause }, 1);
    }

    /// How long a message takes through the layer.
    pub(crate) fn lag(&self, lag: Duration) {
        self.lag.store(u64::try_from(lag.as_nanos()).unwrap_or(u64::MAX).max(1), Ordering::Relaxed);
    }

    /// How long that was when it was measured last.
    pub(super) fn last_lag(&self) -> Option<Duration> {
        match self.lag.load(Ordering::Relaxed) {
            0 => None,
            nanoseconds => Some(Duration::from_nanos(nanoseconds)),
        }
    }

    /// Adds these counts to `sums`.
    pub(super) fn add_to(&self, sums: &mut BTreeMap<Labels, u64>) {
        for (labels, count) in self.counts.read().unwrap_or_else(PoisonError::into_inner).iter() {
            *sums.entry(*labels).or_default() += count.load(Ordering::Relaxed);
        }
    }

    /// Looks for the recorder anew, which may have been installed after the first handler has run.
    pub(super) fn forget_recorder(&self) {
        self.times.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn time(&self, consumer: &'static str, event: &'static str, seconds: f64) {
        if let Some(times) = self.times.read().unwrap_or_else(PoisonError::into_inner).get(&(consumer, event)) {
            return times.record(seconds);
        }
        let times = metrics::histogram!("consumer_handler_seconds", "consumer" => consumer, "event" => event);
        times.record(seconds);
        self.times.write().unwrap_or_else(PoisonError::into_inner).insert((consumer, event), times);
    }
}

/// How long a handler takes.
#[derive(Debug)]
pub(crate) struct Timer(Instant);

impl Timer {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn stop(self, meters: &Meters, consumer: &'static str, event: &'static str) {
        meters.time(consumer, event, self.0.elapsed().as_secs_f64());
    }
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Client => "client",
        Cause::Consumer => "consumer",
        Cause::Remote => "remote",
        Cause::Expired => "expired",
        Cause::Lost => "lost",
        Cause::Protocol => "protocol",
        Cause::Timeout => "timeout",
        Cause::Overflow => "overflow",
        Cause::Panic => "panic",
        Cause::Refused => "refused",
        Cause::Shutdown => "shutdown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_labels_is_bounded_whatever_clients_do() {
        let meters = Meters::default();
        for code in [1000, 1001, 3000, 4001, 4002] {
            meters.closed("Chat", || Disconnect::new(code, "", Cause::Client));
        }
        meters.closed("Chat", || Disconnect::new(4001, "", Cause::Consumer));
        let mut sums = BTreeMap::new();
        meters.add_to(&mut sums);
        meters.add_to(&mut sums);
        let closed = |code, cause| sums.get(&Labels::Closed { consumer: "Chat", code, cause });
        assert_eq!((closed(None, "client"), closed(Some(1000), "client")), (Some(&6), Some(&2)));
        assert_eq!((closed(Some(4001), "consumer"), sums.len()), (Some(&2), 4));
    }
}
