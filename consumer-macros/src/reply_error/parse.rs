//! What stands in `#[reply(..)]`.

use syn::{
    Attribute, Ident, LitStr, Meta, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream},
};

pub(super) const FORM: &str = "write `#[reply(\"no_room\", \"there is no such room\")]`, or `#[reply(internal)]`";

/// What a variant, or a struct, says of itself.
pub(super) enum Reply {
    Told { code: LitStr, message: LitStr },
    Internal(Ident),
}

impl Parse for Reply {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(LitStr) {
            let Ok(key) = input.call(Ident::parse_any) else {
                return Err(input.error(format!("a code is a string; {FORM}")));
            };
            if key != "internal" {
                return Err(syn::Error::new(
                    key.span(),
                    format!("unknown option `{key}`; an error has a code and a message, or `internal`"),
                ));
            }
            no_more(input, "nothing of an `internal` error is told, so nothing follows; remove this")?;
            return Ok(Self::Internal(key));
        }
        let code: LitStr = input.parse()?;
        let message = input.parse::<Option<Token![,]>>()?.and_then(|_| input.parse::<LitStr>().ok());
        let Some(message) = message else {
            let form = format!("write `#[reply({:?}, \"what went wrong\")]`", code.value());
            return Err(syn::Error::new(code.span(), format!("a code comes with a message, a string; {form}")));
        };
        no_more(input, "an error has a code and a message, and no more; its fields are its `data`")?;
        Ok(Self::Told { code, message })
    }
}

/// Whether the attribute is ours.
pub(super) fn is_reply(attribute: &Attribute) -> bool {
    attribute.path().is_ident("reply")
}

/// `#[reply(..)]` on a variant or a struct.
pub(super) fn reply(attribute: &Attribute) -> syn::Result<Reply> {
    match &attribute.meta {
        Meta::List(list) if !list.tokens.is_empty() => attribute.parse_args(),
        _ => Err(syn::Error::new_spanned(attribute, format!("an error has a code and a message; {FORM}"))),
    }
}

/// `#[reply(skip)]` on a field.
pub(super) fn skip(attribute: &Attribute) -> syn::Result<Ident> {
    let wrong = |tokens: &dyn quote::ToTokens, what: &str| {
        let text = format!("{what}; a field has `skip`, which keeps it out of `data`");
        syn::Error::new_spanned(tokens.to_token_stream(), text)
    };
    let Meta::List(list) = &attribute.meta else { return Err(wrong(&attribute, "a field's attribute has an option")) };
    match list.parse_args::<Ident>() {
        Ok(key) if key == "skip" => Ok(key),
        Ok(key) => Err(wrong(&key, &format!("unknown option `{key}`"))),
        Err(_) if list.tokens.is_empty() => Err(wrong(&attribute, "a field's attribute has an option")),
        Err(_) => Err(wrong(&list.tokens, "this is no option of a field")),
    }
}

fn no_more(input: ParseStream<'_>, message: &str) -> syn::Result<()> {
    input.parse::<Option<Token![,]>>()?;
    if input.is_empty() { Ok(()) } else { Err(input.error(message)) }
}
