//! The declared groups of a connection: what its handlers send to them and ask them.

use std::{fmt, marker::PhantomData, time::Duration};

use serde::de::DeserializeOwned;

use crate::{
    asking::{Answers, Asking},
    channels::{Channels, Sending},
    consumer::Consumer,
    error::{Error, Result},
    event::{Event, HandledBy},
    group::{CarriedBy, Group, OwnGroup},
    message::Message,
    names::{ChannelName, GroupName},
};

/// The declared group of a connection.
#[derive(Debug)]
pub struct GroupRef<'a, G> {
    pub(super) channels: &'a Channels,
    /// The connection's own.
    pub(super) channel: &'a ChannelName,
    pub(super) name: Option<&'a GroupName>,
    pub(super) group: PhantomData<fn() -> G>,
}

impl<G: Group> GroupRef<'_, G> {
    /// Sends an event to every member, this connection included.
    ///
    /// # Errors
    /// When the layer is away, or in `#[connect]` before the consumer was built; never because a member is slow.
    pub fn send<E: CarriedBy<G>>(&self, event: E) -> Sending {
        self.deliver(Message::event(event))
    }

    /// Sends an event to every member but this connection.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_to_others<E: CarriedBy<G>>(&self, event: E) -> Sending {
        self.send_except(event, [self.channel])
    }

    /// Sends an event to every member but those of `except`, which are named by their channels.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_except<'e, E: CarriedBy<G>>(
        &self,
        event: E,
        except: impl IntoIterator<Item = &'e ChannelName>,
    ) -> Sending {
        self.deliver(Message::event(event).with_except(except.into_iter().cloned()))
    }

    /// Asks every member but this connection, and collects what their handlers answer until all have, or until `within`
    /// is over; see [`Group::ask`].
    ///
    /// Two members that ask each other at once wait until then, since each handles one thing at a time.
    ///
    /// # Errors
    /// As [`send`](Self::send); that a member fails or is late is told in [`Answers`].
    pub fn ask<E: CarriedBy<G>>(&self, event: E, within: Duration) -> Asking<Result<Answers<E::Answer>>> {
        self.question(Message::event(event), within)
    }
}

/// A consumer's own group, as in `group = "chat_{room}"`: it carries what the consumer handles, and its type is a name
/// that no user wrote.
impl<C: Consumer> GroupRef<'_, OwnGroup<C>> {
    /// Sends an event to every member, this connection included.
    ///
    /// # Errors
    /// When the layer is away, or in `#[connect]` before the consumer was built; never because a member is slow.
    pub fn send<E: HandledBy<C>>(&self, event: E) -> Sending {
        self.deliver(E::into_message(event))
    }

    /// Sends an event to every member but this connection.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_to_others<E: HandledBy<C>>(&self, event: E) -> Sending {
        self.send_except(event, [self.channel])
    }

    /// Sends an event to every member but those of `except`, which are named by their channels.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_except<'e, E: HandledBy<C>>(
        &self,
        event: E,
        except: impl IntoIterator<Item = &'e ChannelName>,
    ) -> Sending {
        self.deliver(E::into_message(event).with_except(except.into_iter().cloned()))
    }

    /// Asks every member but this connection; see [`Group::ask`].
    ///
    /// # Errors
    /// As [`send`](Self::send); that a member fails or is late is told in [`Answers`].
    pub fn ask<E: Event + HandledBy<C>>(&self, event: E, within: Duration) -> Asking<Result<Answers<E::Answer>>> {
        self.question(E::into_message(event), within)
    }
}

/// What `context.group()` is of a consumer that declares several: none of them.
#[derive(Debug)]
pub struct SeveralGroups;

/// Nothing: a send that does not say which group it means.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this consumer declares several groups, and `group()` does not say which one is meant",
    label = "to which group?",
    note = "name it: `context.group_of::<Room>()` instead of `context.group()`"
)]
pub trait ToSomeGroup {}

/// Each says that the group is missing, in place of the method that is meant.
impl GroupRef<'_, SeveralGroups> {
    /// Says which group is missing.
    #[doc(hidden)]
    pub fn send<E: ToSomeGroup>(&self, _: E) -> Sending {
        Sending::failed(NoGroupYet)
    }

    #[doc(hidden)]
    pub fn send_to_others<E: ToSomeGroup>(&self, _: E) -> Sending {
        Sending::failed(NoGroupYet)
    }

    #[doc(hidden)]
    pub fn send_except<E: ToSomeGroup, X>(&self, _: E, _: X) -> Sending {
        Sending::failed(NoGroupYet)
    }

    #[doc(hidden)]
    pub fn ask<E: ToSomeGroup + Event>(&self, _: E, within: Duration) -> Asking<Result<Answers<E::Answer>>> {
        Asking::group(self.channels, Err(NoGroupYet), Err(NoGroupYet), within)
    }
}

impl<G> GroupRef<'_, G> {
    fn question<T>(&self, message: Message, within: Duration) -> Asking<Result<Answers<T>>>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let message = message.with_except([self.channel.clone()]);
        Asking::group(self.channels, self.name.cloned().ok_or(NoGroupYet), Ok::<_, Error>(message), within)
    }

    fn deliver(&self, message: Message) -> Sending {
        match self.name {
            Some(name) => Sending::to_group(self.channels.clone(), name.clone(), message),
            None => Sending::failed(NoGroupYet),
        }
    }

    /// The group's name; `None` in `#[connect]` before the consumer was built.
    pub fn name(&self) -> Option<&GroupName> {
        self.name
    }
}

/// The declared group was used before the consumer had its fields.
#[derive(Clone, Copy, Debug)]
struct NoGroupYet;

impl fmt::Display for NoGroupYet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the declared group has no name before the consumer is built; send from `#[connect]` with `&mut self`, or to the group's own type",
        )
    }
}

impl std::error::Error for NoGroupYet {}
