//! `#[consumer(channel = "thumbnails-generate")]`: a struct that takes its events from a channel, without a socket.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, GenericParam, LitStr};

use super::options::Options;
use crate::{
    attributes::ends_in,
    errors::Errors,
    names::channel_objection,
    paths::{Private, anonymous},
    types,
};

/// Refuses what only a worker has.
pub(super) fn only_with_a_channel(options: &Options, errors: &mut Errors) {
    if let Some(key) = options.keys.iter().find(|key| *key == "acknowledged") {
        errors.on(
            key,
            "`acknowledged` is about a channel's messages; write `#[consumer(channel = \"thumbnails-generate\", acknowledged)]`",
        );
    }
}

/// What the struct declares; its name is kept after a mistake, so that whoever sends to it has no error too.
pub(super) fn worker(item: &DeriveInput, options: &Options, errors: &mut Errors) -> Option<TokenStream> {
    if let Some(lifetime) = item.generics.params.iter().find(|param| matches!(param, GenericParam::Lifetime(_))) {
        errors.on(lifetime, "a worker runs for as long as its process, so it can't borrow; own the data instead");
        return None;
    }
    let channel = options.channel.as_ref().and_then(Option::as_ref);
    if let Some(channel) = channel
        && let Some(objection) = channel_objection(&channel.value())
    {
        errors.on(channel, objection);
    }
    if let Some(path) = &options.path {
        errors.on(
            path,
            "a consumer has a path, whose clients it serves, or a channel, whose events it handles; remove one of the two",
        );
    }
    for key in &options.keys {
        let why = match key.to_string().as_str() {
            "group" | "groups" => {
                "a worker is no member of a group: its events come from its channel; remove this, and send to groups by their type, `Room { .. }.send(context.channels(), ..)`"
            }
            "sends" => {
                "a worker has no client to send to; remove this, and send to a group or a channel by `context.channels()`"
            }
            "subprotocols" => "a worker has no WebSocket that speaks a subprotocol; remove this",
            "layer" => {
                "a worker lives on the channels that run it; remove this, and give it those of the alias, `worker(channels.alias(\"alerts\")?.clone())`"
            }
            "keep_scope" => "a worker has no request, and so no scope; remove this",
            "settings" => {
                "settings are limits of a WebSocket, which a worker has not; remove this, and say how it works where it is run, `worker(channels).consumer(..).max_in_flight(8)`"
            }
            _ => continue,
        };
        errors.on(key, why);
    }
    shape(item, errors);
    Some(declared(item, &channel.map(LitStr::value).unwrap_or_default(), options.acknowledged))
}

fn shape(item: &DeriveInput, errors: &mut Errors) {
    let fields = match &item.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(data) => {
            return errors.on(data.enum_token, "a worker is a struct; keep the enum in a field");
        }
        Data::Union(data) => return errors.on(data.union_token, "a worker is a struct"),
    };
    let marks = fields.iter().flat_map(|field| &field.attrs).filter(|mark| ends_in(mark.path(), "extract"));
    for mark in marks {
        errors.on(
            &mark.meta,
            "a worker is built by the program that runs it, not out of a request; remove `#[extract]`, and give the field's value to `worker(channels).consumer(..)`",
        );
    }
}

fn declared(item: &DeriveInput, channel: &str, acknowledged: bool) -> TokenStream {
    let p = Private;
    let ident = &item.ident;
    let generics = types::lasting(&item.generics);
    let (impls, types, wheres) = generics.split_for_impl();
    let name = ident.to_string();
    let acknowledged = acknowledged.then(|| quote!(.acknowledged()));
    anonymous(quote! {
        #[automatically_derived]
        impl #impls #p::OnChannel for #ident #types #wheres {
            const DECLARATION: #p::WorkerDeclaration = #p::WorkerDeclaration::new(#name, #channel) #acknowledged;
        }

        // So that an impl half for sockets is one error, which says what it is instead.
        #[automatically_derived]
        impl #impls #p::Declared for #ident #types #wheres {
            const DECLARATION: #p::Declaration = #p::Declaration::new(#name, "", &[]);
        }
    })
}
