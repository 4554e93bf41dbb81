//! The bytes that channels_redis 4.3 writes and reads, without any I/O.
//!
//! What is said here was read off channels_redis itself: its keys, its ring of hosts, and the way of a message through a
//! serializer, encryption and a random prefix. Vectors that it has made are in `wire/golden.json`.

mod keys;
mod ring;

#[cfg(test)]
mod tests;

pub(super) use self::{
    keys::{ALIVE, CoreKeys, PubSubKeys},
    ring::Ring,
};
pub(super) use crate::layer::wire::{Addressed, Body, Format, Keys, Prepared, To};
