//! Questions about types that their syntax answers.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    GenericArgument, Generics, Lit, PathArguments, PathSegment, ReturnType, Token, Type, TypeParamBound,
    parse::{Parse, ParseStream},
    parse_quote,
    punctuated::Punctuated,
};

use crate::{attributes, errors::Errors};

/// The type without the groups and parentheses around it.
pub(crate) fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        _ => ty,
    }
}

pub(crate) fn is_unit(ty: &Type) -> bool {
    matches!(peel(ty), Type::Tuple(tuple) if tuple.elems.is_empty())
}

/// The last segment of a path, as `Context<Self>` in `consumer_runtime::Context<Self>`.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match peel(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

pub(crate) fn ends_in(ty: &Type, name: &str) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == name)
}

/// The target of `&mut T`.
pub(crate) fn behind_mut(ty: &Type) -> Option<&Type> {
    match peel(ty) {
        Type::Reference(reference) if reference.mutability.is_some() => Some(&reference.elem),
        _ => None,
    }
}

/// The target of `&mut Context<..>` and `&mut BlockingContext<..>`.
pub(crate) fn behind_context(ty: &Type) -> Option<&Type> {
    const NAMES: [&str; 3] = ["Context", "BlockingContext", "WorkerContext"];
    behind_mut(ty).filter(|target| NAMES.iter().any(|name| ends_in(target, name)))
}

/// The type as its author would write it.
pub(crate) fn text(ty: &Type) -> String {
    let spaced = ty.to_token_stream().to_string();
    [(" :: ", "::"), (":: ", "::"), (" < ", "<"), ("< ", "<"), (" >", ">"), (" ,", ","), ("& ", "&")]
        .into_iter()
        .fold(spaced, |text, (from, to)| text.replace(from, to))
}

/// The type without what leads to it, as `Page<Item>` in `shop::Page<Item>`.
pub(crate) fn name(ty: &Type) -> String {
    last_segment(ty).map_or_else(|| text(ty), |segment| text(&parse_quote!(#segment)))
}

/// The types of a list that names each once.
pub(crate) fn unique(list: Vec<Type>, errors: &mut Errors) -> Vec<Type> {
    let mut seen = Vec::<Type>::new();
    for ty in list {
        let name = text(&ty);
        if seen.iter().any(|known| text(known) == name) {
            errors.on(&ty, format!("`{name}` is listed twice; name it once"));
        } else {
            seen.push(ty);
        }
    }
    seen
}

/// The first identifier of `tokens` that is one of `names`.
pub(crate) fn mentioned(tokens: impl ToTokens, names: &[String]) -> Option<Ident> {
    find(tokens.into_token_stream(), &mut |token, _| match token {
        TokenTree::Ident(ident) if names.iter().any(|name| ident == name) => Some(ident.clone()),
        _ => None,
    })
}

/// The first `&` or lifetime other than `'static`: what makes a type borrow.
pub(crate) fn borrow(tokens: impl ToTokens) -> Option<TokenTree> {
    find(tokens.into_token_stream(), &mut |token, next| match (token, next) {
        (TokenTree::Punct(punct), Some(TokenTree::Ident(lifetime)))
            if punct.as_char() == '\'' && lifetime != "static" =>
        {
            Some(TokenTree::Ident(lifetime.clone()))
        }
        (TokenTree::Punct(punct), _) if punct.as_char() == '&' => Some(token.clone()),
        _ => None,
    })
}

/// The `impl` of an `impl Trait`.
pub(crate) fn impl_trait(tokens: impl ToTokens) -> Option<Ident> {
    mentioned(tokens, &["impl".to_owned()])
}

fn find<T>(tokens: TokenStream, wanted: &mut impl FnMut(&TokenTree, Option<&TokenTree>) -> Option<T>) -> Option<T> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if let Some(found) = wanted(&token, tokens.peek()) {
            return Some(found);
        }
        if let TokenTree::Group(group) = token
            && let Some(found) = find(group.stream(), wanted)
        {
            return Some(found);
        }
    }
    None
}

/// `tokens` with every `Self` replaced by `ty`, for code outside the user's impl.
pub(crate) fn without_self(tokens: impl ToTokens, ty: &Type) -> TokenStream {
    tokens
        .into_token_stream()
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(ident) if ident == "Self" => spanned_at(ty.to_token_stream(), ident.span()),
            TokenTree::Group(group) => {
                let mut copy = proc_macro2::Group::new(group.delimiter(), without_self(group.stream(), ty));
                copy.set_span(group.span());
                TokenTree::Group(copy).into()
            }
            token => token.into(),
        })
        .collect()
}

