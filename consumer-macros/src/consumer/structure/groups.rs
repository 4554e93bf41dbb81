//! The groups that a consumer declares: their names, which of them is which, and whether its fields can name them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Type, ext::IdentExt, spanned::Spanned};

use super::model::{Consumer, Group};
use crate::{
    paths::{Private, called_at},
    types,
};

/// The list of what the groups declare, if there are any.
pub(super) fn declarations(consumer: &Consumer<'_>) -> Option<TokenStream> {
    let p = Private;
    let name = consumer.ident.unraw().to_string();
    let declarations = consumer.groups.iter().map(|group| match group {
        Group::Declared(ty) => quote!(<#ty as #p::Group>::DECLARATION),
        Group::Own(template, _) => quote! {
            #p::GroupDeclaration::new::<Self>(#name, #template, #p::module_path!(), #p::line!(), #p::column!()).own()
        },
    });
    (!consumer.groups.is_empty()).then(|| quote!(&[#(#declarations),*]))
}

/// The method that fills the templates from the fields.
pub(super) fn declared_groups(consumer: &Consumer<'_>) -> Option<TokenStream> {
    let p = Private;
    let body = match &consumer.groups[..] {
        [] => return None,
        [Group::Own(template, names)] => {
            let fields = consumer.fields.iter().filter(|field| names.contains(&field.name())).map(|field| {
                let (ident, ty, name, cfgs) = (field.ident, field.ty, field.name(), &field.cfgs);
                quote!(#(#cfgs)* (#name, <#ty as #p::fields::NamedField>::display(&self.#ident)))
            });
            quote!(#p::Result::Ok(#p::GroupNames::new([#p::render(#template, &[#(#fields),*])?])))
        }
        groups => {
            let groups: Vec<_> = groups.iter().filter_map(Group::declared).collect();
            let fields = consumer.fields.iter().map(|field| {
                let (ident, name, cfgs) = (field.ident, field.name(), &field.cfgs);
                quote!(#(#cfgs)* (#name, (&#p::fields::Text(&self.#ident)).text()))
            });
            quote! {
                use #p::{checks::NotYet as _, fields::NoText as _};
                #(#p::checks::Member::<#groups, Self>::check::<#groups>();)*
                let fields: &[(&'static #p::primitive::str, &dyn #p::fmt::Display)] = &[#(#fields),*];
                #p::Result::Ok(#p::GroupNames::new([#(#p::render(<#groups as #p::Group>::TEMPLATE, fields)?),*]))
            }
        }
    };
    Some(quote! {
        fn declared_groups(&self) -> #p::Result<#p::GroupNames, #p::NameError> {
            #body
        }
    })
}

pub(super) fn in_groups(consumer: &Consumer<'_>) -> TokenStream {
    let p = Private;
    let Consumer { ident, generics, .. } = consumer;
    let (impls, types, wheres) = generics.split_for_impl();
    let of = |group: &Group| match group {
        Group::Declared(ty) => ty.to_token_stream(),
        Group::Own(..) => quote!(#p::OwnGroup<Self>),
    };
    let sole = match &consumer.groups[..] {
        [] => None,
        [group] => Some(of(group)),
        _ => Some(quote!(#p::SeveralGroups)),
    };
    let sole = sole.map(|group| {
        quote! {
            #[automatically_derived]
            impl #impls #p::SoleGroup<#group> for #ident #types #wheres {}
        }
    });
    let groups = consumer.groups.iter().enumerate().map(|(index, group)| {
        let ty = of(group);
        quote! {
            #[automatically_derived]
            impl #impls #p::InGroup<#ty> for #ident #types #wheres {
                const INDEX: #p::primitive::usize = #index;
            }
        }
    });
    let declared: Vec<_> = consumer.groups.iter().filter_map(Group::declared).collect();
    let fields = declared.iter().filter(|_| consumer.buildable).map(|group| fields_check(consumer, group));
    let names = (1..declared.len()).map(|at| names_check(consumer, &declared, at));
    quote!(#(#groups)* #sole #(#fields)* #(#names)*)
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

/// The check that group `at` can't have the name of one before it, underlined at the group.
fn names_check(consumer: &Consumer<'_>, groups: &[&Type], at: usize) -> TokenStream {
    let p = Private;
    let name = consumer.ident.to_string();
    let check = called_at(
        groups[at].span(),
        quote!(#p::checks::own_groups::<{ #p::checks::own_groups_room(GROUPS, #at) }>),
        quote!(#name, GROUPS, #at),
    );
    quote! {
        #[allow(long_running_const_eval)]
        const _: () = {
            const GROUPS: &[#p::GroupDeclaration] = &[#(<#groups as #p::Group>::DECLARATION),*];
            #check
        };
    }
}
