//! Counters: every drop has one.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The live counters of one process.
        #[derive(Debug, Default)]
        pub struct Counters {
            $($name: AtomicU64,)*
        }

        /// What was counted so far.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
        #[non_exhaustive]
        pub struct Counts {
            $($(#[$doc])* pub $name: u64,)*
        }

        #[cfg(feature = "metrics")]
        impl Counts {
            /// Adds what was counted elsewhere.
            pub(crate) fn add(&mut self, other: &Self) {
                $(self.$name += other.$name;)*
            }
        }

        impl Counters {
            /// The counts now.
            pub fn snapshot(&self) -> Counts {
                Counts { $($name: self.$name.load(Ordering::Relaxed),)* }
            }
        }
    };
}

counters! {
    /// Connections that were accepted.
    accepted,
    /// Connections that were refused before the upgrade, or right after it since they were built for another
    /// [`schema`](crate::schema).
    refused,
    /// Connections that were refused since too many others were connecting
    /// ([`max_handshakes`](crate::Settings::max_handshakes)); they are among the [`refused`](Self::refused).
    put_off,
    /// Connections that ended; [`accepted`](Self::accepted) less this is how many are open.
    ended,
    /// Events that reached a handler, or a shared handler's frame its queue.
    delivered,
    /// Messages that were dropped since a channel held as many as it may.
    channel_full,
    /// Messages that were dropped since they waited for longer than the expiry.
    expired,
    /// Messages to a connection that had ended, or that waited for it when it did.
    gone,
    /// Messages that a member has no handler for.
    unhandled,
    /// Messages that do not fit the handler's payload.
    undecodable,
    /// Messages from other processes that cannot be read at all.
    unreadable,
    /// How often the layer's server was away and came back; what was sent meanwhile is lost.
    layer_outages,
    /// Frames that were dropped since a client read too slowly, or was gone before it had read them.
    outgoing_dropped,
    /// Frames whose place in a queue was taken by a newer one of the same key
    /// ([`Overflow::KeepLatest`](crate::Overflow::KeepLatest)).
    superseded,
    /// Frames that were compressed; one to a group counts once for each size of window that its members agreed on.
    compressed,
    /// Event handlers that returned an error.
    failed_events,
    /// Client frames that were answered with an error, or ignored.
    failed_frames,
    /// Client frames whose handler took longer than [`reply_timeout`](crate::Settings::reply_timeout); they are among
    /// the [`failed_frames`](Self::failed_frames).
    timed_out,
    /// Handlers of client frames that were dropped since the client that waited for their value was gone.
    abandoned,
    /// Messages that a worker has handled.
    work_handled,
    /// Attempts of workers that returned an error or panicked.
    work_failed,
    /// Attempts of workers that are to be made again.
    work_retried,
    /// Messages of acknowledged channels that became dead letters.
    work_dead,
    /// Messages of workers that were given up at the end, since their handlers took too long; those of an acknowledged
    /// channel are another worker's then.
    work_given_up,
    /// Handlers that panicked, and payloads that did while they were read.
    panics,
}

#[cfg(any(feature = "inspector", feature = "metrics"))]
impl Counts {
    /// What was dropped, by the word for its reason.
    pub(crate) fn dropped(&self) -> [(&'static str, u64); 8] {
        [
            ("channel_full", self.channel_full),
            ("expired", self.expired),
            ("gone", self.gone),
            ("unhandled", self.unhandled),
            ("undecodable", self.undecodable),
            ("unreadable", self.unreadable),
            ("slow_client", self.outgoing_dropped),
            ("superseded", self.superseded),
        ]
    }
}

fn add(counter: &AtomicU64, n: usize) {
    counter.fetch_add(n as u64, Ordering::Relaxed);
}

impl Counters {
    pub(crate) fn accepted(&self) {
        add(&self.accepted, 1);
    }

    pub(crate) fn refused(&self) {
        add(&self.refused, 1);
    }

    pub(crate) fn put_off(&self) {
        add(&self.put_off, 1);
    }

    pub(crate) fn ended(&self) {
        add(&self.ended, 1);
    }

    pub(crate) fn delivered(&self, n: usize) {
        add(&self.delivered, n);
    }

    pub(crate) fn channel_full(&self) {
        add(&self.channel_full, 1);
    }

    pub(crate) fn expired(&self, n: usize) {
        add(&self.expired, n);
    }

    pub(crate) fn gone(&self, n: usize) {
        add(&self.gone, n);
    }

    pub(crate) fn unhandled(&self, n: usize) {
        add(&self.unhandled, n);
    }

    pub(crate) fn undecodable(&self, n: usize) {
        add(&self.undecodable, n);
    }

    pub(crate) fn unreadable(&self) {
        add(&self.unreadable, 1);
    }

    pub(crate) fn layer_outage(&self) {
        add(&self.layer_outages, 1);
    }

    pub(crate) fn outgoing_dropped(&self, n: usize) {
        add(&self.outgoing_dropped, n);
    }

    pub(crate) fn superseded(&self) {
        add(&self.superseded, 1);
    }

    #[cfg(feature = "deflate")]
    pub(crate) fn compressed(&self) {
        add(&self.compressed, 1);
    }

    pub(crate) fn failed_event(&self) {
        add(&self.failed_events, 1);
    }

    pub(crate) fn failed_frame(&self) {
        add(&self.failed_frames, 1);
    }

    pub(crate) fn timed_out(&self) {
        add(&self.timed_out, 1);
    }

    pub(crate) fn abandoned(&self) {
        add(&self.abandoned, 1);
    }

    pub(crate) fn work_handled(&self) {
        add(&self.work_handled, 1);
    }

    pub(crate) fn work_failed(&self) {
        add(&self.work_failed, 1);
    }

    pub(crate) fn work_retried(&self) {
        add(&self.work_retried, 1);
    }

    pub(crate) fn work_dead(&self) {
        add(&self.work_dead, 1);
    }

    pub(crate) fn work_given_up(&self) {
        add(&self.work_given_up, 1);
    }

    pub(crate) fn panicked(&self) {
        add(&self.panics, 1);
    }
}
