//! A message as bytes on their way to another process, without any I/O: what the layers that leave the process share.

mod body;
mod format;
mod seal;

#[cfg(feature = "redis")]
pub(super) use self::body::{Addressed, Prepared, To};
pub use self::format::Format;
#[cfg(all(test, feature = "redis"))]
pub(super) use self::seal::fernet_key;
pub(super) use self::{body::Body, seal::Keys};
