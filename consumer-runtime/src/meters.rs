//! What is measured where it happens, for the `metrics` facade.
//!
//! Counts are this process's own until somebody asks for them (`publish`), so that counting needs no allocation and no look into
//! a recorder. Without the feature `metrics` all of this is empty, and so is what calls it.

#[cfg(feature = "metrics")]
mod labelled;
#[cfg(not(feature = "metrics"))]
#[path = "meters/no_labelled.rs"]
mod labelled;
#[cfg(feature = "metrics")]
mod publish;
#[cfg(any(feature = "inspector", feature = "metrics"))]
mod traffic;
#[cfg(not(any(feature = "inspector", feature = "metrics")))]
#[path = "meters/no_traffic.rs"]
mod traffic;

pub(crate) use labelled::{Meters, Timer};
pub(crate) use traffic::Traffic;

/// What became of something that a handler was to handle; the label `outcome`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Its handler returned.
    Handled,
    /// Its handler answered with an error that is made for the client.
    Answered,
    /// Its handler failed.
    Failed,
    /// Its handler closed the connection, or found it closed.
    Closed,
    /// Its handler panicked.
    Panicked,
    /// It fits no handler.
    Unfit,
    /// Its handler took longer than `reply_timeout`.
    TimedOut,
    /// Its handler was dropped, since the client that waited for its value was gone.
    Abandoned,
}

impl Outcome {
    #[cfg(feature = "metrics")]
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Handled => "handled",
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::Closed => "closed",
            Self::Panicked => "panicked",
            Self::Unfit => "unfit",
            Self::TimedOut => "timed_out",
            Self::Abandoned => "abandoned",
        }
    }
}
