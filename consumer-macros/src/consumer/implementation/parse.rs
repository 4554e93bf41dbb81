//! From tokens to the impl's head and its methods; bodies stay as they are.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::{
    Attribute, Ident, ImplItem, ItemImpl, Signature, Token, Visibility,
    buffer::Cursor,
    parse::{ParseStream, Parser},
    token,
};

use super::marker::Marker;

/// An impl block, printed as it was written, without our markers.
pub(super) struct ImplBlock {
    /// The head with an empty body: what the checks look at.
    pub(super) head: ItemImpl,
    pub(super) members: Vec<Member>,
    tokens: TokenStream,
    body: Group,
}

/// One item of the block.
pub(super) struct Member {
    pub(super) attributes: Vec<Attribute>,
    pub(super) markers: Vec<Marker>,
    /// The signature, when it is a function.
    pub(super) signature: Option<Signature>,
    rest: TokenStream,
}

pub(super) fn impl_block(item: TokenStream) -> syn::Result<ImplBlock> {
    let mut tokens: Vec<_> = item.into_iter().collect();
    let body = match tokens.pop() {
        Some(TokenTree::Group(body)) if body.delimiter() == Delimiter::Brace => body,
        last => return Err(syn::Error::new_spanned(last, "expected the body of an impl block")),
    };
    let tokens: TokenStream = tokens.into_iter().collect();
    let mut head = tokens.clone();
    head.append(Group::new(Delimiter::Brace, TokenStream::new()));
    let head = syn::parse2(head)?;
    let (inner, members) = members.parse2(body.stream())?;
    let mut stream = TokenStream::new();
    stream.append_all(&inner);
    stream.append_all(&members);
    let mut without_markers = Group::new(Delimiter::Brace, stream);
    without_markers.set_span(body.span());
    Ok(ImplBlock { head, members, tokens, body: without_markers })
}

impl ImplBlock {
    /// Our attributes in the block, as they were written.
    pub(super) fn markers(&self) -> impl Iterator<Item = &Ident> {
        self.members.iter().flat_map(|member| &member.markers).filter_map(Marker::ident)
    }
}

fn members(input: ParseStream<'_>) -> syn::Result<(Vec<Attribute>, Vec<Member>)> {
    let inner = input.call(Attribute::parse_inner)?;
    let mut members = Vec::new();
    while !input.is_empty() {
        members.push(member(input)?);
    }
    Ok((inner, members))
}

fn member(input: ParseStream<'_>) -> syn::Result<Member> {
    let mut attributes = input.call(Attribute::parse_outer)?;
    let markers = attributes.extract_if(.., Marker::recognises).map(Marker::new).collect();
    let begin = input.cursor();
    let signature = if is_function(input)? {
        input.parse::<Visibility>()?;
        if !input.peek(Token![fn]) && input.fork().parse::<Signature>().is_err() {
            input.parse::<Option<Token![default]>>()?;
        }
        let signature = input.parse()?;
        if input.peek(token::Brace) {
            input.parse::<Group>()?;
        } else {
            input.parse::<Token![;]>()?;
        }
        Some(signature)
    } else {
        input.parse::<ImplItem>()?;
        None
    };
    let rest = between(begin, input.cursor());
    Ok(Member { attributes, markers, signature, rest })
}

/// Whether a function comes next, whatever stands before its `fn`.
fn is_function(input: ParseStream<'_>) -> syn::Result<bool> {
    let ahead = input.fork();
    ahead.parse::<Visibility>()?;
    while !ahead.peek(Token![fn]) {
        let modifier = ahead.peek(Token![const])
            || ahead.peek(Token![async])
            || ahead.peek(Token![unsafe])
            || ahead.peek(Token![extern])
            || ahead.peek(Token![default])
            || ahead.peek(syn::LitStr);
        if !modifier {
            return Ok(false);
        }
        ahead.parse::<TokenTree>()?;
    }
    Ok(true)
}

fn between(begin: Cursor<'_>, end: Cursor<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    let mut at = begin;
    while at < end
        && let Some((token, next)) = at.token_tree()
    {
        tokens.append(token);
        at = next;
    }
    tokens
}

impl ToTokens for ImplBlock {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.tokens.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}

impl ToTokens for Member {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attributes);
        self.rest.to_tokens(tokens);
    }
}
