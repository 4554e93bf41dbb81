//! `#[group("chat_{room_name}", events(ChatMessage))]` on a struct.

mod check;
mod expand;
mod parse;

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::{attributes::item_keyword, errors::Errors};

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let keyword = item_keyword(&item);
    let Some(keyword) = keyword.as_ref().filter(|keyword| *keyword == "struct") else {
        let span = keyword.map_or_else(Span::call_site, |keyword| keyword.span());
        errors.at(span, "a group is a struct with named fields, or a unit struct; put `#[group(..)]` above one");
        return quote!(#item #errors);
    };
    let arguments = parse::arguments(arguments, keyword, &mut errors);
    let generated = match errors.keep(syn::parse2(item.clone())) {
        Some(item) => check::group(&item, arguments, &mut errors).map(|group| expand::group(&group)),
        None => None,
    };
    quote!(#item #generated #errors)
}
