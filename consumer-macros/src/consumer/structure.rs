//! The struct half: `#[consumer("/ws/chat/{room_name}/", group = Room)]`.

mod build;
mod channel;
mod check;
mod expand;
mod groups;
mod model;
mod options;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Data, DeriveInput, Fields};

use crate::{attributes::ends_in, errors::Errors};

pub(super) fn expand(arguments: TokenStream, keyword: &Ident, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let options = options::parse(arguments, keyword, &mut errors);
    let Some(input) = errors.keep(syn::parse2::<DeriveInput>(item.clone())) else {
        return quote!(#item #errors);
    };
    if options.channel.is_some() {
        let generated = channel::worker(&input, &options, &mut errors);
        let item = without_markers(input);
        return quote!(#item #generated #errors);
    }
    channel::only_with_a_channel(&options, &mut errors);
    let generated = check::consumer(&input, options, &mut errors).map(|consumer| expand::consumer(&consumer));
    let item = without_markers(input);
    quote!(#item #generated #errors)
}

/// The user's item without our marks on its fields.
fn without_markers(mut item: DeriveInput) -> impl ToTokens {
    if let Data::Struct(data) = &mut item.data
        && let Fields::Named(fields) = &mut data.fields
    {
        for field in &mut fields.named {
            field.attrs.retain(|attribute| !ends_in(attribute.path(), "extract"));
        }
    }
    item
}
