//! The two generated enums: the events that a consumer handles, and the frames that it receives.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::model::{Consumer, Named};
use crate::{names::fold, paths::Private};

pub(super) fn events(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let events = &consumer.events;
    let variants = each(events, |event| {
        let (variant, payload) = (&event.variant, &event.payload);
        quote!(#variant(#p::Arc<#payload>))
    });
    let clones = each(events, |event| {
        let variant = &event.variant;
        quote!(Self::#variant(ref payload) => Self::#variant(#p::Arc::clone(payload)))
    });
    let names = each(events, |event| {
        let (variant, name) = (&event.variant, event.text());
        quote!(Self::#variant(_) => #name)
    });
    let writes = each(events, |event| {
        let (variant, payload) = (&event.variant, &event.payload);
        quote!(Self::#variant(ref payload) => <#payload as #p::Event>::__write(payload, serializer))
    });
    let shared = arms(events, |index, event| {
        let (variant, payload) = (&event.variant, &event.payload);
        quote!(#index => #p::Result::map(<#payload as #p::Event>::__shared(payload), Self::#variant))
    });
    let key = key(events);
    let tagged = tagged(&quote!(__Event), events, None, |event| {
        let (variant, payload) = (&event.variant, &event.payload);
        quote!(#p::Result::map(<#payload as #p::Event>::__read(payload), Self::#variant))
    });
    quote! {
        pub enum __Event {
            #(#variants,)*
        }

        #[automatically_derived]
        impl #p::Clone for __Event {
            fn clone(&self) -> Self {
                match *self {
                    #(#clones,)*
                }
            }
        }

        #[automatically_derived]
        impl #p::fmt::Debug for __Event {
            fn fmt(&self, formatter: &mut #p::fmt::Formatter<'_>) -> #p::fmt::Result {
                formatter.write_str(#p::EventSet::name(self))
            }
        }

        #[automatically_derived]
        impl #p::Serialize for __Event {
            fn serialize<__S: #p::Serializer>(&self, serializer: __S) -> #p::Result<__S::Ok, __S::Error> {
                match *self {
                    #(#writes,)*
                }
            }
        }

        #[automatically_derived]
        impl<'de> #p::Deserialize<'de> for __Event {
            fn deserialize<__D: #p::Deserializer<'de>>(deserializer: __D) -> #p::Result<Self, __D::Error> {
                #p::deserialize_tagged(deserializer)
            }
        }

        #[automatically_derived]
        impl #p::EventSet for __Event {
            fn name(&self) -> &'static #p::primitive::str {
                match *self {
                    #(#names,)*
                }
            }

            #key

            fn from_shared(index: #p::primitive::usize, payload: #p::Shared) -> #p::Result<Self, #p::Shared> {
                match index {
                    #(#shared,)*
                    _ => #p::Result::Err(payload),
                }
            }
        }

        #tagged
    }
}

/// What the events are about whose frames shared handlers make; nothing when there are none.
fn key(events: &[Named]) -> Option<TokenStream> {
    let p = Private;
    let mut shared = events.iter().filter(|event| event.is_shared()).peekable();
    shared.peek()?;
    let arms = shared.map(|event| {
        let (variant, payload, cfgs) = (&event.variant, &event.payload, &event.method.cfgs);
        quote!(#(#cfgs)* Self::#variant(ref payload) => <#payload as #p::Event>::__key(payload))
    });
    Some(quote! {
        fn key(&self) -> #p::Option<#p::Key> {
            match *self {
                #(#arms,)*
                _ => #p::Option::None,
            }
        }
    })
}

pub(super) fn receives(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let receives = &consumer.receives;
    let variants = each(receives, |frame| {
        let (variant, payload) = (&frame.variant, &frame.payload);
        quote!(#variant(#payload))
    });
    let nameless = receives.iter().enumerate().find(|(_, frame)| frame.name.is_none()).map(|(index, frame)| {
        let cfgs = &frame.method.cfgs;
        quote! {
            #(#cfgs)*
            const NAMELESS: #p::Option<#p::primitive::usize> = #p::Option::Some(#index);
        }
    });
    let tagged = tagged(&quote!(__Receive), receives, nameless, |frame| {
        let (variant, payload) = (&frame.variant, &frame.payload);
        quote!(#p::Result::map(<#payload as #p::Deserialize<'de>>::deserialize(payload), Self::#variant))
    });
    quote! {
        pub enum __Receive {
            #(#variants,)*
        }

        #tagged
    }
}

fn tagged(
    set: &TokenStream,
    handlers: &[Named],
    nameless: Option<TokenStream>,
    read: impl Fn(&Named) -> TokenStream,
) -> TokenStream {
    let p = Private;
    let names = each(handlers, |handler| {
        let name = handler.text();
        quote!(#name)
    });
    let named: Vec<_> = handlers.iter().enumerate().filter(|(_, handler)| handler.name.is_some()).collect();
    let arms_of = |text: fn(&str) -> String| {
        named.iter().map(move |(index, handler)| {
            let (name, cfgs) = (text(&handler.text()), &handler.method.cfgs);
            quote!(#(#cfgs)* #name => #p::Option::Some(#index))
        })
    };
    let exact = arms_of(str::to_owned);
    let folded = arms_of(fold);
    let reads = arms(handlers, |index, handler| {
        let read = read(handler);
        quote!(#index => #read)
    });
    quote! {
        #[automatically_derived]
        impl #p::Tagged for #set {
            const NAMES: &'static [&'static #p::primitive::str] = &[#(#names),*];
            #nameless

            fn find(name: &#p::primitive::str) -> #p::Option<#p::primitive::usize> {
                match name {
                    #(#exact,)*
                    _ => match &*#p::fold(name) {
                        #(#folded,)*
                        _ => #p::Option::None,
                    },
                }
            }

            fn read<'de, __D: #p::Deserializer<'de>>(
                index: #p::primitive::usize,
                payload: __D,
            ) -> #p::Result<Self, __D::Error> {
                match index {
                    #(#reads,)*
                    _ => #p::unknown_index(index),
                }
            }
        }
    }
}

/// Something for each handler, under the handler's own `#[cfg]`.
fn each(handlers: &[Named], tokens: impl Fn(&Named) -> TokenStream) -> Vec<TokenStream> {
    arms(handlers, |_, handler| tokens(handler))
}

/// As [`each`], with an index that stays when another handler is configured away.
fn arms(handlers: &[Named], tokens: impl Fn(usize, &Named) -> TokenStream) -> Vec<TokenStream> {
    handlers
        .iter()
        .enumerate()
        .map(|(index, handler)| {
            let (cfgs, tokens) = (&handler.method.cfgs, tokens(index, handler));
            quote!(#(#cfgs)* #tokens)
        })
        .collect()
}
