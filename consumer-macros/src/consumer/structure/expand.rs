//! From the struct half to what it declares.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Type, parse_quote};

use super::{build, groups, model::Consumer};
use crate::{
    paths::{Private, anonymous},
    types,
};

pub(super) fn consumer(consumer: &Consumer<'_>) -> TokenStream {
    let declared = declared(consumer);
    let groups = groups::in_groups(consumer);
    let sends = sends(consumer);
    let built = build::built(consumer);
    anonymous(quote!(#declared #groups #sends #built))
}

fn declared(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let Consumer { ident, generics, path, params, subprotocols, settings, .. } = consumer;
    let (impls, types, wheres) = generics.split_for_impl();
    let name = ident.to_string();
    let subprotocols = (!subprotocols.is_empty()).then(|| quote!(.subprotocols(&[#(#subprotocols),*])));
    let keep_scope = consumer.keep_scope.then(|| quote!(.keep_scope()));
    let layer = consumer.layer.as_ref().map(|layer| quote!(.layer(#layer)));
    let groups = groups::declarations(consumer).map(|groups| quote!(.groups(#groups)));
    let settings = (!settings.is_empty()).then(|| {
        let set = settings.iter().map(|setting| {
            let (name, value) = (&setting.name, &setting.value);
            quote!(settings.#name = #value;)
        });
        quote!(.settings(|settings: &mut #p::Settings| { #(#set)* }))
    });
    let sends = (!consumer.sends.is_empty()).then(|| {
        let sends = consumer.sends.iter().map(contract);
        quote! {
            .sends(|contract: &mut #p::schema::Builder| {
                use #p::schema::NoEvent as _;
                #(#sends)*
            })
        }
    });
    let declared_groups = groups::declared_groups(consumer);
    quote! {
        #[automatically_derived]
        impl #impls #p::Declared for #ident #types #wheres {
            const DECLARATION: #p::Declaration =
                #p::Declaration::new(#name, #path, &[#(#params),*]) #subprotocols #keep_scope #layer #groups #settings #sends;

            #declared_groups
        }
    }
}

/// A type of `sends(..)` in the consumer's contract, by the name that the program has for it.
fn contract(ty: &Type) -> TokenStream {
    let p = Private;
    let name = types::last_segment(ty).map_or_else(|| types::text(ty), |segment| types::text(&parse_quote!(#segment)));
    quote!(contract.sends(#name, #p::schema::Wire::<#ty>::NAME, #p::schema::known!(#ty));)
}

fn sends(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let Consumer { ident, generics, sends, .. } = consumer;
    let (impls, types, wheres) = generics.split_for_impl();
    quote! {
        #(
            #[automatically_derived]
            impl #impls #p::SentBy<#ident #types> for #sends #wheres {}
        )*
    }
}
