//! What our attributes have in common: they stand once on an item, and `crate = path` says where the runtime is.

use proc_macro2::{Punct, Spacing, TokenStream, TokenTree};
use quote::quote;
use syn::{
    Path, Token,
    parse::{ParseStream, Parser},
    spanned::Spanned,
};

use crate::{errors::Errors, paths};

const FORM: &str = "write `crate = my::runtime`, the path to `consumer_runtime`";

/// Expands the attribute `name`.
pub(crate) fn expand(
    name: &str,
    arguments: TokenStream,
    item: TokenStream,
    attribute: fn(TokenStream, TokenStream) -> TokenStream,
) -> TokenStream {
    let mut errors = Errors::default();
    let item = once(name, item, &mut errors);
    let (arguments, path) = split(arguments, &mut errors);
    let expansion = paths::within(path, || attribute(arguments, item));
    quote!(#expansion #errors)
}

/// The item without a second attribute of the same name, which would say everything again.
fn once(name: &str, item: TokenStream, errors: &mut Errors) -> TokenStream {
    let tokens: Vec<_> = item.into_iter().collect();
    let mut kept = Vec::with_capacity(tokens.len());
    let mut rest = &tokens[..];
    while let [TokenTree::Punct(pound), TokenTree::Group(attribute), after @ ..] = rest
        && pound.as_char() == '#'
    {
        match attribute.stream().into_iter().next() {
            Some(TokenTree::Ident(ident)) if ident == name => {
                errors.on(attribute.stream(), format!("`#[{name}]` stands here twice; remove one of the two"));
            }
            _ => kept.extend_from_slice(&rest[..2]),
        }
        rest = after;
    }
    kept.extend_from_slice(rest);
    kept.into_iter().collect()
}

/// The arguments without `crate = ..`, and its path.
pub(crate) fn split(arguments: TokenStream, errors: &mut Errors) -> (TokenStream, Option<Path>) {
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

    type Attribute = fn(TokenStream, TokenStream) -> TokenStream;

    const ATTRIBUTES: [(&str, Attribute); 3] =
        [("consumer", consumer::expand), ("event", event::expand), ("group", group::expand)];

    /// `#[name(arguments)] item`, expanded.
    fn expanded(name: &str, arguments: &str, item: &str) -> String {
        let (name, attribute) = ATTRIBUTES.into_iter().find(|(known, _)| *known == name).expect("an attribute of ours");
        let tokens = |text: &str| text.parse().expect("tokens");
        expand(name, tokens(arguments), tokens(item), attribute).to_string()
    }

    #[test]
    fn nothing_names_the_runtime_but_by_the_path() {
        let room = r#""/ws/{room}", group = Room, sends(Said), crate = my::runtime, settings(max_message = 1)"#;
        let impl_block = r#"impl Chat { #[event("typing")] fn typing(&mut self, event: &Typing) {} }"#;
        for expansion in [
            expanded("consumer", room, "struct Chat { room: String, #[extract] user: User, seen: u8 }"),
            expanded("consumer", "blocking, crate = my::runtime", impl_block),
            expanded("event", r#""typing", crate = my::runtime,"#, "struct Typing { name: String }"),
            expanded("event", r#""typing", crate = my::runtime"#, "struct Typing;"),
            expanded("group", r#""room", events(Typing), crate = my::runtime"#, "struct Room;"),
        ] {
            assert!(!expansion.contains("consumer_runtime"), "{expansion}");
            assert!(!expansion.contains("compile_error"), "{expansion}");
            assert_eq!(expansion.matches("my :: runtime").count(), 1, "{expansion}");
        }
    }

    #[test]
    fn the_path_counts_for_one_attribute_alone() {
        let with = expanded("event", r#""typing", crate = my::runtime"#, "struct Typing;");
        let without = expanded("event", r#""typing""#, "struct Typing;");
        assert!(with.contains("my :: runtime"), "{with}");
        assert!(without.contains(":: consumer_runtime :: __private") && !without.contains("my"), "{without}");
    }

    #[test]
    fn a_path_that_begins_with_crate_is_no_option() {
        let mut errors = Errors::default();
        let (kept, path) = split(quote!("a", events(crate::Typing), crate::Typing), &mut errors);
        assert!(path.is_none());
        assert_eq!(kept.to_string(), quote!("a", events(crate::Typing), crate::Typing).to_string());
    }

    #[test]
    fn an_attribute_stands_once() {
        let expansion = expanded("event", r#""typing""#, r#"#[doc = "a"] #[event("other")] #[cold] struct Typing;"#);
        assert!(expansion.contains("stands here twice"), "{expansion}");
        assert!(!expansion.contains("other"), "{expansion}");
        assert!(expansion.contains(r#"# [doc = "a"] # [cold] struct Typing"#), "{expansion}");
    }
}
