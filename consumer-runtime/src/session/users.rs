//! A user, and all of their connections, on whatever process.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    channels::{Channels, Sending},
    close::{Close, RemoteClose},
    connection::Connection,
    error::{Error, Result},
    event::Event,
    group::{self, GroupDeclaration},
    message::Message,
    names::GroupName,
};

/// What the groups of users are named. As every template it is compared with those of the application, so that no other
/// group has a user's name.
const TEMPLATE: &str = "consumer.user.{id}";

/// The type of these groups, as the application's group types are known by theirs.
struct UserGroup;

const DECLARATION: GroupDeclaration =
    GroupDeclaration::new::<UserGroup>("UserGroup", TEMPLATE, module_path!(), line!(), column!());

/// The group of a user's connections.
fn name(channels: &Channels, id: &str) -> Result<GroupName> {
    channels.meet_group::<UserGroup>(DECLARATION)?;
    Ok(group::render(TEMPLATE, &[("id", &part(id))])?)
}

/// An id as it is where a name can hold it, so that Django finds the group; else in base64 behind a dot, with which no plain
/// one begins.
fn part(id: &str) -> String {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if id.bytes().all(allowed) && !id.starts_with('.') {
        id.to_owned()
    } else {
        format!(".{}", URL_SAFE_NO_PAD.encode(id))
    }
}

/// All connections of one user, on every process of the layer: [`Channels::user`].
///
/// They are those that were told whose they are, by [`Context::log_in`](crate::Context::log_in) or by an extractor of
/// `#[connect]` that does it ([`Connecting`](crate::Connecting)). Other processes, Django's among them, reach them as the
/// group `consumer.user.` with the id behind it; an id that holds other characters than a group's name may is there as a dot and the
/// id in base64 (URL alphabet, no padding).
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use consumer_runtime::prelude::*;
///
/// # let channels = Channels::memory();
/// // A password was changed: whoever is logged in with the old one is not any longer.
/// channels.user("42").disconnect(Close::new(close_code!(4403), "log in again")).await?;
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Debug)]
pub struct UserRef<'a> {
    channels: &'a Channels,
    group: Result<GroupName>,
}

impl<'a> UserRef<'a> {
    pub(crate) fn new(channels: &'a Channels, id: &str) -> Self {
        Self { channels, group: name(channels, id) }
    }

    /// Sends an event to all of the user's connections.
    ///
    /// They may be of different consumers: one without a handler for it drops it, logs that once and counts it. Where the
    /// compiler is to check that there is one, declare a group, as in `#[group("user_{id}", events(Notice))]`, and join it.
    ///
    /// # Errors
    /// When the id is empty or too long for a name (85 characters), or the layer is away. That the user has no connection
    /// is none.
    pub fn send<E: Event>(&self, event: E) -> Sending {
        self.deliver(Message::event(event))
    }

    /// Closes all of the user's connections.
    ///
    /// Each closes in its turn, behind what was sent to it before and after the handler that runs. Who comes back is let in
    /// again, unless what lets it in says no by then.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn disconnect(&self, close: Close) -> Sending {
        self.deliver(RemoteClose::message(&close))
    }

    fn deliver(&self, message: Message) -> Sending {
        match &self.group {
            Ok(group) => Sending::to_group(self.channels.clone(), group.clone(), message),
            Err(error) => Sending::failed(Error::msg(error.to_string())),
        }
    }
}

/// Makes a connection one of a user's, and none of the user's that it was before.
pub(crate) async fn log_in(channels: &Channels, connection: &Arc<Connection>, id: &str) -> Result {
    let before = connection.user();
    if before.as_deref() == Some(id) {
        return Ok(());
    }
    channels.join(connection, name(channels, id)?).await?;
    connection.set_user(Some(id.to_owned()));
    match before {
        Some(before) => channels.leave(connection, name(channels, &before)?).await,
        None => Ok(()),
    }
}

/// Makes a connection nobody's.
pub(crate) async fn log_out(channels: &Channels, connection: &Connection) -> Result {
    let Some(id) = connection.user() else { return Ok(()) };
    channels.leave(connection, name(channels, &id)?).await?;
    connection.set_user(None);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_never_share_a_name() {
        let channels = Channels::memory();
        let name = |id: &str| name(&channels, id).map(|name| name.as_str().to_owned());
        assert_eq!(name("42").unwrap(), "consumer.user.42");
        assert_eq!(name("ann@example.com").unwrap(), "consumer.user..YW5uQGV4YW1wbGUuY29t");
        assert_ne!(name(".YW5u").unwrap(), name("ann").unwrap());
        assert_ne!(name(".YW5uQGV4YW1wbGUuY29t").unwrap(), name("ann@example.com").unwrap());
        assert_eq!(name(&"x".repeat(85)).unwrap().len(), 99);
        assert!(name(&"x".repeat(86)).unwrap_err().to_string().contains("100 bytes"));
        assert!(name("").unwrap_err().to_string().contains("empty"));
    }
}
