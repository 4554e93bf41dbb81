//! The context of blocking handlers: the same calls without `.await`.

use std::{
    fmt,
    future::Future,
    hash::Hash,
    time::{Duration, SystemTime},
};

use axum::http::{HeaderName, HeaderValue};
use serde::Serialize;
use tokio::runtime::Handle;

use super::{Context, GroupRef, SentBy, SeveralGroups, group::ToSomeGroup};
use crate::{
    asking::{Answers, NoAnswer},
    channels::Channels,
    close::CheckedCode,
    consumer::{Consumer, InGroup, SoleGroup},
    error::Result,
    event::{Event, HandledBy},
    group::{CarriedBy, Group, JoinedBy, OwnGroup},
    names::{ChannelName, GroupName},
    scope::Scope,
};

/// One connection as the handlers of a `#[consumer(blocking)]` see it.
///
/// The calls are those of [`Context`], and wait by blocking their thread, which belongs to the blocking pool.
pub struct BlockingContext<C> {
    inner: Context<C>,
    runtime: Handle,
}

impl<C> fmt::Debug for BlockingContext<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl<C: Consumer> BlockingContext<C> {
    pub(super) fn new(inner: Context<C>) -> Self {
        Self { inner, runtime: Handle::current() }
    }

    /// Waits for anything asynchronous, such as [`Group::send`](crate::Group::send).
    pub fn wait<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// As [`Context::channel_name`].
    pub fn channel_name(&self) -> &ChannelName {
        self.inner.channel_name()
    }

    /// As [`Context::channels`].
    pub fn channels(&self) -> &Channels {
        self.inner.channels()
    }

    /// As [`Context::scope`].
    pub fn scope(&self) -> Option<&Scope> {
        self.inner.scope()
    }

    /// As [`Context::subprotocol`].
    pub fn subprotocol(&self) -> Option<String> {
        self.inner.subprotocol()
    }

    /// As [`Context::select_subprotocol`].
    ///
    /// # Errors
    /// As there.
    pub fn select_subprotocol(&mut self, name: &str) -> Result {
        self.inner.select_subprotocol(name)
    }

    /// As [`Context::accept_header`].
    ///
    /// # Errors
    /// As there.
    pub fn accept_header(&mut self, name: HeaderName, value: HeaderValue) -> Result {
        self.inner.accept_header(name, value)
    }

    /// As [`Context::send`].
    ///
    /// # Errors
    /// As there.
    pub fn send<T: SentBy<C> + ?Sized>(&self, value: &T) -> Result {
        self.wait(self.inner.send(value))
    }

    /// As [`Context::send_latest`].
    ///
    /// # Errors
    /// As there.
    pub fn send_latest<T: SentBy<C> + ?Sized>(&self, key: impl Hash, value: &T) -> Result {
        self.wait(self.inner.send_latest(key, value))
    }

    /// As [`Context::send_json`].
    ///
    /// # Errors
    /// As there.
    pub fn send_json<T: Serialize + ?Sized>(&self, value: &T) -> Result {
        self.wait(self.inner.send_json(value))
    }

    /// As [`Context::send_text`].
    ///
    /// # Errors
    /// As there.
    pub fn send_text(&self, text: impl AsRef<str>) -> Result {
        self.wait(self.inner.send_text(text))
    }

    /// As [`Context::send_bytes`].
    ///
    /// # Errors
    /// As there.
    pub fn send_bytes(&self, bytes: impl AsRef<[u8]>) -> Result {
        self.wait(self.inner.send_bytes(bytes))
    }

    /// As [`Context::ask`].
    ///
    /// # Errors
    /// As there.
    pub fn ask<Q: Event + SentBy<C>>(&self, question: &Q, within: Duration) -> Result<Q::Answer, NoAnswer> {
        self.wait(self.inner.ask(question, within))
    }

    /// As [`Context::close`].
    pub fn close(&self, code: impl CheckedCode, reason: impl Into<String>) {
        self.inner.close(code, reason);
    }

    /// As [`Context::group`].
    pub fn group<G>(&self) -> BlockingGroupRef<'_, G>
    where
        C: SoleGroup<G>,
    {
        BlockingGroupRef { inner: self.inner.group::<G>(), runtime: &self.runtime }
    }

    /// As [`Context::group_of`].
    pub fn group_of<G>(&self) -> BlockingGroupRef<'_, G>
    where
        C: InGroup<G>,
    {
        BlockingGroupRef { inner: self.inner.group_of::<G>(), runtime: &self.runtime }
    }

    /// As [`Context::stay_for`].
    pub fn stay_for(&self, time: Duration) {
        self.inner.stay_for(time);
    }

    /// As [`Context::stay_until`].
    pub fn stay_until(&self, end: SystemTime) {
        self.inner.stay_until(end);
    }

    /// As [`Context::stay_forever`].
    pub fn stay_forever(&self) {
        self.inner.stay_forever();
    }

