//! What `#[group]` refuses.

use syn::{Fields, Ident, ItemStruct, Type, ext::IdentExt};

use super::parse::Arguments;
use crate::{
    errors::Errors,
    template::{no_such_field, placeholders},
    types,
};

/// A group as it is expanded.
pub(super) struct Group<'a> {
    pub(super) ident: &'a Ident,
    pub(super) template: String,
    /// The fields in the order of the template.
    pub(super) fields: Vec<(&'a Ident, &'a Type)>,
    pub(super) events: Vec<Type>,
}

/// The group, or nothing when it can't be one at all.
pub(super) fn group<'a>(item: &'a ItemStruct, arguments: Arguments, errors: &mut Errors) -> Option<Group<'a>> {
    if !item.generics.params.is_empty() {
        errors.on(&item.generics.params, "a group has one name and so one type: it can't be generic");
        return None;
    }
    let ident = &item.ident;
    let fields = fields(item, errors);
    let mut group =
        Group { ident, template: String::new(), fields: Vec::new(), events: types::unique(arguments.events, errors) };
    let Some(literal) = arguments.template else {
        return Some(group);
    };
    let before = errors.len();
    let names = match placeholders(&literal.value()) {
        Ok(names) => names,
        Err(objection) => {
            errors.on(literal, objection);
            return Some(group);
        }
    };
    let Some(fields) = fields else { return Some(group) };
    let known: Vec<_> = fields.iter().map(|(ident, _)| ident.unraw().to_string()).collect();
    for name in &names {
        match fields.iter().zip(&known).find(|(_, known)| *known == name) {
            Some((field, _)) => group.fields.push(*field),
            None => errors.on(&literal, no_such_field(name, &ident.to_string(), &known)),
        }
    }
    if errors.len() == before {
        for ((field, _), _) in fields.iter().zip(&known).filter(|(_, known)| !names.contains(known)) {
            errors.on(
                field,
                format!("field `{field}` is not in the group's name {:?}, so groups that differ in it would be one; add `{{{field}}}`, or remove the field", literal.value()),
            );
        }
        group.template = literal.value();
    } else {
        group.fields.clear();
    }
    Some(group)
}

fn fields<'a>(item: &'a ItemStruct, errors: &mut Errors) -> Option<Vec<(&'a Ident, &'a Type)>> {
    match &item.fields {
        Fields::Named(fields) => {
            Some(fields.named.iter().filter_map(|field| Some((field.ident.as_ref()?, &field.ty))).collect())
        }
        Fields::Unit => Some(Vec::new()),
        Fields::Unnamed(fields) => {
            errors.on(
                fields,
                format!(
                    "a group's fields have names, which its template uses; write `struct {} {{ room_name: .. }}`",
                    item.ident
                ),
            );
            None
        }
    }
}
