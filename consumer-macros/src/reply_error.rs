//! `#[derive(ReplyError)]` on an enum or a struct.

mod check;
mod expand;
mod message;
mod model;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Meta, Path};

use crate::{errors::Errors, paths, runtime::split};

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let generated = errors.keep(syn::parse2(item)).map(|mut item| {
        let path = runtime(&mut item, &mut errors);
        paths::within(path, || expand::reply_error(&check::failure(&item, &mut errors)))
    });
    quote!(#generated #errors)
}

/// Takes `crate = ..` out of the attributes of the whole, and those that then say nothing more.
fn runtime(item: &mut DeriveInput, errors: &mut Errors) -> Option<Path> {
    let mut found = None;
    item.attrs.retain_mut(|attribute| {
        let Meta::List(list) = &mut attribute.meta else { return true };
        if !list.path.is_ident("reply") {
            return true;
        }
        let (rest, path) = split(list.tokens.clone(), errors);
        let Some(path) = path else { return true };
        list.tokens = rest;
        found = Some(path);
        !list.tokens.is_empty()
    });
    found
}
