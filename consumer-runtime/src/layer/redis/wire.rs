//! The bytes that channels_redis 4.3 writes and reads, without any I/O.
//!
//! What is said here was read off channels_redis itself: its keys, its ring of hosts, and the way of a message through a
//! serializer, encryption and a random prefix. Vectors that it has made are in `wire/golden.json`.

mod body;
mod format;
mod keys;
mod ring;
mod seal;

#[cfg(test)]
mod tests;

pub use self::format::Format;
pub(super) use self::{
    body::{Addressed, Body, To},
    keys::{ALIVE, CoreKeys, PubSubKeys},
    ring::Ring,
    seal::Keys,
};
