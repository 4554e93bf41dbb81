//! `impl Consumer`: from an event or a frame to its handler.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Type;

use super::{
    super::model::{Consumer, Form, Method, Named},
    calls::{self, Calls},
};
use crate::{
    paths::{Private, called_at},
    types,
};

pub(super) fn consumer(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let Consumer { ty, form, generics, .. } = consumer;
    let (impls, _, wheres) = generics.split_for_impl();
    let calls = Calls { form: *form };
    let blocking = (*form == Form::Blocking).then(|| quote!(const BLOCKING: #p::primitive::bool = true;));
    let handlers = handlers(consumer);
    let fan = consumer.events.iter().map(fan);
    let events = consumer.events.iter().map(|event| self::event(event, calls));
    let answers = answers(&consumer.receives);
    let frame_name = frame_name(&consumer.receives);
    let receives = consumer.receives.iter().map(|frame| receive(frame, calls));
    let texts = consumer.texts.iter().map(|method| text(method, calls));
    let bytes = consumer.bytes.iter().map(|method| self::bytes(method, calls));
    let disconnects = consumer.disconnects.iter().map(|method| disconnect(method, calls));
    let contract = super::contract::contract(consumer);
    let send = assumed_send();
    quote! {
        #[automatically_derived]
        impl #impls #p::Consumer for #ty #wheres {
            const DECLARATION: #p::Declaration = <#ty as #p::Declared>::DECLARATION;
            const HANDLERS: &'static [#p::Handler] = #handlers;
            #blocking

            type Event = __Event;
            type Receive = __Receive;
            type Connect = __Connect;

            #contract

            fn fan(event: &__Event) -> #p::Fanned {
                match *event {
                    #(#fan,)*
                }
            }

            #answers

            #frame_name

            async fn event(
                consumer: &mut #p::Slot<Self>,
                event: __Event,
                context: &mut #p::Context<Self>,
            ) -> #p::Outcome
            where
                #send,
            {
                match event {
                    #(#events,)*
                }
            }

            async fn receive(
                consumer: &mut #p::Slot<Self>,
                frame: __Receive,
                context: &mut #p::Context<Self>,
            ) -> #p::Outcome
            where
                #send,
            {
                match frame {
                    #(#receives,)*
                }
            }

            #(#texts)*
            #(#bytes)*
            #(#disconnects)*
        }
    }
}

