//! From a group to `impl Group` and the two lists of who may do what.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::check::Group;
use crate::paths::{Private, anonymous};

pub(super) fn group(group: &Group<'_>) -> TokenStream {
    let p = Private;
    let Group { ident, template, fields, events } = group;
    let name = ident.unraw().to_string();
    let names: Vec<_> = fields.iter().map(|(field, _)| field.unraw().to_string()).collect();
    let values = fields.iter().map(|(field, ty)| quote!(<#ty as #p::fields::NamedField>::display(&self.#field)));
    anonymous(quote! {
        #[automatically_derived]
        impl #p::Group for #ident {
            const DECLARATION: #p::GroupDeclaration = #p::GroupDeclaration::new::<Self>(
                #name,
                #template,
                #p::module_path!(),
                #p::line!(),
                #p::column!(),
            );
            const TEMPLATE: &'static #p::primitive::str = #template;
            const FIELDS: &'static [&'static #p::primitive::str] = &[#(#names),*];

            fn name(&self) -> #p::Result<#p::GroupName, #p::NameError> {
                #p::render(#template, &[#((#names, #values)),*])
            }
        }

        #(
            #[automatically_derived]
            impl #p::CarriedBy<#ident> for #events {}
        )*

        #[automatically_derived]
        impl<__C: #p::Consumer> #p::JoinedBy<__C> for #ident
        where
            #(#events: #p::HandledBy<__C>,)*
        {
        }
    })
}
