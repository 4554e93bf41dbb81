//! What `#[event]` refuses.

use syn::{
    Attribute, Data, DataStruct, DeriveInput, Field, Fields, Meta, Token, Type, ext::IdentExt, punctuated::Punctuated,
};

use super::{
    arguments::{Arguments, Key},
    model::{About, Derives, Payload, Shape},
};
use crate::{attributes::find_derive, errors::Errors, types};

/// Attributes of serde on a struct that change the form `{"type": .., ..fields}`.
const REFUSED: [&str; 8] = ["tag", "content", "untagged", "transparent", "rename", "from", "try_from", "into"];

pub(super) fn payload(mut item: DeriveInput, arguments: Arguments, errors: &mut Errors) -> Payload {
    let Arguments { name, answer, key } = arguments;
    let shape = shape(&item, errors);
    let derives = Derives {
        serialize: find_derive(&item.attrs, "Serialize").is_some(),
        deserialize: find_derive(&item.attrs, "Deserialize").is_some(),
    };
    let shape = match find_derive(&item.attrs, "Serialize").or_else(|| find_derive(&item.attrs, "Deserialize")) {
        Some(derive) if shape == Shape::Unit => {
            errors.on(&derive, "a unit event gets its serde impls from `#[event]`; remove this derive");
            Shape::Refused
        }
        _ => shape,
    };
    item.attrs.retain(|attribute| !refused_attribute(attribute, errors));
    let mut shape = shape;
    if let Data::Struct(DataStruct { fields: Fields::Named(fields), .. }) = &item.data {
        for field in &fields.named {
            check_field(field, errors);
            if check_borrow(field, errors) && shape == Shape::Named {
                shape = Shape::Unreadable;
            }
        }
    }
    let names_serde =
        item.attrs.iter().any(|attribute| serde_entries(attribute).any(|meta| meta.path().is_ident("crate")));
    let about = key.and_then(|key| about(key, &item, answer.is_some(), errors));
    Payload { item, name, answer, about, shape, derives, names_serde }
}

/// What an event is about, if that can be told.
fn about(key: Key, item: &DeriveInput, answered: bool, errors: &mut Errors) -> Option<About> {
    if answered {
        errors.on(
            &key.word,
            "an event with an `answer` has no `key`: its handlers take `self`, and send for themselves; remove it, and send with `context.send_latest(key, &value)`",
        );
        return None;
    }
    let Some(name) = key.field else { return Some(About::Event) };
    let fields = match &item.data {
        Data::Struct(DataStruct { fields: fields @ (Fields::Named(_) | Fields::Unit), .. }) => fields,
        // That is a mistake already.
        _ => return None,
    };
    let Some(field) = fields.iter().find(|field| field.ident.as_ref() == Some(&name)) else {
        let ident = item.ident.unraw();
        let known: Vec<_> = fields.iter().flat_map(|field| &field.ident).map(|ident| format!("`{ident}`")).collect();
        match known.is_empty() {
            true => errors.on(
                &name,
                format!(
                    "`{ident}` has no fields; write `key` alone, so that each of these events replaces the one before"
                ),
            ),
            false => errors.on(&name, format!("`{ident}` has no field `{name}`; it has {}", known.join(", "))),
        }
        return None;
    };
    let skips = |meta: Meta| meta.path().is_ident("skip") || meta.path().is_ident("skip_serializing");
    if field.attrs.iter().flat_map(serde_entries).any(skips) {
        errors.on(
            &name,
            format!("`{name}` does not travel, so other processes can't tell what the event is about; remove its `skip`, or name another field"),
        );
        return None;
    }
    Some(About::Field(name, Box::new(field.ty.clone())))
}