    /// As [`Context::log_in`].
    ///
    /// # Errors
    /// As there.
    pub fn log_in(&self, user: impl AsRef<str>) -> Result {
        self.wait(self.inner.log_in(user))
    }

    /// As [`Context::log_out`].
    ///
    /// # Errors
    /// As there.
    pub fn log_out(&self) -> Result {
        self.wait(self.inner.log_out())
    }

    /// As [`Context::user_id`].
    pub fn user_id(&self) -> Option<String> {
        self.inner.user_id()
    }

    /// As [`Context::join`].
    ///
    /// # Errors
    /// As there.
    pub fn join<G: JoinedBy<C>>(&self, group: G) -> Result {
        self.wait(self.inner.join(group))
    }

    /// As [`Context::leave`].
    ///
    /// # Errors
    /// As there.
    pub fn leave<G: Group>(&self, group: G) -> Result {
        self.wait(self.inner.leave(group))
    }

    /// As [`UntypedContext::group_add`](super::UntypedContext::group_add).
    ///
    /// # Errors
    /// As there.
    pub fn group_add(&self, name: &str) -> Result {
        self.wait(self.inner.untyped().group_add(name))
    }

    /// As [`UntypedContext::group_discard`](super::UntypedContext::group_discard).
    ///
    /// # Errors
    /// As there.
    pub fn group_discard(&self, name: &str) -> Result {
        self.wait(self.inner.untyped().group_discard(name))
    }
}

/// The declared group of a blocking consumer's connection.
#[derive(Debug)]
pub struct BlockingGroupRef<'a, G> {
    inner: GroupRef<'a, G>,
    runtime: &'a Handle,
}

impl<G: Group> BlockingGroupRef<'_, G> {
    /// As [`GroupRef::send`].
    ///
    /// # Errors
    /// As there.
    pub fn send<E: CarriedBy<G>>(&self, event: E) -> Result {
        self.runtime.block_on(self.inner.send(event))
    }

    /// As [`GroupRef::send_to_others`].
    ///
    /// # Errors
    /// As there.
    pub fn send_to_others<E: CarriedBy<G>>(&self, event: E) -> Result {
        self.runtime.block_on(self.inner.send_to_others(event))
    }

    /// As [`GroupRef::send_except`].
    ///
    /// # Errors
    /// As there.
    pub fn send_except<'e, E: CarriedBy<G>>(
        &self,
        event: E,
        except: impl IntoIterator<Item = &'e ChannelName>,
    ) -> Result {
        self.runtime.block_on(self.inner.send_except(event, except))
    }

    /// As [`GroupRef::ask`].
    ///
    /// # Errors
    /// As there.
    pub fn ask<E: CarriedBy<G>>(&self, event: E, within: Duration) -> Result<Answers<E::Answer>> {
        self.runtime.block_on(self.inner.ask(event, within))
    }
}

impl<C: Consumer> BlockingGroupRef<'_, OwnGroup<C>> {
    /// As [`GroupRef::send`].
    ///
    /// # Errors
    /// As there.
    pub fn send<E: HandledBy<C>>(&self, event: E) -> Result {
        self.runtime.block_on(self.inner.send(event))
    }

    /// As [`GroupRef::send_to_others`].
    ///
    /// # Errors
    /// As there.
    pub fn send_to_others<E: HandledBy<C>>(&self, event: E) -> Result {
        self.runtime.block_on(self.inner.send_to_others(event))
    }

    /// As [`GroupRef::send_except`].
    ///
    /// # Errors
    /// As there.
    pub fn send_except<'e, E: HandledBy<C>>(
        &self,
        event: E,
        except: impl IntoIterator<Item = &'e ChannelName>,
    ) -> Result {
        self.runtime.block_on(self.inner.send_except(event, except))
    }

    /// As [`GroupRef::ask`].
    ///
    /// # Errors
    /// As there.
    pub fn ask<E: Event + HandledBy<C>>(&self, event: E, within: Duration) -> Result<Answers<E::Answer>> {
        self.runtime.block_on(self.inner.ask(event, within))
    }
}

impl BlockingGroupRef<'_, SeveralGroups> {
    #[doc(hidden)]
    pub fn send<E: ToSomeGroup>(&self, event: E) -> Result {
        self.runtime.block_on(self.inner.send(event))
    }

    #[doc(hidden)]
    pub fn send_to_others<E: ToSomeGroup>(&self, event: E) -> Result {
        self.runtime.block_on(self.inner.send_to_others(event))
    }

    #[doc(hidden)]
    pub fn send_except<E: ToSomeGroup, X>(&self, event: E, except: X) -> Result {
        self.runtime.block_on(self.inner.send_except(event, except))
    }

    #[doc(hidden)]
    pub fn ask<E: ToSomeGroup + Event>(&self, event: E, within: Duration) -> Result<Answers<E::Answer>> {
        self.runtime.block_on(self.inner.ask(event, within))
    }
}

impl<G> BlockingGroupRef<'_, G> {
    /// As [`GroupRef::name`].
    pub fn name(&self) -> Option<&GroupName> {
        self.inner.name()
    }
}
