//! What stands in `#[group(..)]`.

use proc_macro2::TokenStream;
use syn::{
    Ident, LitStr, Token, Type, parenthesized,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::{errors::Errors, types::Listed};

const FORM: &str = "write `#[group(\"chat_{room_name}\", events(ChatMessage))]`";

pub(super) struct Arguments {
    pub(super) template: Option<LitStr>,
    /// `None` when `events(..)` is missing, or was wrong and is told already.
    pub(super) events: Vec<Type>,
}

enum Argument {
    Template(LitStr),
    Events(Ident, Vec<Type>),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return Ok(Self::Template(input.parse()?));
        }
        let key: Ident = input
            .parse()
            .map_err(|error| syn::Error::new(error.span(), format!("not an option of a group; {FORM}")))?;
        if key == "name" {
            return Err(syn::Error::new(key.span(), format!("the group's name stands first, as a text alone; {FORM}")));
        }
        if key != "events" {
            return Err(syn::Error::new(
                key.span(),
                format!("unknown option `{key}`; a group has `events(..)` and `crate = ..`"),
            ));
        }
        if !input.peek(syn::token::Paren) {
            return Err(syn::Error::new(key.span(), format!("the events stand in parentheses; {FORM}")));
        }
        let list;
        parenthesized!(list in input);
        let types = Punctuated::<Listed, Token![,]>::parse_terminated(&list)?;
        Ok(Self::Events(key, types.into_iter().map(|Listed(ty)| ty).collect()))
    }
}

pub(super) fn arguments(tokens: TokenStream, keyword: &Ident, errors: &mut Errors) -> Arguments {
    let mut arguments = Arguments { template: None, events: Vec::new() };
    let before = errors.len();
    let mut listed = false;
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match input.parse()? {
                Argument::Template(_) if arguments.template.is_some() => {
                    return Err(input.error("a group has one name"));
                }
                Argument::Template(template) => arguments.template = Some(template),
                Argument::Events(key, _) if listed => {
                    return Err(syn::Error::new(key.span(), "`events` is given twice; write one list"));
                }
                Argument::Events(key, events) => {
                    if events.is_empty() {
                        errors.on(&key, format!("a group carries one event at least; {FORM}"));
                    }
                    listed = true;
                    arguments.events = events;
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    let parsed = parser.parse2(tokens);
    errors.keep(parsed);
    if errors.len() == before {
        match &arguments.template {
            None => errors.on(keyword, format!("a group has a name; {FORM}")),
            Some(template) if !listed => errors.on(template, format!("a group says which events it carries; {FORM}")),
            Some(_) => {}
        }
    }
    arguments
}
