//! What has come, handed to this process.

use std::sync::Arc;

use async_nats::Subject;

use super::{arrivals::Arrival, general, shared::Shared, subjects::Place};
use crate::message::MessageError;

/// Runs until it is dropped.
pub(super) async fn hand_on(shared: &Arc<Shared>) {
    loop {
        match shared.arrivals.next().await {
            Arrival::Message { subject, body } => one(shared, &subject, &body).await,
            Arrival::Mark(mark) => drop(mark.send(())),
        }
    }
}

async fn one(shared: &Arc<Shared>, subject: &Subject, body: &[u8]) {
    let Some(local) = shared.arrivals.local() else { return };
    let Some(place) = shared.subjects.place(subject) else {
        return local.unreadable(&MessageError::Malformed("its subject names no group and no channel"));
    };
    let message = match shared.body.read(body) {
        Ok(addressed) => addressed.message,
        Err(error) => return local.unreadable(&error),
    };
    match place {
        // Not for the members' sockets, but for the process that serves them: it must not be outrun.
        Place::Group(group) => local.deliver_to_group(&group, &message).await,
        // A full channel has counted it, and nobody else hears of it.
        Place::Channel(channel) if local.owns(&channel) => drop(local.deliver_to_channel(&channel, &message)),
        Place::Channel(channel) => general::put(shared, channel, message, &local),
    }
}
