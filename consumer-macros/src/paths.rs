//! The one place that knows what generated code may name.

use std::cell::RefCell;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Path, Type, ext::IdentExt, spanned::Spanned};

use crate::types;

thread_local! {
    /// Where the private part of the runtime is, if the attribute that is expanded now says `crate = ..`; [`within`] sets
    /// it and puts the last one back.
    static RUNTIME: RefCell<Option<TokenStream>> = const { RefCell::new(None) };
}

/// Expands something whose runtime is at `path`, or at its own name.
pub(crate) fn within<T>(path: Option<Path>, expand: impl FnOnce() -> T) -> T {
    /// Puts the last path back, after a panic too.
    struct Restore(Option<TokenStream>);

    impl Drop for Restore {
        fn drop(&mut self) {
            RUNTIME.replace(self.0.take());
        }
    }

    let private = path.map(|path| {
        // An error about it is one about the path.
        let span = path.segments.last().map_or_else(Span::call_site, |last| last.ident.span());
        let private = Ident::new("__private", span);
        quote!(#path::#private)
    });
    let _restore = Restore(RUNTIME.replace(private));
    expand()
}

/// The path of everything that generated code names inside [`anonymous`] items.
#[derive(Clone, Copy)]
pub(crate) struct Private;

impl ToTokens for Private {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        RUNTIME.with_borrow(|path| match path {
            None => tokens.extend(quote!(::consumer_runtime::__private)),
            Some(_) => tokens.extend(quote!(__runtime)),
        });
    }
}

/// What [`Private`] is beside the item `ident` of the user's, and the import that this takes.
///
/// The import has a name of its own in the user's module, and stands for the path from here on: serde's derives take a
/// path as text, which can't hold the `$crate` of a macro, and a wrong path is one error where it is named once.
pub(crate) fn beside(ident: &Ident) -> (TokenStream, Option<TokenStream>) {
    let name = format_ident!("__runtime_of_{}", ident.unraw(), span = Span::call_site());
    RUNTIME.with_borrow_mut(|runtime| match runtime {
        None => (quote!(::consumer_runtime::__private), None),
        Some(path) => {
            let import = import(path, &name);
            let import = quote! {
                #[doc(hidden)]
                #[allow(non_snake_case, unused_imports, unused_qualifications, clippy::all, clippy::pedantic)]
                #import
            };
            *path = name.to_token_stream();
            (name.into_token_stream(), Some(import))
        }
    })
}

/// An import of `path`, under which an error about it underlines the whole path.
fn import(path: &TokenStream, name: &Ident) -> TokenStream {
    let name = Ident::new(&name.to_string(), path.span());
    let rename = quote_spanned!(path.span()=> as #name);
    quote!(use #path #rename;)
}

/// What a router's state implements out of which `consumer` can take `ty`; `written` is what the user wrote for that.
pub(crate) fn extracts(written: &Type, ty: impl ToTokens, consumer: impl ToTokens) -> TokenStream {
    let p = Private;
    if types::ends_in(written, "State") {
        quote!(#p::args::HasState<#ty, #consumer>)
    } else {
        quote!(#p::args::Extracts<#ty, #consumer>)
    }
}

/// What [`Private`] stands for: the user's path is named once, so that a wrong one is one error.
pub(crate) fn imported() -> Option<TokenStream> {
    RUNTIME.with_borrow(|path| {
        let name = Ident::new("__runtime", Span::call_site());
        path.as_ref().map(|path| import(path, &name))
    })
}

/// Generated items, where nobody can name them and no lint of the user's applies.
pub(crate) fn anonymous(items: TokenStream) -> TokenStream {
    let import = imported();
    quote! {
        #[allow(
            deprecated,
            missing_docs,
            non_camel_case_types,
            private_bounds,
            private_interfaces,
            unnameable_types,
            unreachable_code,
            unreachable_patterns,
            unreachable_pub,
            unused_imports,
            unused_parens,
            unused_qualifications,
            unused_variables,
            clippy::all,
            clippy::nursery,
            clippy::pedantic,
            clippy::restriction
        )]
        const _: () = {
            #import
            #items
        };
    }
}

/// A call that an error underlines at `span`, while no token that an editor looks up stands there.
pub(crate) fn called_at(span: Span, function: TokenStream, arguments: TokenStream) -> TokenStream {
    let parenthesised = |tokens| {
        let mut group = Group::new(Delimiter::Parenthesis, tokens);
        group.set_span(span.resolved_at(Span::call_site()));
        TokenTree::Group(group)
    };
    [parenthesised(function), parenthesised(arguments)].into_iter().collect()
}
