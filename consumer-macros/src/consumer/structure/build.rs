//! From the fields to what fills them when a client connects.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Generics, parse_quote};

use super::model::{Consumer, Field, Source};
use crate::paths::{Private, extracts};

pub(super) fn built(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let Consumer { ident, generics, fields, .. } = consumer;
    let (_, types, _) = generics.split_for_impl();
    let mut generics = Generics::clone(generics);
    generics.params.push(parse_quote!(__S: #p::Send + #p::Sync + 'static));
    if consumer.buildable {
        let wheres = generics.make_where_clause();
        // A field that may be configured away can't be asked for in the head.
        for Field { ty, source, .. } in fields.iter().filter(|field| field.cfgs.is_empty()) {
            wheres.predicates.push(match source {
                Source::Path => parse_quote!(#ty: #p::fields::PathField<__S>),
                Source::Extract => {
                    let extracts = extracts(ty, ty, quote!(Self));
                    parse_quote!(__S: #extracts)
                }
                Source::Default => parse_quote!(#ty: #p::fields::DefaultField<__S>),
            });
        }
    }
    let (impls, _, wheres) = generics.split_for_impl();
    let body = if consumer.buildable { fill(fields) } else { quote!(#p::broken()) };
    quote! {
        #[automatically_derived]
        impl #impls #p::Built<__S> for #ident #types #wheres {
            async fn build(request: &mut #p::Parts, state: &__S) -> #p::Result<Self, #p::Refusal> {
                #body
            }
        }
    }
}

fn fill(fields: &[Field<'_>]) -> TokenStream {
    let p = Private;
    let local = |index: usize| format_ident!("field_{index}");
    let extracted =
        fields.iter().enumerate().filter(|(_, field)| matches!(field.source, Source::Extract)).map(|(index, field)| {
            let (local, ty, cfgs) = (local(index), field.ty, &field.cfgs);
            let extracts = extracts(ty, ty, quote!(Self));
            quote!(#(#cfgs)* let #local = <__S as #extracts>::extract(request, state).await?;)
        });
    let params = fields
        .iter()
        .any(|field| matches!(field.source, Source::Path))
        .then(|| quote!(let params = #p::fields::path_params(request).await?;));
    let values = fields.iter().enumerate().map(|(index, field)| {
        let (ident, ty, name, cfgs) = (field.ident, field.ty, field.name(), &field.cfgs);
        let value = match field.source {
            Source::Path => quote!(#p::fields::path_field::<Self, #ty, __S>(&params, #name)?),
            Source::Extract => local(index).into_token_stream(),
            Source::Default => quote!(<#ty as #p::fields::DefaultField<__S>>::fill()),
        };
        quote!(#(#cfgs)* #ident: #value)
    });
    quote! {
        #(#extracted)*
        #params
        #p::Result::Ok(Self { #(#values),* })
    }
}
