//! The future of a message on its way into the layer.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use super::Channels;
use crate::{
    error::{Error, Result},
    layer::{LayerFuture, Reach},
    message::Message,
    names::{ChannelName, GroupName},
};

/// The future of a send to a group or a channel: done when the layer has taken the message.
///
/// A plain named future, so that a send of the wrong event is one error and not one per use of the future.
#[must_use = "the event is not sent before this is awaited; add `.await`"]
pub struct Sending(State);

enum State {
    ToGroup(Channels, GroupName, Message),
    ToChannel(Channels, ChannelName, Message),
    ToWork(Channels, ChannelName, Message),
    Failed(Error),
    ToGroupRunning(LayerFuture<Reach>),
    ToChannelRunning(LayerFuture),
    Done,
}

impl Sending {
    pub(crate) fn to_group(channels: Channels, group: GroupName, message: Message) -> Self {
        Self(State::ToGroup(channels, group, message))
    }

    pub(crate) fn to_channel(channels: Channels, channel: ChannelName, message: Message) -> Self {
        Self(State::ToChannel(channels, channel, message))
    }

    /// To an acknowledged channel.
    pub(crate) fn to_work(channels: Channels, channel: ChannelName, message: Message) -> Self {
        Self(State::ToWork(channels, channel, message))
    }

    pub(crate) fn failed(error: impl Into<Error>) -> Self {
        Self(State::Failed(error.into()))
    }
}

impl Future for Sending {
    type Output = Result;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result> {
        // Who sends in a loop lets others, and the sockets, have their turn now and then.
        let turn = ready!(tokio::task::coop::poll_proceed(context));
        turn.made_progress();
        loop {
            match std::mem::replace(&mut self.0, State::Done) {
                State::ToGroup(channels, group, message) => {
                    self.0 = State::ToGroupRunning(channels.layer().group_send(group, message));
                }
                State::ToChannel(channels, channel, message) => {
                    self.0 = State::ToChannelRunning(channels.layer().send(channel, message));
                }
                State::ToWork(channels, channel, message) => {
                    self.0 = State::ToChannelRunning(channels.put_work(channel, message));
                }
                State::Failed(error) => return Poll::Ready(Err(error)),
                State::ToGroupRunning(mut running) => match Pin::new(&mut running).poll(context) {
                    Poll::Ready(result) => return Poll::Ready(result.map(|_| ()).map_err(Error::from)),
                    Poll::Pending => {
                        self.0 = State::ToGroupRunning(running);
                        return Poll::Pending;
                    }
                },
                State::ToChannelRunning(mut running) => match Pin::new(&mut running).poll(context) {
                    Poll::Ready(result) => return Poll::Ready(result.map_err(Error::from)),
                    Poll::Pending => {
                        self.0 = State::ToChannelRunning(running);
                        return Poll::Pending;
                    }
                },
                State::Done => return Poll::Ready(Err(Error::msg("a send was polled after it was done"))),
            }
        }
    }
}

impl fmt::Debug for Sending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            State::ToGroup(_, group, message) => f.debug_tuple("ToGroup").field(group).field(message).finish(),
            State::ToChannel(_, channel, message) => f.debug_tuple("ToChannel").field(channel).field(message).finish(),
            State::ToWork(_, channel, message) => f.debug_tuple("ToWork").field(channel).field(message).finish(),
            State::Failed(error) => f.debug_tuple("Failed").field(error).finish(),
            State::ToGroupRunning(_) | State::ToChannelRunning(_) => f.write_str("Running"),
            State::Done => f.write_str("Done"),
        }
    }
}
