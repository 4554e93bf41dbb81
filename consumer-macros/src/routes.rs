//! `routes![ChatConsumer, NotificationConsumer]`.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use syn::{
    Token, Type,
    parse::{ParseStream, Parser},
    spanned::Spanned,
};

use crate::{
    errors::Errors,
    paths::{self, Private, anonymous, called_at},
    runtime::split,
    types,
};

const FORM: &str = "write `routes![ChatConsumer, NotificationConsumer]`";

pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (tokens, path) = split(tokens, &mut errors);
    paths::within(path, || router(tokens, errors))
}

fn router(tokens: TokenStream, mut errors: Errors) -> TokenStream {
    let p = Private;
    let parsed = (|input: ParseStream<'_>| consumers(input, &mut errors)).parse2(tokens);
    let consumers = match errors.keep(parsed) {
        Some(consumers) => types::unique(consumers, &mut errors),
        None => Vec::new(),
    };
    if consumers.is_empty() && errors.len() == 0 {
        errors.at(Span::call_site(), format!("`routes!` lists the consumers that it mounts; {FORM}"));
    }
    let checks = checks(&consumers);
    let router = consumers.iter().fold(quote!(#p::router()), |router, ty| quote!(#p::mount::<#ty, _>(#router)));
    let import = paths::imported();
    quote!({ #import #checks #errors #router })
}

/// The types of the list, without what is none.
fn consumers(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Vec<Type>> {
    let mut consumers = Vec::new();
    while !input.is_empty() {
        let start = input.span();
        match input.parse::<Type>() {
            Ok(ty) if !input.is_empty() && !input.peek(Token![,]) => {
                errors.on(&ty, format!("a consumer is named by its type alone; {FORM}"));
            }
            Ok(ty) => consumers.push(ty),
            Err(_) => errors.at(start, format!("this is not the type of a consumer; {FORM}")),
        }
        while !input.is_empty() && !input.peek(Token![,]) {
            input.parse::<TokenTree>()?;
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(consumers)
}

/// The checks of each consumer against those before it, underlined at it.
fn checks(consumers: &[Type]) -> TokenStream {
    let p = Private;
    if consumers.len() < 2 {
        return TokenStream::new();
    }
    let names = consumers.iter().map(types::text);
    let list = quote! {
        const CONSUMERS: &[#p::checks::Mounted] = &[
            #(#p::checks::Mounted::new(#names, #p::checks::Declares::<#consumers>::DECLARED)),*
        ];
    };
    let checks = consumers.iter().enumerate().skip(1).map(|(at, consumer)| {
        let check = called_at(
            consumer.span(),
            quote!(#p::checks::mounted::<{ #p::checks::mounted_room(CONSUMERS, #at) }>),
            quote!(CONSUMERS, #at),
        );
        quote!(const _: () = #check;)
    });
    let items = quote! {
        use #p::checks::DeclaresNothing as _;
        #list
        #(#[allow(long_running_const_eval)] #checks)*
    };
    anonymous(items)
}
