//! What generated code says about the types that go over the socket.

use std::marker::PhantomData;

pub use crate::{
    __known as known,
    schema::build::{Builder, Known},
};

use crate::event::Event;
#[cfg(feature = "schema")]
pub use crate::schema::describe::Describe;

/// The name of an event, and the empty one of any other type.
///
/// Path resolution picks the inherent constant for an event, and [`NoEvent`]'s for anything else.
#[derive(Debug)]
pub struct Wire<T>(PhantomData<fn() -> T>);

impl<T: Event> Wire<T> {
    /// Its name.
    pub const NAME: &'static str = T::NAME;
}

/// A type without a name of its own.
pub trait NoEvent {
    /// No name.
    const NAME: &'static str = "";
}

impl<T> NoEvent for Wire<T> {}

/// The description of a type that has one; picked as [`Wire`]'s name is.
#[cfg(feature = "schema")]
#[derive(Debug)]
pub struct Described<T>(PhantomData<fn() -> T>);

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> Described<T> {
    /// Its description.
    pub const DESCRIBE: Option<Describe> = Some(T::json_schema);
}

/// A type that does not describe itself, or does not in generic code.
#[cfg(feature = "schema")]
pub trait Undescribed {
    /// No description.
    const DESCRIBE: Option<Describe> = None;
}

#[cfg(feature = "schema")]
impl<T> Undescribed for Described<T> {}

/// What is known of a type where the macro stands.
#[cfg(feature = "schema")]
#[doc(hidden)]
#[macro_export]
macro_rules! __known {
    ($ty:ty) => {{
        use $crate::__private::schema::{NoEvent as _, Undescribed as _};
        $crate::__private::schema::Known {
            event: $crate::__private::schema::Wire::<$ty>::NAME,
            describe: $crate::__private::schema::Described::<$ty>::DESCRIBE,
        }
    }};
}

/// Nothing is known of any type, and nothing is compiled for it.
#[cfg(not(feature = "schema"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __known {
    ($ty:ty) => {
        $crate::__private::schema::Known::ANY
    };
}
