//! What stands in `#[consumer(..)]` above a struct.

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Expr, Ident, LitInt, LitStr, Token, Type,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::{errors::Errors, types::Listed};

const ALLOWED: &str = "`group`, `groups`, `sends`, `closes`, `subprotocols`, `keep_scope`, `layer`, `settings`, `crate`, and `channel` and `acknowledged` without a path";

#[derive(Default)]
pub(super) struct Options {
    pub(super) path: Option<LitStr>,
    pub(super) groups: GroupsOption,
    pub(super) sends: Vec<Type>,
    pub(super) closes: Vec<Closing>,
    pub(super) subprotocols: Vec<LitStr>,
    pub(super) keep_scope: bool,
    pub(super) layer: Option<LitStr>,
    pub(super) settings: Vec<Setting>,
    /// The channel of a worker; without a name after a mistake.
    pub(super) channel: Option<Option<LitStr>>,
    pub(super) acknowledged: bool,
    /// The options by name, in the order in which they are given.
    pub(super) keys: Vec<Ident>,
}

/// What `group = ..` or `groups(..)` says.
#[derive(Default)]
pub(super) enum GroupsOption {
    #[default]
    None,
    /// Types of groups.
    Declared(Vec<Type>),
    /// The template of a private one.
    Own(LitStr),
}

/// One entry of `groups(..)`.
enum Entry {
    Type(Box<Type>),
    Template(LitStr),
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) { input.parse().map(Self::Template) } else { input.parse().map(Box::new).map(Self::Type) }
    }
}

/// One `name = value` in `settings(..)`.
pub(super) struct Setting {
    pub(super) name: Ident,
    pub(super) value: Expr,
}

impl Parse for Setting {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name: Ident = input.parse()?;
        if !input.peek(Token![=]) {
            return Err(syn::Error::new(name.span(), format!("a setting has a value; write `{name} = ..`")));
        }
        input.parse::<Token![=]>()?;
        Ok(Self { name, value: input.parse()? })
    }
}

/// One `4001 = "banned"` in `closes(..)`, or `4001` alone.
pub(super) struct Closing {
    pub(super) code: LitInt,
    pub(super) why: Option<LitStr>,
}

impl Parse for Closing {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        const FORM: &str = "write `4001 = \"banned\"`: the code, and what it means";
        let code = input.parse().map_err(|error| syn::Error::new(error.span(), format!("not a close code; {FORM}")))?;
        let why = match input.parse::<Option<Token![=]>>()? {
            Some(_) => {
                Some(input.parse().map_err(|error| syn::Error::new(error.span(), format!("not a text; {FORM}")))?)
            }
            None => None,
        };
        Ok(Self { code, why })
    }
}

