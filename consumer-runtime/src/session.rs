//! Whose a connection is, and for how long.

mod connecting;
mod expiring;
mod users;

pub use connecting::Connecting;
pub use expiring::SessionExpiring;
pub use users::UserRef;
pub(crate) use users::{log_in, log_out};
