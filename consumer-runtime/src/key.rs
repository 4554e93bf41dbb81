//! What a frame is about, as a number: frames of one key take each other's place in a queue.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hash},
    num::NonZeroU64,
    sync::LazyLock,
};

/// A key as a queue compares it.
///
/// Equal keys have equal numbers in this process and no other. Unequal ones have too, once in 2⁶⁴ pairs; which ones do is
/// nothing that a client can work out.
pub type Key = NonZeroU64;

/// Seeded anew by each process, so that nobody can choose two symbols that are taken for one.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// The key of `about` among everything that has the same `name`.
pub(crate) fn key_of(name: &str, about: impl Hash) -> Key {
    Key::new(HASHER.hash_one((name, about))).unwrap_or(Key::MAX)
}

/// A field that says what an event is about.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` can't be an event's `key`; it needs `Hash`",
    label = "not hashed",
    note = "name a field with a type like `String` or `u32`, or derive `Hash` for this one"
)]
pub trait KeyField {
    /// The key of an event called `name`.
    fn key(&self, name: &str) -> Option<Key>;
}

#[diagnostic::do_not_recommend]
impl<T: Hash + ?Sized> KeyField for T {
    fn key(&self, name: &str) -> Option<Key> {
        Some(key_of(name, self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_equal_has_one_key() {
        assert_eq!(key_of("price.moved", "ABC"), key_of("price.moved", String::from("ABC")));
        assert_eq!("ABC".key("price.moved"), Some(key_of("price.moved", "ABC")));
        assert_ne!(key_of("price.moved", "ABC"), key_of("price.moved", "ABD"));
        assert_ne!(key_of("price.moved", "ABC"), key_of("price.closed", "ABC"));
    }
}
