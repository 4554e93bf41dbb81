//! From an error to `Display`, `ReplyError`, `From` both ways, `IntoReply` and `IntoResponse`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Type, ext::IdentExt};

use super::model::{Case, Failure, Field, Message, Said};
use crate::{
    paths::{Private, anonymous},
    types::without_self,
};

pub(super) fn reply_error(failure: &Failure<'_>) -> TokenStream {
    let p = Private;
    let ident = &failure.item.ident;
    let (impls, types, wheres) = failure.item.generics.split_for_impl();
    let codes = failure.cases.iter().filter_map(|case| match &case.said {
        Said::Told { code, .. } => Some(code),
        Said::Internal(_) => None,
    });
    let (texts, answers, causes) = match failure.broken {
        true => (quote!(#p::broken()), quote!(#p::broken()), quote!(#p::broken())),
        false => (texts(failure), answers(failure), causes(failure)),
    };
    let sources = failure.cases.iter().filter_map(|case| source(failure, case));
    let described = failure.cases.iter().filter_map(described);
    anonymous(quote! {
        #[automatically_derived]
        impl #impls #p::fmt::Display for #ident #types #wheres {
            fn fmt(&self, formatter: &mut #p::fmt::Formatter<'_>) -> #p::fmt::Result {
                #texts
            }
        }

        #[automatically_derived]
        impl #impls #p::ReplyError for #ident #types #wheres {
            const CODES: &'static [&'static #p::primitive::str] = &[#(#codes),*];

            fn answer(&self) -> #p::Option<#p::Answer> {
                #answers
            }

            fn __describe(__errors: &mut #p::schema::ErrorCodes) {
                #(#described)*
            }
        }

        #[automatically_derived]
        impl #impls #p::From<#ident #types> for #p::Error #wheres {
            fn from(error: #ident #types) -> Self {
                #causes
            }
        }

        #[automatically_derived]
        impl #impls #p::replies::IntoReply for #ident #types #wheres {
            fn into_reply(self) -> #p::Error {
                #p::From::from(self)
            }
        }

        #[automatically_derived]
        impl #impls #p::IntoResponse for #ident #types #wheres {
            fn into_response(self) -> #p::Response {
                #p::replies::response(self)
            }
        }

        #(#sources)*
    })
}

/// The body of `fmt`: the message.
fn texts(failure: &Failure<'_>) -> TokenStream {
    let p = Private;
    let arms = failure.cases.iter().map(|case| {
        let path = path(case, &quote!(Self));
        match &case.said {
            Said::Told { message, fields, .. } => {
                let used = fields.iter().filter(|field| message.names(&name(field)));
                let bindings = used.map(|field| binding(field));
                let template = &message.template;
                let arguments = arguments(message, fields);
                quote!(#path { #(#bindings,)* .. } => formatter.write_fmt(#p::format_args!(#template #(, #arguments)*)))
            }
            Said::Internal(ty) => {
                quote!(#path { 0: ref __cause } => <#ty as #p::replies::Cause>::text(__cause, formatter))
            }
        }
    });
    quote!(match *self { #(#arms,)* })
}

/// What stands for the placeholders, in their order; the conversion is the check.
fn arguments<'a>(message: &'a Message, fields: &'a [Field<'a>]) -> impl Iterator<Item = TokenStream> + 'a {
    let p = Private;
    message.placeholders.iter().filter_map(move |placeholder| {
        let field = fields.iter().find(|field| name(field) == placeholder.name)?;
        let (ty, local) = (field.ty, local(field));
        Some(match placeholder.display {
            true => quote!(<#ty as #p::replies::Shown>::shown(#local)),
            false => quote!(#local),
        })
    })
}

/// The body of `answer`.
fn answers(failure: &Failure<'_>) -> TokenStream {
    let p = Private;
    let arms = failure.cases.iter().map(|case| {
        let path = path(case, &quote!(Self));
        match &case.said {
            Said::Told { code, fields, .. } => {
                let told: Vec<_> = fields.iter().filter(|field| !field.skipped).collect();
                let bindings = told.iter().map(|field| binding(field));
                let data = told.iter().map(|field| {
                    let (ty, name, local) = (field.ty, name(field), local(field));
                    quote!((#name, <#ty as #p::replies::Datum>::value(#local)))
                });
                quote! {
                    #path { #(#bindings,)* .. } =>
                        #p::Option::Some(#p::replies::answer(#code, self, [#(#data),*]))
                }
            }
            Said::Internal(_) => quote!(#path { .. } => #p::Option::None),
        }
    });
    quote!(match *self { #(#arms,)* })
}

/// What a client may know of a variant beforehand.
fn described(case: &Case<'_>) -> Option<TokenStream> {
    let p = Private;
    let Said::Told { code, fields, .. } = &case.said else { return None };
    let data = fields.iter().filter(|field| !field.skipped).map(|field| {
        let (name, ty) = (name(field), field.ty);
        quote!(.data(#name, #p::schema::known!(#ty)))
    });
    let docs = &case.docs;
    Some(quote!(__errors.code(#code, #p::schema::docs!(#docs))#(#data)*;))
}

/// The body of the way to `Error`: an `internal` error is what happened, every other one what is told.
fn causes(failure: &Failure<'_>) -> TokenStream {
    let p = Private;
    let ident = &failure.item.ident;
    let arms = failure.cases.iter().filter_map(|case| match &case.said {
        Said::Internal(ty) => {
            let (path, ty) = (path(case, &quote!(#ident)), elsewhere(failure, ty));
            Some(quote!(#path { 0: __cause } => <#ty as #p::replies::Cause>::into_error(__cause)))
        }
        Said::Told { .. } => None,
    });
    quote! {
        match error {
            #(#arms,)*
            ref told => #p::replies::told(told),
        }
    }
}

/// The way from what happened, for `?`.
fn source(failure: &Failure<'_>, case: &Case<'_>) -> Option<TokenStream> {
    let p = Private;
    let Said::Internal(ty) = &case.said else { return None };
    let (ident, source, path) = (&failure.item.ident, elsewhere(failure, ty), path(case, &quote!(Self)));
    let (impls, types, wheres) = failure.item.generics.split_for_impl();
    Some(quote! {
        #[automatically_derived]
        impl #impls #p::From<#source> for #ident #types #wheres {
            fn from(cause: #source) -> Self {
                #path { 0: cause }
            }
        }
    })
}

/// `Self::NoRoom`, or `Self` for a struct.
fn path(case: &Case<'_>, owner: &TokenStream) -> TokenStream {
    match case.variant {
        Some(variant) => quote!(#owner::#variant),
        None => owner.clone(),
    }
}

/// A type of a field where `Self` is another one.
fn elsewhere(failure: &Failure<'_>, ty: &Type) -> TokenStream {
    let ident = &failure.item.ident;
    let (_, types, _) = failure.item.generics.split_for_impl();
    without_self(ty, &syn::parse_quote!(#ident #types))
}

fn binding(field: &Field<'_>) -> TokenStream {
    let (ident, local) = (field.ident, local(field));
    quote!(#ident: ref #local)
}

/// The local that holds a field, whose own name may be that of a constant.
fn local(field: &Field<'_>) -> Ident {
    format_ident!("__{}", field.ident.unraw())
}

fn name(field: &Field<'_>) -> String {
    field.ident.unraw().to_string()
}
