//! What the struct half refuses.

use syn::{Data, DataStruct, DeriveInput, Fields, GenericParam, LitStr, Meta, ext::IdentExt};

use super::{
    model::{Consumer, Field, Group, Source},
    options::{Closing, GroupsOption, Options},
};
use crate::{
    attributes::{cfgs, docs, ends_in},
    errors::Errors,
    names::{known_fields, subprotocol_objection},
    route::captures,
    template::{no_such_field, placeholders},
    types,
};

/// The consumer, or nothing when it can't be one at all.
pub(super) fn consumer<'a>(item: &'a DeriveInput, options: Options, errors: &mut Errors) -> Option<Consumer<'a>> {
    if let Some(lifetime) = item.generics.params.iter().find(|param| matches!(param, GenericParam::Lifetime(_))) {
        errors.on(lifetime, "a consumer outlives the request that made it, so it can't borrow; own the data instead");
        return None;
    }
    let before = errors.len();
    let (mut fields, shaped) = match fields(item, errors) {
        Some(fields) => (fields, true),
        None => (Vec::new(), false),
    };
    let known: Vec<_> = fields.iter().map(Field::name).collect();
    let ident = &item.ident;
    let params =
        options.path.as_ref().map(|path| params(path, ident, shaped.then_some(&*known), errors)).unwrap_or_default();
    for field in &mut fields {
        if params.contains(&field.name()) {
            if matches!(field.source, Source::Extract) {
                errors.on(
                    field.ident,
                    format!(
                        "field `{}` is named in the path, so `#[extract]` has nothing to fill; remove one of the two",
                        field.ident
                    ),
                );
            }
            field.source = Source::Path;
        }
    }
    let groups = match options.groups {
        GroupsOption::None => Vec::new(),
        GroupsOption::Declared(list) => types::unique(list, errors).into_iter().map(Group::Declared).collect(),
        GroupsOption::Own(template) => {
            own_group(&template, ident, shaped.then_some(&*known), errors).into_iter().collect()
        }
    };
    let subprotocols = subprotocols(&options.subprotocols, errors);
    let sends = types::unique(options.sends, errors);
    let closes = closes(&options.closes, errors);
    // The compiler's own error; a type that lacks a lifetime can't be repeated.
    let whole = !fields.iter().any(|field| types::elides(field.ty));
    let buildable = shaped && whole && options.path.is_some() && errors.len() == before;
    let groups = groups.into_iter().map(|group| match group {
        Group::Own(template, _) if !whole => Group::Own(template, Vec::new()),
        group => group,
    });
    Some(Consumer {
        ident,
        generics: types::lasting(&item.generics),
        docs: docs(&item.attrs),
        path: options.path.map(|path| path.value()).unwrap_or_default(),
        params,
        fields,
        groups: groups.collect(),
        sends,
        closes,
        subprotocols,
        keep_scope: options.keep_scope,
        layer: options.layer,
        settings: options.settings,
        buildable,
    })
}

fn fields<'a>(item: &'a DeriveInput, errors: &mut Errors) -> Option<Vec<Field<'a>>> {
    let ident = &item.ident;
    match &item.data {
        Data::Struct(DataStruct { fields: Fields::Named(fields), .. }) => {
            Some(fields.named.iter().filter_map(|field| self::field(field, errors)).collect())
        }
        Data::Struct(DataStruct { fields: Fields::Unit, .. }) => Some(Vec::new()),
        Data::Struct(DataStruct { fields: Fields::Unnamed(fields), .. }) => {
            errors.on(
                fields,
                format!(
                    "a consumer's fields have names, which its path uses; write `struct {ident} {{ room_name: .. }}`"
                ),
            );
            None
        }
        Data::Enum(data) => {
            errors.on(
                data.enum_token,
                "a consumer is a struct: its fields are the connection's state; keep the enum in a field",
            );
            None
        }
        Data::Union(data) => {
            errors.on(data.union_token, "a consumer is a struct: its fields are the connection's state");
            None
        }
    }
}

fn field<'a>(field: &'a syn::Field, errors: &mut Errors) -> Option<Field<'a>> {
    let mut source = Source::Default;
    for attribute in field.attrs.iter().filter(|attribute| ends_in(attribute.path(), "extract")) {
        source = Source::Extract;
        if !matches!(attribute.meta, Meta::Path(_)) {
            errors.on(&attribute.meta, "`#[extract]` takes nothing: the field's type is the extractor");
        }
    }
    Some(Field {
        ident: field.ident.as_ref()?,
        ty: &field.ty,
        source,
        cfgs: cfgs(&field.attrs),
        docs: docs(&field.attrs),
    })
}

/// The names in the path, each of which must be a field.
fn params(path: &LitStr, ident: &syn::Ident, fields: Option<&[String]>, errors: &mut Errors) -> Vec<String> {
    let names = match captures(&path.value()) {
        Ok(names) => names,
        Err(objection) => {
            errors.on(path, objection);
            return Vec::new();
        }
    };
    let Some(fields) = fields else { return names };
    for name in names.iter().filter(|name| !fields.contains(name)) {
        errors.on(
            path,
            format!("route parameter `{{{name}}}` has no field `{name}` in `{ident}` ({})", known_fields(fields)),
        );
    }
    names
}

fn own_group(template: &LitStr, ident: &syn::Ident, fields: Option<&[String]>, errors: &mut Errors) -> Option<Group> {
    let names = match placeholders(&template.value()) {
        Ok(names) => names,
        Err(objection) => {
            errors.on(template, objection);
            return Some(Group::Own(String::new(), Vec::new()));
        }
    };
    let fields = fields?;
    let before = errors.len();
    for name in names.iter().filter(|name| !fields.contains(name)) {
        errors.on(template, no_such_field(name, &ident.unraw().to_string(), fields));
    }
    Some(Group::Own(template.value(), if errors.len() == before { names } else { Vec::new() }))
}

fn closes(list: &[Closing], errors: &mut Errors) -> Vec<(u16, String)> {
    let mut codes = Vec::<(u16, String)>::new();
    for Closing { code, why } in list {
        let number = code.base10_parse::<u16>().unwrap_or_default();
        match number {
            4401 | 4409 => errors.on(
                code,
                format!("{number} is the runtime's own close code, which every client knows already; leave it out, or choose another"),
            ),
            3000..=4999 if codes.iter().any(|(known, _)| *known == number) => {
                errors.on(code, format!("close code {number} is listed twice; name it once"));
            }
            3000..=4999 => codes.push((number, why.as_ref().map(LitStr::value).unwrap_or_default())),
            _ => errors.on(code, "an application's own close codes are 3000 to 4999; every client knows the others"),
        }
    }
    codes
}

fn subprotocols(literals: &[LitStr], errors: &mut Errors) -> Vec<String> {
    let mut names = Vec::<String>::new();
    for literal in literals {
        let name = literal.value();
        if let Some(objection) = subprotocol_objection(&name) {
            errors.on(literal, objection);
        } else if names.contains(&name) {
            errors.on(literal, format!("subprotocol {name:?} is listed twice; name each once, best first"));
        } else {
            names.push(name);
        }
    }
    names
}
