//! The one place that knows what generated code may name.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The path of everything that generated code names.
#[derive(Clone, Copy)]
pub(crate) struct Private;

impl ToTokens for Private {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(quote!(::consumer_runtime::__private));
    }
}

/// Generated items, where nobody can name them and no lint of the user's applies.
pub(crate) fn anonymous(items: TokenStream) -> TokenStream {
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
