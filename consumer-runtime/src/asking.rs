//! Asking a connection, or all members of a group, and collecting what they answer.

use std::{
    any::TypeId,
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    channels::{Channels, Said},
    connection::{Connection, Question},
    error::{Answer, Error, Result},
    layer::{LayerError, LayerFuture},
    message::Message,
    names::{ChannelName, GroupName},
    outcome::{HandlerError, Outcome},
    worker::WorkerDeclaration,
};

/// What the handler of an event may return when the event's answer is `A`: `A`, or a `Result` of it.
///
/// The answer is the type in `#[event("presence.who", answer = Present)]`, and `()` where none is declared.
#[diagnostic::on_unimplemented(
    message = "this event is answered by `{A}`, not by `{Self}`",
    label = "not the declared answer",
    note = "the answer is declared by `#[event(\"..\", answer = ..)]` above the event's struct; without one it is `()`, and handlers return `Result` or nothing and send with `context.send(&value)`"
)]
pub trait AnswerOf<A> {
    #[doc(hidden)]
    fn into_outcome(self) -> Outcome;
}

impl<A: Serialize + 'static> AnswerOf<A> for A {
    fn into_outcome(self) -> Outcome {
        // Nothing is to be written for most events.
        if TypeId::of::<A>() == TypeId::of::<()>() { Outcome::Done } else { Outcome::value(&self) }
    }
}

impl<A: Serialize + 'static, E: HandlerError> AnswerOf<A> for Result<A, E> {
    fn into_outcome(self) -> Outcome {
        match self {
            Ok(answer) => answer.into_outcome(),
            Err(error) => Outcome::Failed(error.into_error()),
        }
    }
}

/// The answer of an event that a handler without `self` may handle, for all members at once.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "each member answers this event for itself, by `{Self}`",
    label = "its handler takes `self`",
    note = "write `async fn handler(&mut self, event: &.., context: &mut Context<Self>) -> {Self}`"
)]
pub trait NoValue {}

impl NoValue for () {}

/// Why a member has not answered with a value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum NoAnswer {
    /// Its handler returned an error; one that is not made for others is told as `internal`.
    Error(Answer),
    /// Its consumer has no handler for the event, or cannot read it.
    Unhandled,
    /// It went before it could answer: the connection closed, its queue was full, its handler panicked or closed it.
    Gone,
    /// It had not answered when the time was over.
    TimedOut,
    /// The client is asked in `#[connect]`, before it is there.
    TooEarly,
    /// It answered with a value of another form, as a client may, or a process of another version; or the value nests too
    /// deep to be read.
    Unreadable(String),
    /// The layer did not take the question.
    Layer(LayerError),
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(answer) => write!(f, "answered with an error: {answer}"),
            Self::Unhandled => f.write_str("has no handler for the event"),
            Self::Gone => f.write_str("went before it could answer"),
            Self::TimedOut => f.write_str("has not answered in time"),
            Self::TooEarly => f.write_str("cannot be asked before the connection is accepted"),
            Self::Unreadable(why) => write!(f, "its answer cannot be read: {why}"),
            Self::Layer(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NoAnswer {}

/// What one member of a group said.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MemberAnswer<T> {
    /// The member's channel.
    pub channel: ChannelName,
    /// Its answer.
    pub answer: Result<T, NoAnswer>,
}

/// What the members of a group answered until all had, or until the deadline.
///
/// ```
/// # use consumer_runtime::{Answers, prelude::*};
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct Present { user: String }
/// fn told(answers: Answers<Present>) {
///     match answers.missing() {
///         Some(0) => println!("that is everyone"),
///         Some(silent) => println!("{silent} did not answer in time"),
///         None => println!("whoever has not answered by now is not known to this layer"),
///     }
///     let users: Vec<String> = answers.values().map(|present| present.user).collect();
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Answers<T> {
    list: Vec<MemberAnswer<T>>,
    missing: Option<usize>,
}

impl<T> Answers<T> {
    /// How many members have not answered: `Some(0)` when all have, `None` when the layer does not know its members.
    ///
    /// A layer that lost a process counts that as one.
    pub fn missing(&self) -> Option<usize> {
        self.missing
    }

    /// Whether it is known that every member has answered, be it with an error.
    pub fn is_complete(&self) -> bool {
        self.missing == Some(0)
    }

    /// How many members have answered, be it with an error.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether nobody has answered.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Every answer, in the order in which they came.
    pub fn iter(&self) -> std::slice::Iter<'_, MemberAnswer<T>> {
        self.list.iter()
    }

    /// The values, without the errors.
    pub fn values(self) -> impl Iterator<Item = T> {
        self.list.into_iter().filter_map(|member| member.answer.ok())
    }
}

