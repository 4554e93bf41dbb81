//! From the struct half to what it declares.

use proc_macro2::TokenStream;
use quote::quote;

use super::{build, groups, model::Consumer};
use crate::paths::{Private, anonymous};

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
    let groups = groups::declarations(consumer).map(|groups| quote!(.groups(#groups)));
    let settings = (!settings.is_empty()).then(|| {
        let set = settings.iter().map(|setting| {
            let (name, value) = (&setting.name, &setting.value);
            quote!(settings.#name = #value;)
        });
        quote!(.settings(|settings: &mut #p::Settings| { #(#set)* }))
    });
    let declared_groups = groups::declared_groups(consumer);
    quote! {
        #[automatically_derived]
        impl #impls #p::Declared for #ident #types #wheres {
            const DECLARATION: #p::Declaration =
                #p::Declaration::new(#name, #path, &[#(#params),*]) #subprotocols #keep_scope #groups #settings;

            #declared_groups
        }
    }
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
