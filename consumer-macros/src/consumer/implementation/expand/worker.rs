//! `impl Worker`: from an event of the channel to its handler.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::{
    super::model::{Consumer, Named},
    calls::{self, Calls},
    dispatch,
};
use crate::paths::Private;

pub(super) fn worker(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let Consumer { ty, form, generics, events, .. } = consumer;
    let (impls, _, wheres) = generics.split_for_impl();
    let calls = Calls { form: *form };
    let handlers = dispatch::handlers(consumer);
    let arms = events.iter().map(|event| arm(event, calls));
    let work = events.iter().filter(|event| !event.repeated).map(|event| work_of(event, consumer));
    quote! {
        #[automatically_derived]
        impl #impls #p::Worker for #ty #wheres {
            const DECLARATION: #p::WorkerDeclaration = <#ty as #p::OnChannel>::DECLARATION;
            const HANDLERS: &'static [#p::Handler] = #handlers;

            type Event = __Event;

            // `Self: Sync` is asked once, at the head: a worker that is not is one error, and not one a handler.
            async fn handle(
                worker: &Self,
                event: __Event,
                context: &mut #p::WorkerContext<Self>,
            ) -> #p::Outcome
            where
                for<'__sync> Self: #p::Send + #p::Sync,
            {
                match event {
                    #(#arms,)*
                }
            }
        }

        #(#work)*
    }
}

fn arm(event: &Named, calls: Calls) -> TokenStream {
    let p = Private;
    let (variant, method) = (&event.variant, &event.method);
    let cfgs = &method.cfgs;
    let input = |ty: &Type, by_reference| match by_reference {
        true => quote!(&payload),
        false => quote!(#p::owned::<#ty>(payload)),
    };
    let body = calls.run(method, input, |call| calls::answered(method, &event.payload, call));
    quote!(#(#cfgs)* __Event::#variant(payload) => #body)
}

fn work_of(event: &Named, consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let (impls, _, wheres) = consumer.generics.split_for_impl();
    let (ty, payload, cfgs) = (consumer.ty, &event.payload, &event.method.cfgs);
    quote! {
        #(#cfgs)*
        #[automatically_derived]
        impl #impls #p::WorkOf<#ty> for #payload #wheres {
            fn into_message(event: Self) -> #p::Message {
                <#payload as #p::Event>::__message(event)
            }
        }
    }
}
