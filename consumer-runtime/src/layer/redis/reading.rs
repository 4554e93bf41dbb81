//! What is stored or published, read and written as the layers do; for the fuzzers, which see no server.

use super::{
    options::RedisOptions,
    wire::{Addressed, To},
};
use crate::message::{Message, MessageError};

/// A message, and the channels that it says it is for: one, or a list.
#[derive(Clone, Debug)]
pub struct Read {
    pub message: Message,
    pub to: Option<Vec<String>>,
    is_list: bool,
}

/// Reads what `RedisLayer` stores.
///
/// # Errors
/// [`MessageError`] says what is wrong with it.
pub fn read(options: &RedisOptions, stored: &[u8]) -> Result<Read, MessageError> {
    let Addressed { message, to } = options.stored().read(stored)?;
    let is_list = matches!(to, Some(To::Many(_)));
    Ok(Read { message, to: to.map(|to| to.names().to_vec()), is_list })
}

/// Writes it again.
///
/// # Errors
/// Those of the message's own `Serialize`.
pub fn write(options: &RedisOptions, read: &Read) -> Result<Vec<u8>, crate::Error> {
    let to = read.to.clone().map(|mut names| match names.pop() {
        Some(name) if !read.is_list => To::One(name),
        last => To::Many(names.into_iter().chain(last).collect()),
    });
    Ok(options.stored().write(&read.message, to.as_ref())?)
}
