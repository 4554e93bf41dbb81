//! Groups by name: what Channels spells with strings.

use std::sync::Arc;

use crate::{
    channels::{Channels, Untyped},
    connection::Connection,
    error::Result,
    names::GroupName,
};

/// What Channels spells with strings, spelled so that it shows.
#[derive(Debug)]
pub struct UntypedContext<'a> {
    pub(super) connection: &'a Arc<Connection>,
    pub(super) channels: &'a Channels,
}

impl UntypedContext<'_> {
    /// Joins a group by its name, whatever is sent there; events without a handler are logged and counted.
    ///
    /// # Errors
    /// When the name breaks the rule, or the layer is away.
    pub async fn group_add(&self, name: &str) -> Result {
        self.channels.join(self.connection, GroupName::new(name)?).await
    }

    /// Leaves a group by its name.
    ///
    /// # Errors
    /// When the name breaks the rule, or the layer is away.
    pub async fn group_discard(&self, name: &str) -> Result {
        self.channels.leave(self.connection, GroupName::new(name)?).await
    }

    /// Sends by name, as from outside.
    pub fn channels(&self) -> Untyped<'_> {
        self.channels.untyped()
    }
}
