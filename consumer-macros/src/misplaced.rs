//! Markers of handlers outside `#[consumer] impl`, which removes them.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::errors::Errors;

/// What to say of a marker outside.
pub(crate) fn message(marker: &str) -> String {
    format!("`#[{marker}]` only works inside a `#[consumer]` impl block; add `#[consumer]` above the `impl`")
}

pub(crate) fn expand(marker: &str, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    errors.at(Span::call_site(), message(marker));
    quote!(#item #errors)
}
