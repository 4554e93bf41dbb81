//! `#[consumer(..)]` on a struct and `#[consumer]` on its impl block.

mod implementation;
mod structure;

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::{attributes::item_keyword, errors::Errors};

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    match item_keyword(&item) {
        Some(keyword) if keyword == "impl" => implementation::expand(arguments, item),
        Some(keyword) if keyword == "struct" || keyword == "enum" || keyword == "union" => {
            structure::expand(arguments, &keyword, item)
        }
        keyword => {
            let mut errors = Errors::default();
            let span = keyword.map_or_else(Span::call_site, |keyword| keyword.span());
            errors.at(
                span,
                "a consumer is a struct and its impl block; put `#[consumer(\"/ws/path/\")]` above the struct and `#[consumer]` above the `impl`",
            );
            quote!(#item #errors)
        }
    }
}
