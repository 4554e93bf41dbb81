//! `#[derive(ReplyError)]` on an enum or a struct.

mod check;
mod expand;
mod message;
mod model;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let generated = errors.keep(syn::parse2(item)).map(|item| {
        let failure = check::failure(&item, &mut errors);
        expand::reply_error(&failure)
    });
    quote!(#generated #errors)
}
