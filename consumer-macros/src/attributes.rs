//! Questions about attributes.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Path, Token, punctuated::Punctuated};

/// Whether a path ends in `name`, as `consumer_runtime::event` ends in `event`.
pub(crate) fn ends_in(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == name)
}

/// The attributes that decide whether an item exists, which everything generated for it repeats.
pub(crate) fn cfgs(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).cloned().collect()
}

/// The doc comment, without the space that each of its lines begins with; empty when there is none.
pub(crate) fn docs(attributes: &[Attribute]) -> String {
    let lines: Vec<_> = attributes.iter().filter_map(doc_line).collect();
    lines.join("\n").trim().to_owned()
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(doc) = &attribute.meta else { return None };
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &doc.value else { return None };
    let lines = doc.path.is_ident("doc").then(|| text.value())?;
    let lines: Vec<_> = lines.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()).collect();
    Some(lines.join("\n"))
}

/// The condition under which all of `cfgs` hold.
pub(crate) fn condition(cfgs: &[Attribute]) -> TokenStream {
    let conditions = cfgs.iter().filter_map(|cfg| cfg.meta.require_list().ok()).map(|list| &list.tokens);
    quote!(all(#(#conditions),*))
}

/// The derive of `name` among `attributes`, under `cfg_attr` too.
pub(crate) fn find_derive(attributes: &[Attribute], name: &str) -> Option<Path> {
    attributes.iter().find_map(|attribute| find_derive_in(&attribute.meta, name))
}

fn find_derive_in(meta: &Meta, name: &str) -> Option<Path> {
    let Meta::List(list) = meta else { return None };
    if ends_in(&list.path, "derive") {
        let paths = list.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated).ok()?;
        return paths.into_iter().find(|path| ends_in(path, name));
    }
    if list.path.is_ident("cfg_attr") {
        let metas = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
        return metas.iter().skip(1).find_map(|meta| find_derive_in(meta, name));
    }
    None
}

/// The keyword that says what an item is: the first of `fn`, `struct`, `impl`, .. outside attributes.
pub(crate) fn item_keyword(item: &TokenStream) -> Option<proc_macro2::Ident> {
    const KEYWORDS: [&str; 10] = ["fn", "struct", "enum", "union", "impl", "trait", "mod", "type", "static", "use"];
    item.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if KEYWORDS.iter().any(|keyword| ident == keyword) => Some(ident),
        _ => None,
    })
}
