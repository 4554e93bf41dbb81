//! What goes over the socket: the list that a client's contract is compared with.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Type, spanned::Spanned};

use super::super::model::{Consumer, Method, Named};
use crate::{
    paths::{Private, called_at},
    types::{self, Failing, Output},
};

/// `Consumer::contract`.
pub(super) fn contract(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    // A struct that takes its events from a channel wants the other half.
    let half = called_at(consumer.ty.span(), quote!(#p::checks::Half::<Self>::socket), TokenStream::new());
    let callable = |named: &&Named| named.method.callable && !named.repeated;
    let frames = consumer.receives.iter().filter(callable).map(|frame| {
        let (name, cfgs) = (frame.text(), &frame.method.cfgs);
        let (payload, said) = (known(&frame.payload), said(&frame.method));
        quote!(#(#cfgs)* contract.frame(#name, #payload)#said;)
    });
    let texts = whole(&consumer.texts, &quote!(text));
    let bytes = whole(&consumer.bytes, &quote!(bytes));
    let events = consumer.events.iter().filter(callable).filter(|event| event.is_shared()).filter_map(|event| {
        let (name, cfgs) = (event.text(), &event.method.cfgs);
        let value = match event.method.output() {
            Output::Quiet => return None,
            Output::Value(ty) | Output::Option(ty) | Output::Result(ty, _) | Output::ResultOption(ty, _) => known(&ty),
        };
        let docs = docs(&event.method.docs);
        Some(quote!(#(#cfgs)* contract.event(#name, #value)#docs;))
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
            let (cfgs, said) = (&method.cfgs, said(method));
            quote!(#(#cfgs)* contract.#kind()#said;)
        })
        .collect()
}

/// What is said of a handler of frames besides its payload.
fn said(method: &Method) -> TokenStream {
    let (name, docs, reply, fails) = (method.name(), docs(&method.docs), reply(method), fails(method));
    quote!(.method(#name)#docs #reply #fails)
}

/// A doc comment.
pub(crate) fn docs(text: &str) -> TokenStream {
    let p = Private;
    if text.is_empty() { TokenStream::new() } else { quote!(.docs(#p::schema::docs!(#text))) }
}

/// What answers a frame.
fn reply(method: &Method) -> TokenStream {
    let p = Private;
    let value = match method.output() {
        Output::Quiet => return TokenStream::new(),
        Output::Value(ty) | Output::Result(ty, _) => known(&ty),
        Output::Option(ty) | Output::ResultOption(ty, _) => match types::impl_trait(&ty) {
            Some(_) => known(&ty),
            None => quote!(#p::schema::known!(#p::Option<#ty>)),
        },
    };
    quote!(.reply(#value))
}

/// The errors of a handler.
fn fails(method: &Method) -> TokenStream {
    let p = Private;
    match method.failing() {
        Failing::Never => TokenStream::new(),
        Failing::Somehow => quote!(.fails(#p::schema::Fails::Somehow)),
        Failing::With(ty) => {
            let name = types::name(&ty);
            quote!(.fails(#p::schema::fails!(#name, #ty)))
        }
    }
}

/// What the compiler knows of a type, which can't be named when it is `impl Trait`.
fn known(ty: &Type) -> TokenStream {
    let p = Private;
    match (types::peel(ty), types::impl_trait(ty)) {
        // What is borrowed is written as what is owned, an event with its name.
        (Type::Reference(reference), _) => known(&reference.elem),
        (_, Some(_)) => quote!(#p::schema::Known::ANY),
        (_, None) => quote!(#p::schema::known!(#ty)),
    }
}