fn spanned_at(tokens: TokenStream, span: proc_macro2::Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            token.set_span(token.span().located_at(span));
            token
        })
        .collect()
}

/// A type in a list of types, where a text is a mistake with words of its own.
pub(crate) struct Listed(pub(crate) Type);

impl Parse for Listed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Lit) {
            let literal: Lit = input.parse()?;
            return Err(syn::Error::new(
                literal.span(),
                "this is a list of types; write the struct's name, without quotes",
            ));
        }
        input.parse().map(Self)
    }
}

/// Whether a type is a future in itself: `impl Future`, a boxed one, or an alias of that from the `futures` crates.
pub(crate) fn is_future(ty: &Type) -> bool {
    let is_named = |bounds: &Punctuated<TypeParamBound, Token![+]>| {
        bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => attributes::ends_in(&bound.path, "Future"),
            _ => false,
        })
    };
    match peel(ty) {
        Type::ImplTrait(future) => is_named(&future.bounds),
        Type::TraitObject(future) => is_named(&future.bounds),
        ty if ends_in(ty, "Pin") || ends_in(ty, "Box") => arguments(ty).first().is_some_and(is_future),
        ty => ends_in(ty, "BoxFuture") || ends_in(ty, "LocalBoxFuture"),
    }
}

/// Whether a reference in the type lacks a lifetime, which the compiler refuses in the field of a struct.
pub(crate) fn elides(ty: &Type) -> bool {
    match peel(ty) {
        Type::Reference(reference) => reference.lifetime.is_none() || elides(&reference.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(elides),
        Type::Array(array) => elides(&array.elem),
        Type::Slice(slice) => elides(&slice.elem),
        ty => arguments(ty).iter().any(elides),
    }
}

/// The generics of a consumer for generated code: it outlives its request, so its parameters do.
///
/// Asked here, and not of the user's own head, it is no error for each generated item when the user leaves it out.
pub(crate) fn lasting(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    for param in generics.type_params_mut() {
        param.bounds.push(parse_quote!('static));
    }
    generics
}

/// What a function returns, as far as its syntax tells.
pub(crate) enum Output {
    /// Nothing, `()`, `Result`, `Result<()>` or `Result<(), E>`; also what can't be told.
    Quiet,
    /// `Option<T>`.
    Option(Type),
    /// `Result<T, ..>`, with the error if it is written.
    Result(Type, Option<Type>),
    /// `Result<Option<T>, ..>`.
    ResultOption(Type, Option<Type>),
    /// Any other type.
    Value(Type),
}

pub(crate) fn output(returned: &ReturnType) -> Output {
    let ReturnType::Type(_, ty) = returned else {
        return Output::Quiet;
    };
    if is_unit(ty) {
        return Output::Quiet;
    }
    if ends_in(ty, "Option")
        && let Some(value) = arguments(ty).into_iter().next()
    {
        return Output::Option(value);
    }
    if ends_in(ty, "Result") {
        let mut arguments = arguments(ty).into_iter();
        let Some(value) = arguments.next().filter(|value| !is_unit(value)) else {
            return Output::Quiet;
        };
        let error = arguments.next();
        if ends_in(&value, "Option")
            && let Some(inner) = self::arguments(&value).into_iter().next()
        {
            return Output::ResultOption(inner, error);
        }
        return Output::Result(value, error);
    }
    Output::Value(ty.as_ref().clone())
}

/// How a function may fail, as far as its syntax tells.
pub(crate) enum Failing {
    /// It returns no `Result`.
    Never,
    /// With any error: the `Result` does not say.
    Somehow,
    /// With this error.
    With(Box<Type>),
}

pub(crate) fn failing(returned: &ReturnType) -> Failing {
    match returned {
        ReturnType::Type(_, ty) if ends_in(ty, "Result") => match arguments(ty).into_iter().nth(1) {
            Some(error) if impl_trait(&error).is_none() => Failing::With(Box::new(error)),
            _ => Failing::Somehow,
        },
        _ => Failing::Never,
    }
}

/// The generic arguments of the last segment that are types.
fn arguments(ty: &Type) -> Vec<Type> {
    let Some(PathSegment { arguments: PathArguments::AngleBracketed(list), .. }) = last_segment(ty) else {
        return Vec::new();
    };
    list.args
        .iter()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty.clone()),
            _ => None,
        })
        .collect()
}