/// The list of all handlers.
pub(super) fn handlers(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let handlers = consumer.listed.iter().map(|handler| {
        let kind = Ident::new(handler.kind, Span::call_site());
        let (name, method, cfgs) = (&handler.name, &handler.method, &handler.cfgs);
        quote!(#(#cfgs)* #p::Handler::new(#p::HandlerKind::#kind, #name, #method))
    });
    quote!(&[#(#handlers),*])
}

fn fan(event: &Named) -> TokenStream {
    let p = Private;
    let (variant, method) = (&event.variant, &event.method);
    let cfgs = &method.cfgs;
    let body = if !event.is_shared() {
        quote!(#p::Fanned::Each)
    } else if method.callable {
        let call = Calls { form: Form::Async }.call(&quote!(Self), method, None, |_, _| quote!(payload));
        let fanned = calls::fanned(method, call);
        let payload = &event.payload;
        called_at(method.at, quote!(#p::checks::Answering::<#payload>::fanned), fanned)
    } else {
        quote!(#p::broken())
    };
    quote!(#(#cfgs)* __Event::#variant(ref payload) => #body)
}

fn event(event: &Named, calls: Calls) -> TokenStream {
    let p = Private;
    let (variant, method) = (&event.variant, &event.method);
    let cfgs = &method.cfgs;
    let body = if event.is_shared() {
        quote!(#p::Outcome::Unexpected)
    } else {
        let input = |ty: &Type, by_reference| match by_reference {
            true => quote!(&payload),
            false => quote!(#p::owned::<#ty>(payload)),
        };
        calls.run(method, input, |call| calls::answered(method, &event.payload, call))
    };
    quote!(#(#cfgs)* __Event::#variant(payload) => #body)
}

/// Which frames' handlers return a value; nothing when none does.
fn answers(frames: &[Named]) -> Option<TokenStream> {
    let p = Private;
    let mut answering = frames.iter().filter(|frame| frame.method.answers()).peekable();
    answering.peek()?;
    let arms = answering.map(|frame| {
        let (variant, cfgs) = (&frame.variant, &frame.method.cfgs);
        quote!(#(#cfgs)* __Receive::#variant(_) => true)
    });
    Some(quote! {
        fn answers(frame: &__Receive) -> #p::primitive::bool {
            match *frame {
                #(#arms,)*
                _ => false,
            }
        }
    })
}

/// The names of frames that have one; nothing when none has.
fn frame_name(frames: &[Named]) -> Option<TokenStream> {
    let p = Private;
    let mut named = frames.iter().filter(|frame| frame.name.is_some()).peekable();
    named.peek()?;
    let arms = named.map(|frame| {
        let (variant, name, cfgs) = (&frame.variant, frame.text(), &frame.method.cfgs);
        quote!(#(#cfgs)* __Receive::#variant(_) => #name)
    });
    Some(quote! {
        fn frame_name(frame: &__Receive) -> &'static #p::primitive::str {
            match *frame {
                #(#arms,)*
                _ => "receive",
            }
        }
    })
}

fn receive(frame: &Named, calls: Calls) -> TokenStream {
    let (variant, method) = (&frame.variant, &frame.method);
    let cfgs = &method.cfgs;
    let body = calls.run(
        method,
        |_, by_reference| borrowed(by_reference, quote!(payload)),
        |call| calls::answer(method, call),
    );
    quote!(#(#cfgs)* __Receive::#variant(payload) => #body)
}

fn text(method: &Method, calls: Calls) -> TokenStream {
    let p = Private;
    let input = |ty: &Type, by_reference| match by_reference && types::ends_in(ty, "str") {
        true => quote!(&text),
        false => borrowed(by_reference, quote!(<#ty as #p::args::TextArg>::from_text(text))),
    };
    let body = calls.run(method, input, |call| calls::answer(method, call));
    let frame = whole_frame(method, &quote!(receive_text), &quote!(text: #p::String), &body);
    let answers = whole_frame_answers(method, &quote!(TEXT_ANSWERS));
    quote!(#answers #frame)
}

fn bytes(method: &Method, calls: Calls) -> TokenStream {
    let p = Private;
    let input = |ty: &Type, by_reference| match by_reference && matches!(types::peel(ty), Type::Slice(_)) {
        true => quote!(&bytes),
        false => borrowed(by_reference, quote!(<#ty as #p::args::BytesArg>::from_bytes(bytes))),
    };
    let body = calls.run(method, input, |call| calls::answer(method, call));
    let frame = whole_frame(method, &quote!(receive_bytes), &quote!(bytes: #p::Bytes), &body);
    let answers = whole_frame_answers(method, &quote!(BYTES_ANSWERS));
    quote!(#answers #frame)
}

fn disconnect(method: &Method, calls: Calls) -> TokenStream {
    let p = Private;
    let input = |ty: &Type, by_reference| {
        borrowed(by_reference, quote!(<#ty as #p::args::DisconnectArg>::from_disconnect(disconnect)))
    };
    let body = calls.run(method, input, |call| calls::quiet(method, call));
    whole_frame(method, &quote!(disconnect), &quote!(disconnect: #p::Disconnect), &body)
}

/// That the handler of a whole frame returns a value, if it does.
fn whole_frame_answers(method: &Method, name: &TokenStream) -> Option<TokenStream> {
    let p = Private;
    let cfgs = &method.cfgs;
    method.answers().then(|| quote!(#(#cfgs)* const #name: #p::primitive::bool = true;))
}

fn whole_frame(method: &Method, name: &TokenStream, argument: &TokenStream, body: &TokenStream) -> TokenStream {
    let p = Private;
    let cfgs = &method.cfgs;
    let send = assumed_send();
    quote! {
        #(#cfgs)*
        async fn #name(
            consumer: &mut #p::Slot<Self>,
            #argument,
            context: &mut #p::Context<Self>,
        ) -> #p::Outcome
            where
                #send,
            {
            #body
        }
    }
}

/// What `Consumer` asks once, at the impl's head: a consumer that is not `Send` is one error, and not one a handler.
///
/// The lifetime keeps the compiler from asking here already.
fn assumed_send() -> TokenStream {
    let p = Private;
    quote!(for<'__send> Self: #p::Send)
}

fn borrowed(by_reference: bool, value: TokenStream) -> TokenStream {
    if by_reference { quote!(&#value) } else { value }
}
