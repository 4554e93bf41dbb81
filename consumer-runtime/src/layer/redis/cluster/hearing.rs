//! What is published, handed to this process.

use super::{Shared, names::Named};
use crate::{
    message::MessageError,
    names::{ChannelName, GroupName},
};

/// Hands on what was published under a name, as long as the process is there.
pub(super) async fn hear(shared: &Shared, name: &str, body: &[u8]) {
    let Some(local) = shared.local() else { return };
    let addressed = match shared.body.read(body) {
        Ok(addressed) => addressed,
        Err(error) => return local.unreadable(&error),
    };
    match shared.names.read(name) {
        Some(Named::Group(group)) => {
            if let Ok(group) = GroupName::new(group) {
                // Not for the members' sockets, but for the process that serves them: it must not be outrun.
                local.deliver_to_group(&group, &addressed.message).await;
            }
        }
        Some(Named::Process) => {
            let Some(to) = addressed.to else {
                return local.unreadable(&MessageError::Malformed("it does not say which channel it is for"));
            };
            for name in to.names() {
                match ChannelName::new(name) {
                    // A full channel has counted it, and nobody else hears of it.
                    Ok(channel) if local.owns(&channel) => drop(local.deliver_to_channel(&channel, &addressed.message)),
                    Ok(_) | Err(_) => local.counters().gone(1),
                }
            }
        }
        Some(Named::General(channel)) => {
            if let Ok(channel) = ChannelName::new(channel) {
                shared.general.put(&channel, addressed.message, &local);
            }
        }
        None => {}
    }
}
