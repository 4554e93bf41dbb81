//! `crate = path` in an attribute: where the runtime is, for a dependency under another name or a re-export.

use proc_macro2::{Punct, Spacing, TokenStream, TokenTree};
use quote::quote;
use syn::{
    Path, Token,
    parse::{ParseStream, Parser},
    spanned::Spanned,
};

use crate::{errors::Errors, paths};

const FORM: &str = "write `crate = my::runtime`, the path to `consumer_runtime`";

/// Expands an attribute whose arguments may say where the runtime is.
pub(crate) fn expand(
    arguments: TokenStream,
    item: TokenStream,
    attribute: fn(TokenStream, TokenStream) -> TokenStream,
) -> TokenStream {
    let mut errors = Errors::default();
    let (arguments, path) = split(arguments, &mut errors);
    let expansion = paths::within(path, || attribute(arguments, item));
    quote!(#expansion #errors)
}

/// The arguments without `crate = ..`, and its path.
fn split(arguments: TokenStream, errors: &mut Errors) -> (TokenStream, Option<Path>) {
    let mut path = None;
    let mut given = false;
    let mut kept = Vec::new();
    for argument in separated(arguments) {
        if !is_crate(&argument) {
            kept.push(argument);
        } else if given {
            errors.on(&argument[0], "`crate` is given twice; give it once");
        } else {
            given = true;
            path = errors.keep(parse(argument));
        }
    }
    let comma = TokenTree::from(Punct::new(',', Spacing::Alone));
    (kept.join(&comma).into_iter().collect(), path)
}

/// What stands between the commas.
fn separated(arguments: TokenStream) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<_> = arguments.into_iter().collect();
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let mut arguments: Vec<_> = tokens.split(is_comma).map(<[_]>::to_vec).collect();
    // A comma at the end is no argument more.
    arguments.pop_if(|last| last.is_empty());
    arguments
}

/// Whether an argument is about `crate`, and no path that begins with it.
fn is_crate(argument: &[TokenTree]) -> bool {
    let is_path = matches!(argument.get(1), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    matches!(argument.first(), Some(TokenTree::Ident(ident)) if ident == "crate") && !is_path
}

fn parse(argument: Vec<TokenTree>) -> syn::Result<Path> {
    let key = argument[0].span();
    let parser = |input: ParseStream<'_>| {
        input.parse::<Token![crate]>()?;
        let equals: Option<Token![=]> = input.parse()?;
        let value: TokenStream = input.parse()?;
        if equals.is_none() || value.is_empty() {
            return Err(syn::Error::new(key, format!("`crate` says where the runtime is; {FORM}")));
        }
        let path = Path::parse_mod_style.parse2(value.clone());
        path.map_err(|_| syn::Error::new(value.span(), format!("not a path; {FORM}")))
    };
    parser.parse2(argument.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{consumer, event, group};

    #[test]
    fn nothing_names_the_runtime_but_by_the_path() {
        let structure = quote!("/ws/{room}", group = Room, sends(Said), crate = my::runtime, settings(max_message = 1));
        let expansions = [
            expand(
                structure,
                quote!(
                    struct Chat {
                        room: String,
                        #[extract]
                        user: User,
                        seen: u8,
                    }
                ),
                consumer::expand,
            ),
            expand(
                quote!(blocking, crate = my::runtime),
                quote!(impl Chat { #[event("typing")] fn typing(&mut self, event: &Typing) {} }),
                consumer::expand,
            ),
            expand(
                quote!("typing", crate = my::runtime,),
                quote!(
                    struct Typing {
                        name: String,
                    }
                ),
                event::expand,
            ),
            expand(
                quote!("typing", crate = my::runtime),
                quote!(
                    struct Typing;
                ),
                event::expand,
            ),
            expand(
                quote!("a", events(Typing), crate = my::runtime),
                quote!(
                    struct Room;
                ),
                group::expand,
            ),
        ];
        for expansion in expansions.map(|expansion| expansion.to_string()) {
            assert!(!expansion.contains("consumer_runtime"), "{expansion}");
            assert!(!expansion.contains("compile_error"), "{expansion}");
            assert_eq!(expansion.matches("my :: runtime").count(), 1, "{expansion}");
        }
    }

    #[test]
    fn the_path_counts_for_one_attribute_alone() {
        let typing = || {
            quote!(
                struct Typing;
            )
        };
        let with = expand(quote!("typing", crate = my::runtime), typing(), event::expand).to_string();
        let without = expand(quote!("typing"), typing(), event::expand).to_string();
        assert!(with.contains("my :: runtime") && !without.contains("my :: runtime"), "{without}");
        assert!(without.contains(":: consumer_runtime :: __private"), "{without}");
    }

    #[test]
    fn a_path_that_begins_with_crate_is_no_option() {
        let mut errors = Errors::default();
        let (kept, path) = split(quote!("a", events(crate::Typing), crate::Typing), &mut errors);
        assert!(path.is_none());
        assert_eq!(kept.to_string(), quote!("a", events(crate::Typing), crate::Typing).to_string());
    }
}
