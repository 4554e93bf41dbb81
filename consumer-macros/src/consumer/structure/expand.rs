//! From the struct half to `impl Declared` and what fills the fields.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Generics, parse_quote};

use super::model::{Consumer, Field, Group, Source};
use crate::{
    paths::{Private, anonymous},
    types,
};

pub(super) fn consumer(consumer: &Consumer<'_>) -> TokenStream {
    let declared = declared(consumer);
    let group = in_group(consumer);
    let sends = sends(consumer);
    let built = built(consumer);
    anonymous(quote!(#declared #group #sends #built))
}

fn declared(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let Consumer { ident, generics, path, params, subprotocols, settings, .. } = consumer;
    let (impls, types, wheres) = generics.split_for_impl();
    let name = ident.to_string();
    let subprotocols = (!subprotocols.is_empty()).then(|| quote!(.subprotocols(&[#(#subprotocols),*])));
    let keep_scope = consumer.keep_scope.then(|| quote!(.keep_scope()));
    let group = match &consumer.group {
        None => None,
        Some(Group::Declared(ty)) => Some(quote!(.group(<#ty as #p::Group>::TEMPLATE))),
        Some(Group::Own(template, _)) => Some(quote!(.group(#template))),
    };
    let settings = (!settings.is_empty()).then(|| {
        let set = settings.iter().map(|setting| {
            let (name, value) = (&setting.name, &setting.value);
            quote!(settings.#name = #value;)
        });
        quote!(.settings(|settings: &mut #p::Settings| { #(#set)* }))
    });
    let declared_group = declared_group(consumer);
    quote! {
        #[automatically_derived]
        impl #impls #p::Declared for #ident #types #wheres {
            const DECLARATION: #p::Declaration =
                #p::Declaration::new(#name, #path, &[#(#params),*]) #subprotocols #keep_scope #group #settings;

            #declared_group
        }
    }
}

fn declared_group(consumer: &Consumer<'_>) -> Option<TokenStream> {
    let p = Private;
    let body = match consumer.group.as_ref()? {
        Group::Declared(ty) => {
            let fields = consumer.fields.iter().map(|field| {
                let (ident, name) = (field.ident, field.name());
                quote!((#name, (&#p::fields::Text(&self.#ident)).text()))
            });
            quote! {
                use #p::{checks::NotYet as _, fields::NoText as _};
                #p::checks::Member::<#ty, Self>::check();
                #p::Option::Some(#p::render(<#ty as #p::Group>::TEMPLATE, &[#(#fields),*]))
            }
        }
        Group::Own(template, names) => {
            let fields = consumer.fields.iter().filter(|field| names.contains(&field.name())).map(|field| {
                let (ident, ty, name) = (field.ident, field.ty, field.name());
                quote!((#name, #p::fields::display::<#ty>(&self.#ident)))
            });
            quote!(#p::Option::Some(#p::render(#template, &[#(#fields),*])))
        }
    };
    Some(quote! {
        fn declared_group(&self) -> #p::Option<#p::Result<#p::GroupName, #p::NameError>> {
            #body
        }
    })
}

fn in_group(consumer: &Consumer<'_>) -> Option<TokenStream> {
    let p = Private;
    let Consumer { ident, generics, .. } = consumer;
    let (impls, types, wheres) = generics.split_for_impl();
    let (group, check) = match consumer.group.as_ref()? {
        Group::Declared(ty) => (ty.to_token_stream(), consumer.buildable.then(|| fields_check(consumer, ty))),
        Group::Own(..) => (quote!(#p::OwnGroup<Self>), None),
    };
    Some(quote! {
        #[automatically_derived]
        impl #impls #p::InGroup for #ident #types #wheres {
            type Group = #group;
        }

        #check
    })
}

/// The check that the group's template can be filled from the fields, underlined at the group.
fn fields_check(consumer: &Consumer<'_>, group: &syn::Type) -> TokenStream {
    let p = Private;
    let name = consumer.ident.to_string();
    let text = group.to_token_stream().to_string().replace(' ', "");
    let generic = !consumer.generics.params.is_empty();
    let fields = consumer.fields.iter().map(|field| {
        let (ty, name) = (field.ty, field.name());
        // A free constant can name neither `Self` nor a type parameter.
        if generic || types::mentioned(ty, &["Self".to_owned()]).is_some() {
            quote!((#name, true))
        } else {
            quote!((#name, #p::fields::Shown::<#ty>::YES))
        }
    });
    let span = syn::spanned::Spanned::span(group);
    let check = crate::paths::called_at(
        span,
        quote!(#p::checks::group_fields),
        quote!(#name, #text, <#group as #p::Group>::TEMPLATE, <#group as #p::Group>::FIELDS, &[#(#fields),*]),
    );
    quote! {
        const _: () = {
            use #p::fields::NotShown as _;
            #check
        };
    }
}

fn sends(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let Consumer { ident, generics, sends, .. } = consumer;
    let (impls, types, wheres) = generics.split_for_impl();
    quote! {
        #(
            #[automatically_derived]
            impl #impls #p::SentBy<#ident #types> for #sends #wheres {}
        )*
    }
}

fn built(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let Consumer { ident, generics, fields, .. } = consumer;
    let (_, types, _) = generics.split_for_impl();
    let mut generics = Generics::clone(generics);
    generics.params.push(parse_quote!(__S: #p::Send + #p::Sync + 'static));
    if consumer.buildable {
        let wheres = generics.make_where_clause();
        for Field { ty, source, .. } in fields {
            wheres.predicates.push(match source {
                Source::Path => parse_quote!(#ty: #p::fields::PathField<__S>),
                Source::Extract => parse_quote!(#ty: #p::FromRequestParts<__S>),
                Source::Default => parse_quote!(#ty: #p::fields::DefaultField<__S>),
            });
        }
    }
    let (impls, _, wheres) = generics.split_for_impl();
    let body = if consumer.buildable { fill(fields) } else { quote!(#p::broken()) };
    quote! {
        #[automatically_derived]
        impl #impls #p::Built<__S> for #ident #types #wheres {
            async fn build(request: &mut #p::Parts, state: &__S) -> #p::Result<Self, #p::Refusal> {
                #body
            }
        }
    }
}

fn fill(fields: &[Field<'_>]) -> TokenStream {
    let p = Private;
    let local = |index: usize| format_ident!("field_{index}");
    let extracted = fields.iter().enumerate().filter(|(_, field)| matches!(field.source, Source::Extract)).map(|(index, field)| {
        let (local, ty) = (local(index), field.ty);
        quote!(let #local = #p::args::extract::<#ty, __S>(request, state).await?;)
    });
    let params = fields
        .iter()
        .any(|field| matches!(field.source, Source::Path))
        .then(|| quote!(let params = #p::fields::path_params(request).await?;));
    let values = fields.iter().enumerate().map(|(index, field)| {
        let (ident, ty, name) = (field.ident, field.ty, field.name());
        match field.source {
            Source::Path => quote!(#ident: #p::fields::path_field::<#ty, __S>(&params, #name)?),
            Source::Extract => {
                let local = local(index);
                quote!(#ident: #local)
            }
            Source::Default => quote!(#ident: <#ty as #p::fields::DefaultField<__S>>::fill()),
        }
    });
    quote! {
        #(#extracted)*
        #params
        #p::Result::Ok(Self { #(#values),* })
    }
}
