//! From a payload to its serde impls and `impl Event`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Data, DeriveInput};

use super::model::{About, Payload, Shape};
use crate::paths::{Private, anonymous, beside};

pub(super) fn event(payload: &Payload) -> TokenStream {
    let p = Private;
    let Payload { item, name, shape, .. } = payload;
    let ident = payload.ident();
    let attributes = payload.attributes();
    let mut bare = item.clone();
    bare.attrs.clear();
    if *shape == Shape::Unreadable {
        without_serde(&mut bare);
    }
    // What serde derives below would ask for what the event can't do.
    let derived = payload.derives.serialize || payload.derives.deserialize;
    if *shape == Shape::Generic || *shape == Shape::Unreadable && derived {
        return quote!(#item);
    }
    let (import, derive, serde) = match shape {
        Shape::Unit | Shape::Unreadable => (None, TokenStream::new(), TokenStream::new()),
        _ => {
            let (runtime, import) = beside(ident);
            (import, derive(payload, &runtime), serde_attribute(payload, &runtime))
        }
    };
    let written = match shape {
        Shape::Unit => Some(unit(payload)),
        Shape::Unreadable => Some(unreadable(ident)),
        _ => None,
    };
    let answer = payload.answer.as_ref().map_or_else(|| quote!(()), ToTokens::to_token_stream);
    let key = payload.about.as_ref().map(|about| key(about, name));
    let generated = anonymous(quote! {
        #written

        #[automatically_derived]
        impl #p::Event for #ident {
            const NAME: &'static #p::primitive::str = #name;
            type Answer = #answer;
            #key
        }
    });
    // The user's derives stand above our helper attribute, since that belongs to them.
    quote! {
        #derive
        #(#attributes)*
        #serde
        #bare
        #import
        #generated
    }
}

fn key(about: &About, name: &str) -> TokenStream {
    let p = Private;
    // The field is the word in `key = ..`, so that an editor leads from there to the field.
    let key = match about {
        About::Event => quote!(<() as #p::KeyField>::key(&(), #name)),
        About::Field(field, ty) => quote!(<#ty as #p::KeyField>::key(&event.#field, #name)),
    };
    quote! {
        fn __key(event: &Self) -> #p::Option<#p::Key> {
            #key
        }
    }
}

fn derive(payload: &Payload, p: &TokenStream) -> TokenStream {
    let serialize = (!payload.derives.serialize).then(|| quote!(#p::Serialize,));
    let deserialize = (!payload.derives.deserialize).then(|| quote!(#p::Deserialize,));
    if serialize.is_none() && deserialize.is_none() {
        return TokenStream::new();
    }
    quote!(#[#p::derive(#serialize #deserialize)])
}

fn serde_attribute(payload: &Payload, p: &TokenStream) -> TokenStream {
    let name = &payload.name;
    let form = (payload.shape == Shape::Named).then(|| quote!(tag = "type", rename = #name,));
    let ours = !(payload.derives.serialize && payload.derives.deserialize);
    let location = (ours && !payload.names_serde).then(|| {
        let path = quote!(#p::serde).to_string().replace(' ', "");
        quote!(crate = #path,)
    });
    quote!(#[serde(#form #location)])
}

/// Removes what only serde's derives understand.
fn without_serde(item: &mut DeriveInput) {
    if let Data::Struct(data) = &mut item.data {
        for field in &mut data.fields {
            field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
        }
    }
}

/// A unit event is `{"type": ".."}`, and reads as any map.
fn unit(payload: &Payload) -> TokenStream {
    let p = Private;
    let ident = payload.ident();
    let name = &payload.name;
    let text = ident.to_string();
    quote_spanned! {proc_macro2::Span::call_site()=>
        #[automatically_derived]
        impl #p::Serialize for #ident {
            fn serialize<__S: #p::Serializer>(&self, serializer: __S) -> #p::Result<__S::Ok, __S::Error> {
                #p::unit::serialize(#text, #name, serializer)
            }
        }

        #[automatically_derived]
        impl<'de> #p::Deserialize<'de> for #ident {
            fn deserialize<__D: #p::Deserializer<'de>>(deserializer: __D) -> #p::Result<Self, __D::Error> {
                #p::Result::map(#p::unit::deserialize(deserializer), |()| Self)
            }
        }
    }
}

/// An event that is refused in itself still counts as one, so that nobody who uses it is told a second time.
fn unreadable(ident: &Ident) -> TokenStream {
    let p = Private;
    quote! {
        #[automatically_derived]
        impl #p::Serialize for #ident {
            fn serialize<__S: #p::Serializer>(&self, _: __S) -> #p::Result<__S::Ok, __S::Error> {
                #p::broken()
            }
        }

        #[automatically_derived]
        impl<'de> #p::Deserialize<'de> for #ident {
            fn deserialize<__D: #p::Deserializer<'de>>(_: __D) -> #p::Result<Self, __D::Error> {
                #p::broken()
            }
        }
    }
}
