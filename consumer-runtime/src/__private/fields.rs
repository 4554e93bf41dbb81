//! Filling a consumer's fields from the request, and reading them for a group's name.

use std::{fmt::Display, marker::PhantomData, str::FromStr};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{StatusCode, request::Parts},
};

use crate::{
    consumer::{Declaration, Declared},
    refusal::Refusal,
};

/// A field that is named in the path.
///
/// The state is a parameter for the same reason as in [`DefaultField`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be read from a path",
    label = "this field is a path parameter",
    note = "implement `std::str::FromStr` for it, with an error that can be displayed"
)]
pub trait PathField<S>: Sized {
    fn from_path(text: &str) -> Result<Self, String>;
}

#[diagnostic::do_not_recommend]
impl<T: FromStr<Err: Display>, S> PathField<S> for T {
    fn from_path(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error: T::Err| error.to_string())
    }
}

/// A field that neither the path nor an extractor fills.
///
/// The state is a parameter only so that the compiler asks when the consumer is mounted, and not before it knows
/// whether `#[connect]` builds the consumer itself.
#[diagnostic::on_unimplemented(
    message = "nothing fills a field of type `{Self}` when a client connects",
    label = "this consumer has a field without a source",
    note = "name the field in the path, mark it `#[extract]`, give its type a `Default`, or build the consumer yourself: `#[connect] async fn connect(..) -> Result<Self, Refusal>`"
)]
pub trait DefaultField<S>: Sized {
    fn fill() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default, S> DefaultField<S> for T {
    fn fill() -> Self {
        T::default()
    }
}

/// The parameters of the path, percent-decoded.
pub async fn path_params(request: &mut Parts) -> Result<RawPathParams, Refusal> {
    RawPathParams::from_request_parts(request, &()).await.map_err(Refusal::response)
}

/// One parameter of the path of consumer `C`.
///
/// It is missing when `C::route()` was mounted on a path of another form, which only axum sees, and it tells nobody.
pub fn path_field<C: Declared, T: PathField<S>, S>(params: &RawPathParams, name: &'static str) -> Result<T, Refusal> {
    match params.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => T::from_path(text)
            .map_err(|error| Refusal::response((StatusCode::BAD_REQUEST, format!("path parameter `{name}`: {error}")))),
        None => {
            let Declaration { consumer, path, .. } = C::DECLARATION;
            tracing::error!(
                consumer,
                field = name,
                declared = path,
                "this consumer is mounted on a path without `{{{name}}}`, which fills its field `{name}`; mount it with `routes!` or `Router::consumer`, or on a path that has all of {path:?}; answering 500"
            );
            Err(Refusal::response((StatusCode::INTERNAL_SERVER_ERROR, "this server is not set up\n")))
        }
    }
}

/// Reads a field as text where its type allows it.
///
/// `(&Text(&self.field)).text()` picks the first method that fits (autoref): the inherent one for types that can be
/// displayed, the trait's for all others.
#[derive(Debug)]
pub struct Text<'a, T>(pub &'a T);

impl<'a, T: Display> Text<'a, T> {
    pub fn text(&self) -> &'a dyn Display {
        self.0
    }
}

/// A field that can't be displayed, so that a template can't name it.
pub trait NoText {
    fn text(&self) -> &'static dyn Display;
}

impl<T> NoText for Text<'_, T> {
    fn text(&self) -> &'static dyn Display {
        &""
    }
}

/// A field whose text a template needs.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` can't be written in a group's name; it needs `Display`",
    label = "not a text",
    note = "name a field with a type like `String`, or implement `std::fmt::Display` for this one"
)]
pub trait NamedField {
    fn display(&self) -> &dyn Display;
}

#[diagnostic::do_not_recommend]
impl<T: Display> NamedField for T {
    fn display(&self) -> &dyn Display {
        self
    }
}

/// Tells whether a type can be displayed: [`YES`](Shown::YES) is the inherent constant if it can, and [`NotShown`]'s
/// otherwise.
#[derive(Debug)]
pub struct Shown<T>(PhantomData<T>);

impl<T: Display> Shown<T> {
    pub const YES: bool = true;
}

/// The answer for all other types.
pub trait NotShown {
    const YES: bool = false;
}

impl<T> NotShown for Shown<T> {}
