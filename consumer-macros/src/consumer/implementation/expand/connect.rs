//! `impl Connect`: from a request to the consumer in its slot.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Type, parse_quote};

use super::{
    super::model::{Consumer, Form, Method},
    calls::{self, Calls, extractor},
};
use crate::{
    attributes::condition,
    paths::{Private, extracts},
    types,
};

pub(super) fn connect(consumer: &Consumer<'_>) -> TokenStream {
    let handlers = consumer.connects.iter().map(|method| {
        let cfgs = &method.cfgs;
        let connect = with_handler(consumer, method);
        quote!(#(#cfgs)* #connect)
    });
    // Without a handler, or with all of them configured away, the fields alone make the consumer.
    let plain = without_handler(consumer);
    let default = match &consumer.connects[..] {
        [] => Some(plain),
        [first, ..] if first.cfgs.is_empty() => None,
        connects => {
            let conditions = connects.iter().map(|connect| condition(&connect.cfgs));
            Some(quote!(#[cfg(not(any(#(#conditions),*)))] #plain))
        }
    };
    quote! {
        pub enum __Connect {}

        #(#handlers)*
        #default
    }
}

fn with_handler(consumer: &Consumer<'_>, method: &Method) -> TokenStream {
    let p = Private;
    if !method.callable {
        return implementation(consumer, Vec::new(), false, &quote!(#p::broken()));
    }
    let ty = consumer.ty;
    let extracts: Vec<_> =
        method.extractors().map(|written| extracts(written, types::without_self(written, ty), ty)).collect();
    let locals = (0..extracts.len()).map(extractor);
    let extract = quote!(#(let #locals = <__S as #extracts>::extract(request, state).await?;)*);
    let body =
        if method.has_self { borrowing(consumer, method, &extract) } else { building(consumer, method, &extract) };
    implementation(consumer, extracts, method.has_self, &body)
}

/// `#[connect]` without receiver: it makes the consumer.
fn building(consumer: &Consumer<'_>, method: &Method, extract: &TokenStream) -> TokenStream {
    let p = Private;
    let ty = consumer.ty;
    let calls = Calls { form: consumer.form };
    let returned = types::without_self(calls::returned(method), ty);
    let call = types::without_self(calls.call(&quote!(#ty), method, None, |_, _| TokenStream::new()), ty);
    let convert = |call: TokenStream| quote!(<#returned as #p::args::ConnectOutput<#ty>>::into_consumer(#call));
    let made = if consumer.form == Form::Blocking {
        let made = convert(call);
        quote!(#p::blocking::connect(context, move |context| #made).await?)
    } else {
        let made = convert(calls::awaited(method, call));
        quote!(#made?)
    };
    let enter = enter(ty);
    quote! {
        #extract
        let made = #made;
        let made = #p::Slot::fill(consumer, made);
        #enter
    }
}

/// `#[connect]` with `&mut self`: it meets the consumer that its fields made.
fn borrowing(consumer: &Consumer<'_>, method: &Method, extract: &TokenStream) -> TokenStream {
    let p = Private;
    let ty = consumer.ty;
    let calls = Calls { form: consumer.form };
    let returned = types::without_self(calls::returned(method), ty);
    let convert = |call: TokenStream| quote!(<#returned as #p::args::ConnectedOutput>::into_result(#call));
    let receiver = if consumer.form == Form::Blocking { quote!(consumer) } else { quote!(#p::Slot::get(consumer)) };
    let call = calls.call(&quote!(#ty), method, Some(receiver), |_, _| TokenStream::new());
    let call = types::without_self(call, ty);
    let result = if consumer.form == Form::Blocking {
        let result = convert(call);
        quote!(#p::blocking::run(consumer, context, move |consumer, context| #result).await)
    } else {
        convert(calls::awaited(method, call))
    };
    let enter = enter(ty);
    quote! {
        let made = <#ty as #p::Built<__S>>::build(request, state).await?;
        #extract
        let made = #p::Slot::fill(consumer, made);
        #enter?;
        #result
    }
}

fn without_handler(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let ty = consumer.ty;
    let enter = enter(ty);
    let body = quote! {
        let made = <#ty as #p::Built<__S>>::build(request, state).await?;
        let made = #p::Slot::fill(consumer, made);
        #enter
    };
    implementation(consumer, Vec::new(), true, &body)
}

/// Joins the declared group with the fields of `made`.
fn enter(ty: &Type) -> TokenStream {
    let p = Private;
    quote!(#p::enter(<#ty as #p::Declared>::declared_groups(made), context).await)
}

fn implementation(consumer: &Consumer<'_>, extracts: Vec<TokenStream>, built: bool, body: &TokenStream) -> TokenStream {
    let p = Private;
    let ty = consumer.ty;
    let mut generics = consumer.generics.clone();
    generics.params.push(parse_quote!(__S: #p::Send + #p::Sync + 'static));
    let wheres = generics.make_where_clause();
    if built {
        wheres.predicates.push(parse_quote!(#ty: #p::Built<__S>));
    }
    for extracts in extracts {
        wheres.predicates.push(parse_quote!(__S: #extracts));
    }
    let (impls, _, wheres) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impls #p::Connect<__S, #ty> for __Connect #wheres {
            async fn connect(
                consumer: &mut #p::Slot<#ty>,
                request: &mut #p::Parts,
                state: &__S,
                context: &mut #p::Context<#ty>,
            ) -> #p::Result<(), #p::Refusal>
            where
                for<'__send> #ty: #p::Send,
            {
                #body
            }
        }
    }
}
