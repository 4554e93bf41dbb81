//! Markers of handlers outside `#[consumer] impl`, which removes them.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::{attributes::item_keyword, errors::Errors};

pub(crate) fn expand(marker: &str, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    match item_keyword(&item) {
        Some(keyword) if keyword == "fn" => handler(marker, &keyword, &item, &mut errors),
        Some(keyword) => errors.on(keyword, outside(marker)),
        None => errors.at(Span::call_site(), outside(marker)),
    }
    quote!(#item #errors)
}

/// A function with the marker: a method without `#[consumer]` above its block, or no method at all.
///
/// Only the arguments tell them apart, since an attribute sees nothing around its item.
pub(crate) fn handler(marker: &str, keyword: &Ident, function: &TokenStream, errors: &mut Errors) {
    if takes_self(function) {
        errors.on(keyword, outside(marker));
    } else {
        let message = format!(
            "`#[{marker}]` marks a method inside a `#[consumer]` impl block; add `#[consumer]` above the `impl`, or move this function into one"
        );
        errors.on(keyword, message);
    }
}

fn outside(marker: &str) -> String {
    format!("`#[{marker}]` only works inside a `#[consumer]` impl block; add `#[consumer]` above the `impl`")
}

fn takes_self(function: &TokenStream) -> bool {
    let arguments =
        function.clone().into_iter().skip_while(|token| !matches!(token, TokenTree::Ident(ident) if ident == "fn"));
    arguments
        .filter_map(|token| match token {
            TokenTree::Group(group) => Some(group.stream()),
            _ => None,
        })
        .next()
        .is_some_and(|arguments| {
            arguments.into_iter().any(|token| matches!(token, TokenTree::Ident(ident) if ident == "self"))
        })
}
