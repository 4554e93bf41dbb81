//! What stands in `#[event(..)]`.

use proc_macro2::{Ident, TokenStream};
use syn::{
    Expr, LitStr, Token, Type,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use crate::{errors::Errors, names::event_objection};

const ANSWER: &str = "write `answer = Present`, with the type that its handlers return";
const KEY: &str = "write `key = symbol`, or `key` alone when each of these events replaces the one before";

#[derive(Default)]
pub(super) struct Arguments {
    /// The name; empty after a mistake.
    pub(super) name: String,
    /// What answers it.
    pub(super) answer: Option<Type>,
    /// What it is about.
    pub(super) key: Option<Key>,
}

/// What an event is about: one of its fields, or the event alone.
pub(super) struct Key {
    /// `key` as the user wrote it.
    pub(super) word: Ident,
    pub(super) field: Option<Ident>,
}

pub(super) fn parse(tokens: TokenStream, keyword: &Ident, errors: &mut Errors) -> Arguments {
    let mut arguments = Arguments::default();
    if tokens.is_empty() {
        errors.on(keyword, "an event has a name; write `#[event(\"chat.message\")]`");
        return arguments;
    }
    let mut literal = None;
    let parser = |input: ParseStream<'_>| {
        if !input.peek(LitStr) {
            let rest: TokenStream = input.parse()?;
            errors.on(rest, "an event's name is one string; write `#[event(\"chat.message\")]`");
            return Ok(());
        }
        literal = Some(input.parse::<LitStr>()?);
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if !input.is_empty() {
                option(input, &mut arguments, errors)?;
            }
        }
        Ok(())
    };
    let parsed = parser.parse2(tokens);
    errors.keep(parsed);
    if let Some(literal) = literal {
        match event_objection("event name", &literal.value()) {
            Some(objection) => errors.on(literal, objection),
            None => arguments.name = literal.value(),
        }
    }
    arguments
}

fn option(input: ParseStream<'_>, arguments: &mut Arguments, errors: &mut Errors) -> syn::Result<()> {
    let word = input.call(Ident::parse_any).map_err(|error| {
        syn::Error::new(error.span(), "not an option of an event, which has `answer`, `key` and `crate`")
    })?;
    if word == "key" {
        return key(input, word, arguments, errors);
    }
    answer(input, &word, arguments, errors)
}

/// `answer = Present`, and anything else that stands there.
fn answer(input: ParseStream<'_>, word: &Ident, arguments: &mut Arguments, errors: &mut Errors) -> syn::Result<()> {
    let known = word == "answer";
    if !known {
        errors.on(
            word,
            format!(
                "unknown option `{word}`; an event has `answer`, as in `answer = Present`, `key`, as in `key = symbol`, and `crate`"
            ),
        );
    }
    if !input.peek(Token![=]) {
        if !known {
            // What follows it is no second mistake.
            input.parse::<TokenStream>()?;
            return Ok(());
        }
        return Err(syn::Error::new(word.span(), format!("`answer` names a type; {ANSWER}")));
    }
    input.parse::<Token![=]>()?;
    let ty: Type =
        input.parse().map_err(|error| syn::Error::new(error.span(), format!("this is no type; {ANSWER}")))?;
    if arguments.answer.is_some() {
        errors.on(word, "`answer` is given twice; an event has one answer");
    }
    // Also after a misspelt option, so that its handlers are no second mistake.
    arguments.answer.get_or_insert(ty);
    Ok(())
}

/// `key = symbol`, or `key` alone.
fn key(input: ParseStream<'_>, word: Ident, arguments: &mut Arguments, errors: &mut Errors) -> syn::Result<()> {
    let mut field = None;
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        if input.is_empty() || input.peek(Token![,]) {
            errors.on(&word, format!("`key =` names a field; {KEY}"));
            return Ok(());
        }
        let value: Expr =
            input.parse().map_err(|error| syn::Error::new(error.span(), format!("this is no field; {KEY}")))?;
        field = match &value {
            Expr::Path(path) if path.attrs.is_empty() => path.path.get_ident().cloned(),
            _ => None,
        };
        if field.is_none() {
            errors.on(&value, format!("`key` is one field of the event; {KEY}"));
            return Ok(());
        }
    }
    if arguments.key.is_some() {
        errors.on(&word, "`key` is given twice; an event has one key");
        return Ok(());
    }
    arguments.key = Some(Key { word, field });
    Ok(())
}