impl<T> IntoIterator for Answers<T> {
    type Item = MemberAnswer<T>;
    type IntoIter = std::vec::IntoIter<MemberAnswer<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Answers<T> {
    type Item = &'a MemberAnswer<T>;
    type IntoIter = std::slice::Iter<'a, MemberAnswer<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The future of a question: done when all answers are there, or the time is over.
///
/// Dropped before that, it asks no more, and answers that still come are dropped and counted.
#[must_use = "nothing is asked before it is awaited"]
pub struct Asking<T>(Pin<Box<dyn Future<Output = T> + Send>>);

impl<T> fmt::Debug for Asking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking").finish_non_exhaustive()
    }
}

impl<T> Future for Asking<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        self.0.as_mut().poll(context)
    }
}

impl<T: DeserializeOwned + Send + 'static> Asking<Result<Answers<T>>> {
    /// Asks the members of a group.
    pub(crate) fn group(
        channels: &Channels,
        group: Result<GroupName, impl Into<Error> + Send + 'static>,
        message: Result<Message, impl Into<Error> + Send + 'static>,
        within: Duration,
    ) -> Self {
        let channels = channels.clone();
        Self(Box::pin(async move {
            let (group, message) = (group.map_err(Into::into)?, message.map_err(Into::into)?);
            let asking = channels.local().ask();
            let message = message.with_reply_to(asking.name().clone());
            let asked = async {
                asking.ask().reached(channels.layer().group_send(group, message).await?);
                asking.ask().complete().await;
                Ok(())
            };
            // Out of time is no error: what came in counts.
            if let Ok(Err::<(), LayerError>(error)) = tokio::time::timeout(within, asked).await {
                return Err(error.into());
            }
            let heard = asking.ask().take();
            let missing = heard.missing();
            let list = heard.answers.into_iter();
            let list =
                list.map(|(channel, said)| MemberAnswer { channel, answer: said.and_then(|value| read(&value)) });
            Ok(Answers { list: list.collect(), missing })
        }))
    }
}

impl<T: DeserializeOwned + Send + 'static> Asking<Result<T, NoAnswer>> {
    /// Asks one channel.
    pub(crate) fn channel(channels: &Channels, channel: ChannelName, message: Message, within: Duration) -> Self {
        Self::one(channels, message, within, move |channels, message| channels.layer().send(channel, message))
    }

    /// Asks whichever worker takes the message first.
    pub(crate) fn work(channels: &Channels, to: WorkerDeclaration, message: Message, within: Duration) -> Self {
        Self::one(channels, message, within, move |channels, message| match to.channel_name() {
            Ok(channel) if to.acknowledged => channels.put_work(channel, message),
            Ok(channel) => channels.layer().send(channel, message),
            // The macro has checked it.
            Err(error) => LayerFuture::ready(Err(LayerError::Unsendable { reason: error.to_string() })),
        })
    }

    fn one(
        channels: &Channels,
        message: Message,
        within: Duration,
        send: impl FnOnce(&Channels, Message) -> LayerFuture + Send + 'static,
    ) -> Self {
        let channels = channels.clone();
        Self(Box::pin(async move {
            let asking = channels.local().ask();
            let message = message.with_reply_to(asking.name().clone());
            let asked = async {
                send(&channels, message).await.map_err(NoAnswer::Layer)?;
                asking.ask().first().await
            };
            let said: Said = tokio::time::timeout(within, asked).await.unwrap_or(Err(NoAnswer::TimedOut));
            said.and_then(|value| read(&value))
        }))
    }
}

impl<T: DeserializeOwned + Send + 'static> Asking<Result<T, NoAnswer>> {
    /// Asks the client of a connection.
    pub(crate) fn client<Q: Serialize>(connection: &Arc<Connection>, question: &Q, within: Duration) -> Self {
        let connection = Arc::clone(connection);
        // Before the connection knows of it, since how a question is written is the user's code.
        let question = to_raw_value(question).map_err(|error| NoAnswer::Unreadable(error.to_string()));
        Self(Box::pin(async move {
            let (question, Question { number, reply }) = (question?, connection.question()?);
            let _forget = Forget { connection: &connection, number };
            let mut frame = Some(connection.encode(Question::frame(number, &question)));
            let asked = async {
                poll_fn(|context| connection.poll_push(&mut frame, None, context)).await.map_err(|_| NoAnswer::Gone)?;
                // Its sender is dropped when no reply can come any more.
                reply.await.unwrap_or(Err(NoAnswer::Gone))
            };
            let said: Said = tokio::time::timeout(within, asked).await.unwrap_or(Err(NoAnswer::TimedOut));
            said.and_then(|value| read(&value))
        }))
    }
}

/// A question to a client is forgotten with its future.
struct Forget<'a> {
    connection: &'a Connection,
    number: u64,
}

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        self.connection.forget_question(self.number);
    }
}

fn read<T: DeserializeOwned>(value: &RawValue) -> Result<T, NoAnswer> {
    serde_json::from_str(value.get()).map_err(|error| NoAnswer::Unreadable(error.to_string()))
}
