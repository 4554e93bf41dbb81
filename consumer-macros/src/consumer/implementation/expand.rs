//! From the impl half to everything that the runtime calls.

mod calls;
mod connect;
mod contract;
mod dispatch;
mod sets;
mod worker;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    model::{Consumer, Form, Named},
    parse::ImplBlock,
};
use crate::{
    paths::{Private, anonymous, called_at},
    types,
};

pub(super) fn implementation(consumer: &Consumer<'_>, block: &ImplBlock) -> TokenStream {
    let p = Private;
    // The block is printed without them; here an editor finds what each one is.
    let markers = block.markers();
    let events = sets::events(consumer);
    if consumer.form == Form::Worker {
        let (worker, names) = (worker::worker(consumer), names(consumer));
        return anonymous(quote! {
            #(use #p::markers::#markers as _;)*
            use #p::{checks::NoEvent as _, replies::Untold as _};
            #events
            #worker
            #names
        });
    }
    let receives = sets::receives(consumer);
    let dispatch = dispatch::consumer(consumer);
    let connect = connect::connect(consumer);
    let handled = consumer.events.iter().filter(|event| !event.repeated).map(|event| handled_by(event, consumer));
    let names = names(consumer);
    anonymous(quote! {
        #(use #p::markers::#markers as _;)*
        use #p::{checks::{AnyHalf as _, NoEvent as _}, replies::Untold as _};
        #events
        #receives
        #dispatch
        #connect
        #(#handled)*
        #names
    })
}

fn handled_by(event: &Named, consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let (impls, _, wheres) = consumer.generics.split_for_impl();
    let (ty, payload, variant, cfgs) = (consumer.ty, &event.payload, &event.variant, &event.method.cfgs);
    quote! {
        #(#cfgs)*
        #[automatically_derived]
        impl #impls #p::HandledBy<#ty> for #payload #wheres {
            fn into_event(event: #p::Arc<Self>) -> <#ty as #p::Consumer>::Event {
                __Event::#variant(event)
            }

            fn into_message(event: Self) -> #p::Message {
                <#payload as #p::Event>::__message(event)
            }
        }
    }
}

fn names(consumer: &Consumer<'_>) -> TokenStream {
    consumer.events.iter().filter(|event| event.method.callable).map(name_check).collect()
}

/// A free constant, which `cargo check` evaluates: the handler's name is the payload's.
fn name_check(event: &Named) -> TokenStream {
    let p = Private;
    let (Some(name), payload, cfgs) = (&event.name, &event.payload, &event.method.cfgs) else {
        return TokenStream::new();
    };
    let method = event.method.name();
    let text = types::text(payload);
    let check = called_at(
        name.span(),
        quote!(#p::checks::event_name),
        quote!(#method, #name, #text, <#payload as #p::Event>::NAME),
    );
    quote! {
        #(#cfgs)*
        const _: () = #check;
    }
}
