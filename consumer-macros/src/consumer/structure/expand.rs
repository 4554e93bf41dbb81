//! From the struct half to what it declares.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Type, parse_quote, spanned::Spanned};

use super::{
    build,
    model::{Consumer, Group},
};
use crate::{
    paths::{Private, anonymous, called_at},
    types,
};

pub(super) fn consumer(consumer: &Consumer<'_>) -> TokenStream {
    let declared = declared(consumer);
    let group = in_group(consumer);
    let sends = sends(consumer);
    let built = build::built(consumer);
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
    let sends = (!consumer.sends.is_empty()).then(|| {
        let sends = consumer.sends.iter().map(contract);
        quote! {
            .sends(|contract: &mut #p::schema::Builder| {
                use #p::schema::NoEvent as _;
                #(#sends)*
            })
        }
    });
    let declared_group = declared_group(consumer);
    quote! {
        #[automatically_derived]
        impl #impls #p::Declared for #ident #types #wheres {
            const DECLARATION: #p::Declaration =
                #p::Declaration::new(#name, #path, &[#(#params),*]) #subprotocols #keep_scope #group #settings #sends;

            #declared_group
        }
    }
}

fn declared_group(consumer: &Consumer<'_>) -> Option<TokenStream> {
    let p = Private;
    let body = match consumer.group.as_ref()? {
        Group::Declared(ty) => {
            let fields = consumer.fields.iter().map(|field| {
                let (ident, name, cfgs) = (field.ident, field.name(), &field.cfgs);
                quote!(#(#cfgs)* (#name, (&#p::fields::Text(&self.#ident)).text()))
            });
            quote! {
                use #p::{checks::NotYet as _, fields::NoText as _};
                #p::checks::Member::<#ty, Self>::check::<#ty>();
                #p::Option::Some(#p::render(<#ty as #p::Group>::TEMPLATE, &[#(#fields),*]))
            }
        }
        Group::Own(template, names) => {
            let fields = consumer.fields.iter().filter(|field| names.contains(&field.name())).map(|field| {
                let (ident, ty, name, cfgs) = (field.ident, field.ty, field.name(), &field.cfgs);
                quote!(#(#cfgs)* (#name, <#ty as #p::fields::NamedField>::display(&self.#ident)))
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
        impl #impls #p::InGroup<#group> for #ident #types #wheres {}

        #check
    })
}

/// The check that the group's template can be filled from the fields, underlined at the group.
fn fields_check(consumer: &Consumer<'_>, group: &Type) -> TokenStream {
    let p = Private;
    let name = consumer.ident.to_string();
    let text = types::text(group);
    let generic = !consumer.generics.params.is_empty();
    let fields = consumer.fields.iter().map(|field| {
        let (ty, name, cfgs) = (field.ty, field.name(), &field.cfgs);
        // A free constant can name neither `Self` nor a type parameter.
        if generic || types::mentioned(ty, &["Self".to_owned()]).is_some() {
            quote!(#(#cfgs)* (#name, true))
        } else {
            quote!(#(#cfgs)* (#name, #p::fields::Shown::<#ty>::YES))
        }
    });
    let check = called_at(
        group.span(),
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

/// A type of `sends(..)` in the consumer's contract, by the name that the program has for it.
fn contract(ty: &Type) -> TokenStream {
    let p = Private;
    let name = types::last_segment(ty).map_or_else(|| types::text(ty), |segment| types::text(&parse_quote!(#segment)));
    quote!(contract.sends(#name, #p::schema::Wire::<#ty>::NAME, #p::schema::known!(#ty));)
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
