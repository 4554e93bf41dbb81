//! What `#[derive(ReplyError)]` refuses.

use syn::{Attribute, Data, DeriveInput, Fields, Ident, LitStr, Type, ext::IdentExt};

use super::{
    message::placeholders,
    model::{Case, Failure, Field, Message, Said},
    parse::{self, FORM, Reply, is_reply},
};
use crate::{attributes::docs, errors::Errors, names::code_objection, types};

pub(super) fn failure<'a>(item: &'a DeriveInput, errors: &mut Errors) -> Failure<'a> {
    let before = errors.len();
    let mut cases = match &item.data {
        Data::Enum(data) => {
            if let Some(attribute) = item.attrs.iter().find(|attribute| is_reply(attribute)) {
                errors.on(attribute, "each variant says what the client is told; move this to one of them");
            }
            let case = |variant: &'a syn::Variant, errors: &mut Errors| {
                said(&variant.attrs, &variant.ident, &variant.fields, errors).map(|said| Case {
                    variant: Some(&variant.ident),
                    docs: docs(&variant.attrs),
                    said,
                })
            };
            data.variants.iter().filter_map(|variant| case(variant, errors)).collect()
        }
        Data::Struct(data) => {
            let said = said(&item.attrs, &item.ident, &data.fields, errors);
            said.into_iter().map(|said| Case { variant: None, docs: docs(&item.attrs), said }).collect()
        }
        Data::Union(data) => {
            errors.on(
                data.union_token,
                "an error is an enum or a struct: nobody knows which field of a union is set; write an enum",
            );
            Vec::new()
        }
    };
    check_codes(&cases, &item.ident, errors);
    check_sources(&mut cases, &item.ident, errors);
    Failure { item, cases, broken: errors.len() > before }
}

/// What a variant or a struct says of itself, or nothing after a mistake.
fn said<'a>(attributes: &[Attribute], owner: &Ident, fields: &'a Fields, errors: &mut Errors) -> Option<Said<'a>> {
    let mut replies = attributes.iter().filter(|attribute| is_reply(attribute));
    let Some(attribute) = replies.next() else {
        errors.on(owner, format!("`{owner}` does not say what the client is told; {FORM}"));
        return None;
    };
    if let Some(second) = replies.next() {
        errors.on(second, format!("`{owner}` has a `#[reply(..)]` already; remove one"));
    }
    match errors.keep(parse::reply(attribute))? {
        Reply::Internal(internal) => self::internal(&internal, owner, fields, errors),
        Reply::Told { code, message } => told(code, &message, owner, fields, errors),
    }
}

fn internal<'a>(internal: &Ident, owner: &Ident, fields: &'a Fields, errors: &mut Errors) -> Option<Said<'a>> {
    if let Fields::Unnamed(unnamed) = fields
        && unnamed.unnamed.len() == 1
    {
        let field = &unnamed.unnamed[0];
        if let Some(attribute) = field.attrs.iter().find(|attribute| is_reply(attribute)) {
            errors.on(attribute, "nothing of an `internal` error is told, so there is nothing to skip; remove this");
        }
        return Some(Said::Internal(&field.ty));
    }
    errors.on(
        internal,
        format!("an `internal` error is what happened, for the log: one field without a name; write `{owner}(std::io::Error)`"),
    );
    None
}

fn told<'a>(
    code: LitStr,
    message: &LitStr,
    owner: &Ident,
    fields: &'a Fields,
    errors: &mut Errors,
) -> Option<Said<'a>> {
    if let Some(objection) = code_objection(&code.value()) {
        errors.on(&code, objection);
    }
    let fields = match fields {
        Fields::Unnamed(fields) if !fields.unnamed.is_empty() => {
            errors.on(
                fields,
                format!(
                    "an error's fields have names, which its `data` and its message use; write `{owner} {{ room: .. }}`"
                ),
            );
            return None;
        }
        fields => fields.iter().filter_map(|field| self::field(field, errors)).collect::<Vec<_>>(),
    };
    let names: Vec<_> = fields.iter().map(|field| field.ident.unraw().to_string()).collect();
    match placeholders(&message.value(), &owner.to_string(), &names) {
        Ok((template, placeholders)) => {
            let template = LitStr::new(&template, message.span());
            Some(Said::Told { code, message: Message { template, placeholders }, fields })
        }
        Err(objection) => {
            errors.on(message, objection);
            None
        }
    }
}

fn field<'a>(field: &'a syn::Field, errors: &mut Errors) -> Option<Field<'a>> {
    let mut skipped = false;
    for attribute in field.attrs.iter().filter(|attribute| is_reply(attribute)) {
        match errors.keep(parse::skip(attribute)) {
            Some(skip) if skipped => errors.on(skip, "the field is skipped already; remove one"),
            _ => skipped = true,
        }
    }
    Some(Field { ident: field.ident.as_ref()?, ty: &field.ty, skipped })
}

/// A client tells errors apart by their codes.
fn check_codes(cases: &[Case<'_>], owner: &Ident, errors: &mut Errors) {
    let mut seen = Vec::<(String, &Ident)>::new();
    for case in cases {
        let Said::Told { code, .. } = &case.said else { continue };
        let (text, name) = (code.value(), case.variant.unwrap_or(owner));
        match seen.iter().find(|(known, _)| *known == text) {
            Some((_, other)) => {
                errors
                    .on(code, format!("{text:?} is the code of `{other}` already, and a client tells errors apart by it; choose another"));
            }
            None => seen.push((text, name)),
        }
    }
}

/// `?` makes one variant of a type.
fn check_sources(cases: &mut Vec<Case<'_>>, owner: &Ident, errors: &mut Errors) {
    let mut seen = Vec::<(String, &Ident)>::new();
    cases.retain(|case| {
        let Said::Internal(ty) = &case.said else { return true };
        let (text, name) = (types::text(ty), case.variant.unwrap_or(owner));
        match seen.iter().find(|(known, _)| *known == text) {
            Some((_, other)) => {
                errors.on(
                    *ty as &Type,
                    format!(
                        "`?` makes `{other}` of a `{text}` already; keep one of the two, or give it a type of its own"
                    ),
                );
                false
            }
            None => {
                seen.push((text, name));
                true
            }
        }
    });
}
