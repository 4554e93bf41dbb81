//! `#[event("chat.message")]` on a struct.

mod arguments;
mod check;
mod expand;
mod model;

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::{attributes::item_keyword, errors::Errors, misplaced};

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    match item_keyword(&item) {
        Some(keyword) if keyword == "struct" || keyword == "enum" => {
            let arguments = arguments::parse(arguments, &keyword, &mut errors);
            let Some(item) = errors.keep(syn::parse2(item.clone())) else {
                return quote!(#item #errors);
            };
            let model = check::payload(item, arguments, &mut errors);
            let expansion = expand::event(&model);
            return quote!(#expansion #errors);
        }
        Some(keyword) if keyword == "fn" => misplaced::handler("event", &keyword, &item, &mut errors),
        Some(keyword) if keyword == "impl" => {
            errors.on(
                keyword,
                "`#[event(..)]` belongs on a payload's struct or on a handler; write `#[consumer]` above the `impl`",
            );
        }
        keyword => {
            let span = keyword.map_or_else(Span::call_site, |keyword| keyword.span());
            errors.at(span, "an event is a struct with named fields, or a unit struct; put `#[event(..)]` above one");
        }
    }
    quote!(#item #errors)
}