fn shape(item: &DeriveInput, errors: &mut Errors) -> Shape {
    let ident = &item.ident;
    if let Some(lifetime) = item.generics.lifetimes().next() {
        errors.on(lifetime, "an event outlives what it was made of, so it can't borrow; own the data instead");
        return Shape::Generic;
    }
    if !item.generics.params.is_empty() {
        errors.on(&item.generics.params, "an event has one name and so one type: it can't be generic");
        return Shape::Generic;
    }
    match &item.data {
        Data::Struct(DataStruct { fields: Fields::Named(_), .. }) => Shape::Named,
        Data::Struct(DataStruct { fields: Fields::Unit, .. }) => Shape::Unit,
        Data::Struct(DataStruct { fields: Fields::Unnamed(fields), .. }) => {
            errors.on(
                fields,
                format!("an event's fields have names, since it is written as an object; write `struct {ident} {{ message: .. }}`"),
            );
            Shape::Refused
        }
        Data::Enum(data) => {
            errors.on(
                data.enum_token,
                "an event is a struct: each kind has its own name; write a struct with `#[event(..)]` for each variant",
            );
            Shape::Refused
        }
        Data::Union(data) => {
            errors.on(data.union_token, "an event is a struct with named fields, or a unit struct");
            Shape::Generic
        }
    }
}

fn refused_attribute(attribute: &Attribute, errors: &mut Errors) -> bool {
    let found = serde_entries(attribute).find(|meta| {
        meta.path().get_ident().is_some_and(|ident| REFUSED.iter().any(|refused| ident == refused) || ident == "remote")
    });
    let Some(found) = found else { return false };
    let key = found.path().get_ident().map(ToString::to_string).unwrap_or_default();
    let mend = match &*key {
        "rename" => "remove it, the name is in `#[event(..)]`",
        "tag" => "remove it, `#[event(..)]` writes the `type`",
        _ => "remove it",
    };
    errors.on(
        found,
        format!("an event is written as `{{\"type\": .., ..fields}}`, and `{key}` would change that; {mend}"),
    );
    true
}

fn check_field(field: &Field, errors: &mut Errors) {
    let Some(ident) = &field.ident else { return };
    let mut rename = None;
    for meta in field.attrs.iter().flat_map(serde_entries) {
        if meta.path().is_ident("skip") || meta.path().is_ident("skip_serializing") {
            return;
        }
        if let Meta::NameValue(pair) = &meta
            && pair.path.is_ident("rename")
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. }) = &pair.value
        {
            rename = Some(name.clone());
        }
    }
    let message = "`type` is where the event's name goes; call the field something else, like `kind`";
    match rename {
        Some(name) if name.value() == "type" => errors.on(name, message),
        None if ident.unraw() == "type" => errors.on(ident, message),
        _ => {}
    }
}

/// Whether a field borrows for ever, so that it can be written and never read back.
///
/// Another lifetime is a parameter, which is told already, and one without a lifetime is the compiler's to tell.
fn check_borrow(field: &Field, errors: &mut Errors) -> bool {
    let Type::Reference(reference) = types::peel(&field.ty) else { return false };
    let (owned, is_text) = match types::peel(&reference.elem) {
        Type::Path(path) if path.path.is_ident("str") => ("String".to_owned(), true),
        Type::Slice(slice) => (format!("Vec<{}>", types::text(&slice.elem)), true),
        ty => (types::text(ty), false),
    };
    // A field that is skipped is fine; so is one with words of its own for serde, which borrows texts in any case.
    let excused = field.attrs.iter().any(|attribute| {
        attribute.path().is_ident("cfg_attr")
            || serde_entries(attribute).any(|meta| {
                let path = meta.path();
                path.is_ident("skip") || path.is_ident("skip_deserializing") || !is_text && !path.is_ident("rename")
            })
    });
    if excused || reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static") {
        return false;
    }
    errors.on(
        &field.ty,
        format!("an event is read back from text, so its fields can't borrow; own the data, as in `{owned}`"),
    );
    true
}

/// What stands in `#[serde(..)]`.
fn serde_entries(attribute: &Attribute) -> impl Iterator<Item = Meta> + use<> {
    attribute
        .path()
        .is_ident("serde")
        .then(|| attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default())
        .into_iter()
        .flatten()
}
