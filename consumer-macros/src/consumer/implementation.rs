//! The impl half: `#[consumer] impl ChatConsumer { .. }`.

mod check;
mod expand;
mod marker;
mod model;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;

pub(super) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let form = check::form(arguments, &mut errors);
    let Some(parsed) = errors.keep(parse::impl_block(item.clone())) else {
        return quote!(#item #errors);
    };
    let generated =
        check::implementation(&parsed, form, &mut errors).map(|consumer| expand::implementation(&consumer, &parsed));
    quote!(#parsed #generated #errors)
}
