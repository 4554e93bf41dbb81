//! What stands in `#[event(..)]`.

use proc_macro2::{Ident, TokenStream};
use syn::{
    LitStr, Token, Type,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use crate::{errors::Errors, names::event_objection};

const ANSWER: &str = "write `answer = Present`, with the type that its handlers return";

#[derive(Default)]
pub(super) struct Arguments {
    /// The name; empty after a mistake.
    pub(super) name: String,
    /// What answers it.
    pub(super) answer: Option<Type>,
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
    let key = input
        .call(Ident::parse_any)
        .map_err(|error| syn::Error::new(error.span(), "not an option of an event, which has `answer` and `crate`"))?;
    let known = key == "answer";
    if !known {
        errors
            .on(&key, format!("unknown option `{key}`; an event has `answer`, as in `answer = Present`, and `crate`"));
    }
    if !input.peek(Token![=]) {
        if !known {
            // What follows it is no second mistake.
            input.parse::<TokenStream>()?;
            return Ok(());
        }
        return Err(syn::Error::new(key.span(), format!("`answer` names a type; {ANSWER}")));
    }
    input.parse::<Token![=]>()?;
    let ty: Type =
        input.parse().map_err(|error| syn::Error::new(error.span(), format!("this is no type; {ANSWER}")))?;
    if arguments.answer.is_some() {
        errors.on(&key, "`answer` is given twice; an event has one answer");
    }
    // Also after a misspelt key, so that its handlers are no second mistake.
    arguments.answer.get_or_insert(ty);
    Ok(())
}
