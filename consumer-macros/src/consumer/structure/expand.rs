//! From the struct half to what it declares.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    build, groups,
    model::{Consumer, Field, Source},
};
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
    let listed = listed(consumer);
    let declared_groups = groups::declared_groups(consumer);
    quote! {
        #[automatically_derived]
        impl #impls #p::Declared for #ident #types #wheres {
            const DECLARATION: #p::Declaration =
                #p::Declaration::new(#name, #path, &[#(#params),*]) #subprotocols #keep_scope #layer #groups #settings #listed;

            #declared_groups
        }
    }
}

/// What the contract and the schema have of this half: docs, the types of path parameters and of `sends(..)`.
fn listed(consumer: &Consumer<'_>) -> Option<TokenStream> {
    let p = Private;
    let docs = (!consumer.docs.is_empty()).then(|| {
        let docs = &consumer.docs;
        quote!(contract.docs(#p::schema::docs!(#docs));)
    });
    let path = |field: &&Field<'_>| consumer.buildable && matches!(field.source, Source::Path);
    let params = consumer.fields.iter().filter(path).map(|field| {
        let (name, ty, cfgs, docs) = (field.name(), field.ty, &field.cfgs, &field.docs);
        quote!(#(#cfgs)* contract.param(#name, #p::schema::known!(#ty), #p::schema::docs!(#docs));)
    });
    let mut params = params.peekable();
    if docs.is_none() && params.peek().is_none() && consumer.sends.is_empty() && consumer.closes.is_empty() {
        return None;
    }
    let sends = consumer.sends.iter().map(|ty| {
        let name = types::name(ty);
        quote!(contract.sends(#name, #p::schema::sent!(#ty));)
    });
    let closes = consumer.closes.iter().map(|(code, why)| quote!(contract.closes(#code, #p::schema::docs!(#why));));
    Some(quote!(.listed(|contract: &mut #p::schema::Builder| { #docs #(#params)* #(#sends)* #(#closes)* })))
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
