//! Names and JSON instead of types: what Django can do, spelled so that it shows.

use std::{sync::Arc, time::Duration};

use serde_json::Value;

use super::{Channels, Local, Sending, local::Queue};
use crate::{
    asking::{Answers, Asking},
    error::Result,
    message::Message,
    names::{ChannelName, GroupName},
    worker::DeadLetters,
};

/// Sends by name what no compiler has checked.
///
/// The methods are those of a Django Channels layer. A message is an object with a `type`; members without a handler
/// for it drop it, log it once and count it.
#[derive(Clone, Copy, Debug)]
pub struct Untyped<'a> {
    channels: &'a Channels,
}

impl<'a> Untyped<'a> {
    pub(super) fn new(channels: &'a Channels) -> Self {
        Self { channels }
    }

    /// Sends to every member of a group.
    ///
    /// # Errors
    /// When the name breaks the rule, the message is no object with a `type`, or the layer is away.
    pub fn group_send(self, group: &str, message: Value) -> Sending {
        match (GroupName::new(group), Message::from_value(message)) {
            (Ok(group), Ok(message)) => Sending::to_group(self.channels.clone(), group, message),
            (Err(error), _) => Sending::failed(error),
            (_, Err(error)) => Sending::failed(error),
        }
    }

    /// Sends to every member of a group but those of `except`, which are named by their channels.
    ///
    /// # Errors
    /// As [`group_send`](Self::group_send).
    pub fn group_send_except<'e>(
        self,
        group: &str,
        message: Value,
        except: impl IntoIterator<Item = &'e ChannelName>,
    ) -> Sending {
        match (GroupName::new(group), Message::from_value(message)) {
            (Ok(group), Ok(message)) => {
                let message = message.with_except(except.into_iter().cloned());
                Sending::to_group(self.channels.clone(), group, message)
            }
            (Err(error), _) => Sending::failed(error),
            (_, Err(error)) => Sending::failed(error),
        }
    }

    /// Asks every member of a group, and collects what their handlers answer until all have, or until `within` is over.
    ///
    /// # Errors
    /// As [`group_send`](Self::group_send); that a member fails or is late is told in [`Answers`].
    pub fn group_ask(self, group: &str, message: Value, within: Duration) -> Asking<Result<Answers<Value>>> {
        Asking::group(self.channels, GroupName::new(group), Message::from_value(message), within)
    }

    /// Sends to one channel: a connection's, or a general one such as `thumbnails-generate`.
    ///
    /// # Errors
    /// As [`group_send`](Self::group_send), and when the channel is full.
    pub fn send(self, channel: &str, message: Value) -> Sending {
        match (ChannelName::new(channel), Message::from_value(message)) {
            (Ok(channel), Ok(message)) => Sending::to_channel(self.channels.clone(), channel, message),
            (Err(error), _) => Sending::failed(error),
            (_, Err(error)) => Sending::failed(error),
        }
    }

    /// Puts a message into an acknowledged channel, which is kept until a worker has handled it.
    ///
    /// # Errors
    /// As [`send`](Self::send), and when the layer has no acknowledged channels.
    pub fn send_acknowledged(self, channel: &str, message: Value) -> Sending {
        match (ChannelName::new(channel), Message::from_value(message)) {
            (Ok(channel), Ok(message)) => Sending::to_work(self.channels.clone(), channel, message),
            (Err(error), _) => Sending::failed(error),
            (_, Err(error)) => Sending::failed(error),
        }
    }

    /// What an acknowledged channel could not have handled.
    pub fn dead_letters(self, channel: &str) -> DeadLetters {
        DeadLetters::new(self.channels.clone(), ChannelName::new(channel).map_err(Into::into))
    }

    /// The next message of a general channel; of several receivers one gets it.
    ///
    /// # Errors
    /// When the name breaks the rule, belongs to one process (it holds a `!`), or the layer is away.
    pub async fn receive(self, channel: &str) -> Result<Message> {
        let name = ChannelName::new(channel)?;
        if name.process_part() != name.as_str() {
            return Err(crate::error::Error::msg(format!(
                "{channel} belongs to one connection or one `new_channel`, which alone can receive from it"
            )));
        }
        Ok(self.channels.layer().receive(name).await?)
    }

    /// A new channel of this process, to receive what others send to its name.
    pub fn new_channel(self) -> ReceivingChannel {
        let local = Arc::clone(self.channels.local());
        let (name, queue) = local.open_queue();
        ReceivingChannel { channels: self.channels.clone(), name, queue }
    }

    /// Drops all messages of general channels.
    ///
    /// # Errors
    /// When the layer is away.
    pub async fn flush(self) -> Result {
        Ok(self.channels.layer().flush().await?)
    }
}

/// A channel of this process that no connection owns; it ends when it is dropped.
#[derive(Debug)]
pub struct ReceivingChannel {
    channels: Channels,
    name: ChannelName,
    queue: Arc<Queue>,
}

impl ReceivingChannel {
    /// The name to send to.
    pub fn name(&self) -> &ChannelName {
        &self.name
    }

    /// The next message.
    pub async fn receive(&mut self) -> Message {
        self.queue.receive(self.local().counters()).await
    }

    /// Joins a group.
    ///
    /// # Errors
    /// When the name breaks the rule, or the layer is away.
    pub async fn group_add(&self, group: &str) -> Result {
        let group = GroupName::new(group)?;
        let (local, queue) = (self.local(), &self.queue);
        let join = || local.join_queue(&self.name, queue, &group);
        let leave = || queue.forget_group(&group) && local.leave_queue(&self.name, &group);
        Ok(self.channels.subscribe(&group, join, leave).await?)
    }

    /// Leaves a group.
    ///
    /// # Errors
    /// When the name breaks the rule, or the layer is away.
    pub async fn group_discard(&self, group: &str) -> Result {
        let group = GroupName::new(group)?;
        let leave = || self.queue.forget_group(&group) && self.local().leave_queue(&self.name, &group);
        match self.channels.unsubscribe(&group, leave) {
            Some(unsubscribing) => Ok(unsubscribing.await?),
            None => Ok(()),
        }
    }

    fn local(&self) -> &Local {
        self.channels.local()
    }
}

impl Drop for ReceivingChannel {
    fn drop(&mut self) {
        let local = self.local();
        self.channels.unsubscribe_later(|| {
            let groups = self.queue.take_groups().into_iter();
            groups.filter(|group| local.leave_queue(&self.name, group)).collect()
        });
        self.local().unregister(&self.name);
    }
}
