//! What an inspector is shown that nobody else needs to remember; nothing without the feature `inspector`.

#[cfg(not(feature = "inspector"))]
mod nothing;
#[cfg(feature = "inspector")]
mod seen;
#[cfg(feature = "inspector")]
mod tail;

#[cfg(not(feature = "inspector"))]
pub(crate) use nothing::{Inspected, Seen};
#[cfg(feature = "inspector")]
pub(crate) use seen::Seen;
#[cfg(feature = "inspector")]
pub(crate) use tail::Inspected;
