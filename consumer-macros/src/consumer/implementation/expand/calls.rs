//! The call of a handler: its arguments, its future, its result.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ReturnType, Type};

use super::super::model::{Argument, Form, Method};
use crate::{
    paths::{Private, called_at},
    types::{self, Output},
};

/// How generated code calls handlers: on the connection's task, on the blocking pool, or on a worker's.
#[derive(Clone, Copy)]
pub(super) struct Calls {
    pub(super) form: Form,
}

impl Calls {
    /// A handler's call with the consumer in its slot, and what `finish` makes of its result.
    ///
    /// `input` is given an argument's type and whether it is taken by reference.
    pub(super) fn run(
        self,
        method: &Method,
        input: impl Fn(&Type, bool) -> TokenStream,
        finish: impl Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let p = Private;
        if !method.callable {
            return quote!(#p::broken());
        }
        let receiver = match self.form {
            Form::Async => Some(quote!(#p::Slot::get(consumer))),
            Form::Blocking => Some(quote!(consumer)),
            Form::Worker => method.has_self.then(|| quote!(worker)),
        };
        let call = self.call(&quote!(Self), method, receiver, input);
        if self.form == Form::Blocking {
            let finished = finish(call);
            quote!(#p::blocking::run(consumer, context, move |consumer, context| #finished).await)
        } else {
            finish(awaited(method, call))
        }
    }

    /// The bare call, `<owner>::handler(consumer, input, context)`, as long as the handler's `async` to whoever
    /// underlines it.
    pub(super) fn call(
        self,
        owner: &TokenStream,
        method: &Method,
        receiver: Option<TokenStream>,
        input: impl Fn(&Type, bool) -> TokenStream,
    ) -> TokenStream {
        let span = method.at.resolved_at(Span::call_site());
        let name = method.named_at(span);
        let mut extractors = 0..;
        let arguments = method.arguments.iter().map(|argument| match argument {
            Argument::Input { ty, by_reference } => input(ty, *by_reference),
            Argument::Context(ty) => self.context(ty, owner),
            Argument::Extract(_) => extractor(extractors.next().unwrap_or_default()).to_token_stream(),
        });
        let arguments = receiver.into_iter().chain(arguments);
        let mut list = Group::new(Delimiter::Parenthesis, quote!(#(#arguments),*));
        list.set_span(span);
        quote_spanned!(span=> <#owner>::#name #list)
    }

    /// The context as the handler's signature asks for it: the conversion is the check.
    fn context(self, ty: &Type, owner: &TokenStream) -> TokenStream {
        let p = Private;
        let argument = match self.form {
            Form::Async => quote!(ContextArg),
            Form::Blocking => quote!(BlockingContextArg),
            Form::Worker => quote!(WorkerContextArg),
        };
        quote!(<#ty as #p::args::#argument<#owner>>::from_context(context))
    }
}

/// The local that holds an extractor of `#[connect]`.
pub(super) fn extractor(index: usize) -> Ident {
    quote::format_ident!("extracted_{index}")
}

/// The future of a handler, awaited; when it is not `Send`, its `async` is underlined.
pub(super) fn awaited(method: &Method, call: TokenStream) -> TokenStream {
    let p = Private;
    let future = called_at(method.at, quote!(#p::require_send), call);
    quote!(#future.await)
}

/// The result of a handler that answers nobody.
pub(super) fn quiet(method: &Method, call: TokenStream) -> TokenStream {
    let p = Private;
    let returned = returned(method);
    if types::impl_trait(&returned).is_some() {
        return quote!(#p::quiet(#call));
    }
    quote!(<#returned as #p::Quiet>::into_outcome(#call))
}

/// The result of an event's handler, which is the event's answer.
pub(super) fn answered(method: &Method, payload: &Type, call: TokenStream) -> TokenStream {
    let p = Private;
    let returned = match &method.returned {
        ReturnType::Type(_, ty) => ty.to_token_stream(),
        // A type of ours, to be underlined where the user would write one.
        ReturnType::Default => {
            let mut unit = Group::new(Delimiter::Parenthesis, TokenStream::new());
            unit.set_span(method.ident.span().resolved_at(Span::call_site()));
            unit.to_token_stream()
        }
    };
    told(method, &call, |output| quote!(#p::checks::Answering::<#payload>::returned::<#returned>(#output)))
}

/// The result of a handler that may answer the client.
pub(super) fn answer(method: &Method, call: TokenStream) -> TokenStream {
    let p = Private;
    match method.output() {
        Output::Quiet => told(method, &call, |output| quiet(method, output)),
        Output::Value(ty) => {
            let ty = inferred(&ty);
            quote!(#p::answer::<#ty>(#call))
        }
        Output::Option(ty) => {
            let ty = inferred(&ty);
            quote!(#p::answer::<#p::Option<#ty>>(#call))
        }
        Output::ResultOption(ty, error) => {
            let (ty, error) = (inferred(&ty), error.as_ref().map_or_else(|| quote!(_), inferred));
            told(method, &call, |output| quote!(#p::answer_result::<#p::Option<#ty>, #error>(#output)))
        }
        Output::Result(ty, error) => {
            let (ty, error) = (inferred(&ty), error.as_ref().map_or_else(|| quote!(_), inferred));
            told(method, &call, |output| quote!(#p::answer_result::<#ty, #error>(#output)))
        }
    }
}

/// The result of a handler, once its error was asked for an answer of its own; only here is the error's type known.
fn told(method: &Method, call: &TokenStream, finish: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
    let p = Private;
    if matches!(method.returned, ReturnType::Default) {
        return finish(call.clone());
    }
    // What is wrong with it is underlined where the handler is, as at its call.
    let output = Ident::new("output", method.at.resolved_at(Span::call_site()));
    let outcome = finish(output.to_token_stream());
    quote!({
        let #output = #call;
        let answer = #p::replies::Told(&#output).answer();
        #p::replies::settled(answer, #outcome)
    })
}

/// The result of a shared handler.
pub(super) fn fanned(method: &Method, call: TokenStream) -> TokenStream {
    let p = Private;
    let error = |error: Option<Type>| error.as_ref().map_or_else(|| quote!(_), inferred);
    match method.output() {
        Output::Quiet => quote!(#p::broken()),
        Output::Value(ty) => {
            let ty = inferred(&ty);
            quote!(#p::fan::<#ty>(#call))
        }
        Output::Option(ty) => {
            let ty = inferred(&ty);
            quote!(#p::fan_option::<#ty>(#call))
        }
        Output::Result(ty, err) => {
            let (ty, err) = (inferred(&ty), error(err));
            quote!(#p::fan_result::<#ty, #err>(#call))
        }
        Output::ResultOption(ty, err) => {
            let (ty, err) = (inferred(&ty), error(err));
            quote!(#p::fan_result_option::<#ty, #err>(#call))
        }
    }
}

/// What the method returns, `()` when it says nothing.
pub(super) fn returned(method: &Method) -> TokenStream {
    match &method.returned {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => ty.to_token_stream(),
    }
}

/// A type as a generic argument in an expression, where `impl Trait` can't be named.
fn inferred(ty: &Type) -> TokenStream {
    if types::impl_trait(ty).is_some() { quote!(_) } else { ty.to_token_stream() }
}
