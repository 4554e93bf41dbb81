//! What generated code says about the types that go over the socket.

use std::{any::TypeId, marker::PhantomData};

pub use crate::{
    __docs as docs, __fails as fails, __known as known, __sent as sent,
    schema::listing::{Builder, ErrorCodes, Fails, Known},
};

#[cfg(feature = "schema")]
pub use crate::schema::describe::Describe;
use crate::{event::Event, reply_error::ReplyError};

/// The name of an event, and the empty one of any other type.
///
/// Path resolution picks the inherent constants for an event, and [`NoEvent`]'s for anything else.
#[derive(Debug)]
pub struct Wire<T: ?Sized>(PhantomData<T>);

impl<T: Event> Wire<T> {
    /// Its name.
    pub const NAME: &'static str = T::NAME;
    /// Whether it has an answer, so that a client may be asked it.
    pub const ASKS: fn() -> bool = || TypeId::of::<T::Answer>() != TypeId::of::<()>();
}

#[cfg(feature = "schema")]
impl<T: Event<Answer: schemars::JsonSchema>> Wire<T> {
    /// The description of its answer.
    pub const ANSWER: Option<Describe> = Some(Describe::of::<T::Answer>());
}

/// A type without a name of its own.
pub trait NoEvent {
    /// No name.
    const NAME: &'static str = "";
    /// It is no question.
    const ASKS: fn() -> bool = || false;
    /// No description.
    #[cfg(feature = "schema")]
    const ANSWER: Option<Describe> = None;
}

impl<T: ?Sized> NoEvent for Wire<T> {}

/// The description of a type that has one; picked as [`Wire`]'s name is.
#[cfg(feature = "schema")]
#[derive(Debug)]
pub struct Described<T: ?Sized>(PhantomData<T>);

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema + ?Sized> Described<T> {
    /// Its description.
    pub const DESCRIBE: Option<Describe> = Some(Describe::of::<T>());
}

/// A type that does not describe itself, or does not in generic code.
#[cfg(feature = "schema")]
pub trait Undescribed {
    /// No description.
    const DESCRIBE: Option<Describe> = None;
}

#[cfg(feature = "schema")]
impl<T: ?Sized> Undescribed for Described<T> {}

/// What a client may be told of an error; picked as [`Wire`]'s name is.
#[derive(Debug)]
pub struct Failure<E>(PhantomData<fn() -> E>);

impl<E: ReplyError> Failure<E> {
    /// Its codes.
    pub const CODES: Option<fn(&mut ErrorCodes)> = Some(E::__describe);
}

/// An error that says nothing of what the client is told.
pub trait Silent {
    /// Any code.
    const CODES: Option<fn(&mut ErrorCodes)> = None;
}

impl<E> Silent for Failure<E> {}

/// What is known of a type where the macro stands.
#[cfg(feature = "schema")]
#[doc(hidden)]
#[macro_export]
macro_rules! __known {
    ($ty:ty) => {{
        use $crate::__private::schema::{NoEvent as _, Undescribed as _};
        $crate::__private::schema::Known {
            event: $crate::__private::schema::Wire::<$ty>::NAME,
            asks: $crate::__private::schema::Wire::<$ty>::ASKS,
            answer: $crate::__private::schema::Wire::<$ty>::ANSWER,
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

/// What is known of a type of `sends(..)`.
#[cfg(feature = "schema")]
#[doc(hidden)]
#[macro_export]
macro_rules! __sent {
    ($ty:ty) => {
        $crate::__private::schema::known!($ty)
    };
}

/// The name, which a contract has without descriptions too.
#[cfg(not(feature = "schema"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __sent {
    ($ty:ty) => {{
        use $crate::__private::schema::NoEvent as _;
        $crate::__private::schema::Known {
            event: $crate::__private::schema::Wire::<$ty>::NAME,
            ..$crate::__private::schema::Known::ANY
        }
    }};
}

/// How a handler may fail that returns this error.
#[cfg(feature = "schema")]
#[doc(hidden)]
#[macro_export]
macro_rules! __fails {
    ($name:expr, $ty:ty) => {{
        use $crate::__private::schema::Silent as _;
        match $crate::__private::schema::Failure::<$ty>::CODES {
            $crate::__private::Option::Some(codes) => $crate::__private::schema::Fails::With { name: $name, codes },
            $crate::__private::Option::None => $crate::__private::schema::Fails::Somehow,
        }
    }};
}

/// A contract without descriptions has no errors.
#[cfg(not(feature = "schema"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __fails {
    ($name:expr, $ty:ty) => {
        $crate::__private::schema::Fails::Somehow
    };
}

/// A doc comment, where anybody reads it.
#[cfg(feature = "schema")]
#[doc(hidden)]
#[macro_export]
macro_rules! __docs {
    ($text:expr) => {
        $text
    };
}

/// Nobody reads it.
#[cfg(not(feature = "schema"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __docs {
    ($text:expr) => {
        ""
    };
}
