//! What goes over the socket: the list that a client's contract is compared with.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Type, spanned::Spanned};

use super::super::model::{Consumer, Method, Named};
use crate::{
    paths::{Private, called_at},
    types::{self, Output},
};

/// `Consumer::contract`.
pub(super) fn contract(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    // A struct that takes its events from a channel wants the other half.
    let half = called_at(consumer.ty.span(), quote!(#p::checks::Half::<Self>::socket), TokenStream::new());
    let callable = |named: &&Named| named.method.callable && !named.repeated;
    let frames = consumer.receives.iter().filter(callable).map(|frame| {
        let (name, cfgs) = (frame.text(), &frame.method.cfgs);
        let (payload, reply) = (known(&frame.payload), reply(&frame.method));
        quote!(#(#cfgs)* contract.frame(#name, #payload, #reply);)
    });
    let texts = whole(&consumer.texts, &quote!(text));
    let bytes = whole(&consumer.bytes, &quote!(bytes));
    let events = consumer.events.iter().filter(callable).filter(|event| event.is_shared()).filter_map(|event| {
        let (name, cfgs) = (event.text(), &event.method.cfgs);
        let value = match event.method.output() {
            Output::Quiet => return None,
            Output::Value(ty) | Output::Option(ty) | Output::Result(ty, _) | Output::ResultOption(ty, _) => known(&ty),
        };
        Some(quote!(#(#cfgs)* contract.event(#name, #value);))
    });
    quote! {
        fn contract(contract: &mut #p::schema::Builder) {
            #half;
            #(#frames)*
            #(#texts)*
            #(#bytes)*
            #(#events)*
        }
    }
}

fn whole(methods: &[Method], kind: &TokenStream) -> Vec<TokenStream> {
    let callable = methods.iter().filter(|method| method.callable);
    callable
        .map(|method| {
            let (cfgs, reply) = (&method.cfgs, reply(method));
            quote!(#(#cfgs)* contract.#kind(#reply);)
        })
        .collect()
}

/// What answers a frame.
fn reply(method: &Method) -> TokenStream {
    let p = Private;
    let value = match method.output() {
        Output::Quiet => return quote!(#p::Option::None),
        Output::Value(ty) | Output::Result(ty, _) => known(&ty),
        Output::Option(ty) | Output::ResultOption(ty, _) => match types::impl_trait(&ty) {
            Some(_) => known(&ty),
            None => quote!(#p::schema::known!(#p::Option<#ty>)),
        },
    };
    quote!(#p::Option::Some(#value))
}

/// What the compiler knows of a type, which can't be named when it is `impl Trait`.
fn known(ty: &Type) -> TokenStream {
    let p = Private;
    match types::impl_trait(ty) {
        Some(_) => quote!(#p::schema::Known::ANY),
        None => quote!(#p::schema::known!(#ty)),
    }
}
