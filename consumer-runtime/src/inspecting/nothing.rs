//! Nothing is remembered.

use std::net::SocketAddr;

use axum::http::HeaderMap;

use crate::{
    channels::{Group, fanout::KindRef},
    message::Message,
    names::GroupName,
};

/// As with the feature `inspector`.
#[derive(Debug, Default)]
pub(crate) struct Seen {}

impl Seen {
    pub(crate) fn new(_: Option<SocketAddr>, _: &HeaderMap) -> Self {
        Self {}
    }

    pub(crate) fn touch(&self) {}
}

/// As with the feature `inspector`.
#[derive(Debug, Default)]
pub(crate) struct Inspected {}

impl Inspected {
    pub(crate) fn meet(&self, _: KindRef) {}

    pub(crate) fn tell(&self, _: &Message, _: Option<&GroupName>, _: Option<&Group>) {}
}