pub(super) fn parse(tokens: TokenStream, keyword: &Ident, errors: &mut Errors) -> Options {
    let mut options = Options::default();
    if tokens.is_empty() {
        errors.on(
            keyword,
            "a consumer's struct needs its path; write `#[consumer(\"/ws/path/\")]`, or `#[consumer]` above an `impl`",
        );
        return options;
    }
    let mut seen = Vec::new();
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Err(error) = one(input, &mut options, &mut seen, errors) {
                errors.push(error);
                skip(input)?;
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    match parser.parse2(tokens) {
        Err(error) => errors.push(error),
        Ok(()) if options.path.is_none() && options.channel.is_none() && errors.len() == 0 => {
            errors.on(keyword, "a consumer's struct needs its path first; write `#[consumer(\"/ws/path/\", ..)]`");
        }
        Ok(()) => {}
    }
    options.keys = seen;
    options
}

fn one(input: ParseStream<'_>, options: &mut Options, seen: &mut Vec<Ident>, errors: &mut Errors) -> syn::Result<()> {
    if input.peek(LitStr) {
        let path: LitStr = input.parse()?;
        if options.path.is_some() {
            errors.on(&path, "a consumer has one path; mount it on others with `C::route()`");
        } else {
            options.path = Some(path);
        }
        return Ok(());
    }
    let key = input.call(Ident::parse_any).map_err(|error| {
        syn::Error::new(error.span(), format!("expected a path in quotes, or an option: {ALLOWED}"))
    })?;
    if seen.contains(&key) {
        errors.on(&key, format!("`{key}` is given twice; give it once"));
    }
    let joins = |key: &Ident| key == "group" || key == "groups";
    if joins(&key) && seen.iter().any(|seen| joins(seen) && *seen != key) {
        let text = "`group` and `groups` both declare what is joined; list it all, like `groups(Room, Lobby)`";
        return Err(syn::Error::new(key.span(), text));
    }
    match key.to_string().as_str() {
        "group" => options.groups = group(input, &key)?,
        "groups" => options.groups = GroupsOption::Declared(groups(input, &key, errors)?),
        "sends" => options.sends = list(input, &key, "Welcome")?.into_iter().map(|Listed(ty)| ty).collect(),
        "closes" => options.closes = list(input, &key, "4001 = \"banned\"")?,
        "subprotocols" => options.subprotocols = list(input, &key, "\"v1.chat\"")?,
        "settings" => options.settings = list(input, &key, "max_message = 1 << 20")?,
        "layer" => options.layer = Some(layer(input, &key, errors)?),
        "keep_scope" => options.keep_scope = true,
        "channel" => {
            options.channel = Some(None);
            options.channel = Some(Some(channel(input, &key)?));
        }
        "acknowledged" => options.acknowledged = true,
        "worker" => {
            return Err(syn::Error::new(
                key.span(),
                "`worker` is about the handlers; write `#[consumer(worker)]` above the `impl`, and `#[consumer(channel = \"..\")]` here",
            ));
        }
        "blocking" => {
            return Err(syn::Error::new(
                key.span(),
                "`blocking` is about the handlers; write `#[consumer(blocking)]` above the `impl`",
            ));
        }
        "path" => {
            return Err(syn::Error::new(
                key.span(),
                "the path stands first, without a name; write `#[consumer(\"/ws/path/\", ..)]`",
            ));
        }
        _ => {
            return Err(syn::Error::new(key.span(), format!("unknown option `{key}`; a consumer has {ALLOWED}")));
        }
    }
    seen.push(key);
    Ok(())
}

/// Skips the rest of an option that is wrong, so that the others still count.
fn skip(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

fn group(input: ParseStream<'_>, key: &Ident) -> syn::Result<GroupsOption> {
    const FORM: &str = "write `group = Room`, or `group = \"chat_{room_name}\"` for one of its own";
    if !input.peek(Token![=]) {
        return Err(syn::Error::new(key.span(), format!("`group` names a group; {FORM}")));
    }
    input.parse::<Token![=]>()?;
    if input.peek(LitStr) {
        return input.parse().map(GroupsOption::Own);
    }
    input
        .parse()
        .map(|ty| GroupsOption::Declared(vec![ty]))
        .map_err(|error| syn::Error::new(error.span(), format!("not a group; {FORM}")))
}

/// `layer = "alerts"`.
fn layer(input: ParseStream<'_>, key: &Ident, errors: &mut Errors) -> syn::Result<LitStr> {
    const FORM: &str = "write `layer = \"alerts\"` for the channels of `Channels::builder().alias(\"alerts\", ..)`";
    if !input.peek(Token![=]) {
        return Err(syn::Error::new(key.span(), format!("`layer` names channels by their alias; {FORM}")));
    }
    input.parse::<Token![=]>()?;
    let name: LitStr =
        input.parse().map_err(|error| syn::Error::new(error.span(), format!("not an alias in quotes; {FORM}")))?;
    if name.value().is_empty() {
        errors.on(&name, format!("an alias is not empty; {FORM}"));
    }
    Ok(name)
}

/// `channel = "thumbnails-generate"`.
fn channel(input: ParseStream<'_>, key: &Ident) -> syn::Result<LitStr> {
    const FORM: &str = "write `channel = \"thumbnails-generate\"`";
    if !input.peek(Token![=]) {
        return Err(syn::Error::new(key.span(), format!("`channel` has a name; {FORM}")));
    }
    input.parse::<Token![=]>()?;
    input.parse().map_err(|error| syn::Error::new(error.span(), format!("a channel's name is one string; {FORM}")))
}

/// `groups(Room, Lobby)`.
fn groups(input: ParseStream<'_>, key: &Ident, errors: &mut Errors) -> syn::Result<Vec<Type>> {
    let entries = list(input, key, "Room, Lobby")?;
    if entries.is_empty() {
        errors.on(key, "`groups` lists what is joined; write `groups(Room, Lobby)`, or leave it out");
    }
    let types = entries.into_iter().filter_map(|entry| match entry {
        Entry::Type(ty) => Some(*ty),
        Entry::Template(template) => {
            errors.on(
                template,
                "`groups` lists types of groups; a template is for a consumer's only group, like `group = \"chat_{room_name}\"`, so put `#[group(\"..\", events(..))]` above a struct and list that",
            );
            None
        }
    });
    Ok(types.collect())
}

/// `key(a, b)`, where `example` is what could stand in it.
fn list<T: Parse>(input: ParseStream<'_>, key: &Ident, example: &str) -> syn::Result<Vec<T>> {
    if !input.peek(syn::token::Paren) {
        return Err(syn::Error::new(key.span(), format!("`{key}` is a list; write `{key}({example})`")));
    }
    let list;
    parenthesized!(list in input);
    let parsed = Punctuated::<T, Token![,]>::parse_terminated(&list);
    // What a mistake leaves over is no second mistake.
    while !list.is_empty() {
        list.parse::<TokenTree>()?;
    }
    Ok(parsed?.into_iter().collect())
}
